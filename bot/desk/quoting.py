"""Which request somebody means in a chat without threads, where a quote or what they were asked tells it.

Who quotes a post of Atom about one request, or a message that led to one, replies to that request. The ids that a quote names come
from the sender's client and prove nothing: they are looked for only among what stands in the same chat, and whoever has nothing to do
with the request is left to Atom. Where several people talk, words that neither quote nor mention Atom are theirs, but for
one thing: the answer of somebody whom a request waits for.
"""

from collections.abc import Sequence

from bot.conversation import Conversation
from bot.desk.own_thread import begun_by_us
from bot.desk.provenance import requests_from
from bot.ids import IdentityId, RequestId
from bot.labels import Visibility
from bot.message import Message
from bot.person import Identity, Person
from bot.ports import Reader
from bot.reply import Reply
from bot.request import FINAL, Request


async def concerns_us(reader: Reader, chat: Conversation, message: Message) -> bool:
    """Tell whether words that were not said to Atom are for it all the same, in a chat of several people in which requests were opened."""
    if message.kind != "text" or chat.thread is not None or chat.kind != "group":
        return True
    if message.quotes:
        return bool(await quoted_requests(reader, chat, message))
    who = await reader.get(Identity, message.author_id)
    waiting = await reader.find(Request, id=list(chat.request_ids), status="pending")
    return who is not None and any(who.person_id in {item.requester, item.author} for item in waiting)


async def meant(
    reader: Reader, chat: Conversation, message: Message, person: Person
) -> tuple[Request, Conversation] | None:
    """Return the request that a message in a chat without threads replies to, and where that was spoken of; None when Atom has to judge."""
    if chat.thread is not None or message.kind != "text":
        return None
    if message.quotes:
        found = await _quoted(reader, chat, message)
        one = found[0] if len({request.id for request, _ in found}) == 1 else None
        return one if one is not None and _may_reply(one[0], chat, person) else None
    if chat.kind != "group" or message.addresses_atom:
        return None
    asked = await _asked_last(reader, chat, person)
    return (asked, chat) if asked is not None else None


async def quoted_requests(reader: Reader, chat: Conversation, message: Message) -> list[Request]:
    """Return the requests that a message's quotes are about, whoever may reply to them."""
    if chat.thread is not None or not message.quotes:
        return []
    return [request for request, _ in await _quoted(reader, chat, message)]


def _may_reply(request: Request, chat: Conversation, person: Person) -> bool:
    """Tell whether somebody's words may become part of a request: in a chat of several, that of the chat; alone, one they take part in."""
    if chat.kind != "direct":
        return request.conversation_id == chat.id
    return person.id in {request.requester, request.author, *request.followers}


async def _asked_last(reader: Reader, chat: Conversation, person: Person) -> Request | None:
    """Return the request of `person` in this chat about which something was posted last; one that waits for them comes first."""
    requests = await reader.find(Request, id=list(chat.request_ids))
    own = {
        item.id: item for item in requests if person.id in {item.requester, item.author} and item.status not in FINAL
    }
    waiting = {key: item for key, item in own.items() if item.status == "pending"} or own
    if not waiting:
        return None
    last = await reader.find(Reply, conversation_id=chat.id, request_id=list(waiting), newest=True, limit=1)
    key = last[0].request_id if last else None
    return waiting[key] if key is not None else next(iter(waiting.values()))


async def _quoted(reader: Reader, chat: Conversation, message: Message) -> list[tuple[Request, Conversation]]:
    """Return the requests that the quoted posts are about, each with the conversation in which the post stands."""
    places = {item.id: item for item in await _conversations(reader, chat, message.author_id)}
    posts = await reader.find(
        Reply, conversation_id=list(places), post=list(message.quotes), visibility=Visibility.PUBLIC, newest=True
    )
    found: dict[RequestId, Conversation] = {}
    for reply in posts:
        if reply.request_id is not None:
            found.setdefault(reply.request_id, places[reply.conversation_id])
    told = [(item, found[item.id]) for item in await reader.find(Request, id=list(found))] if found else []
    if told or posts:
        return told
    said = await reader.find(Message, conversation_id=chat.id, post=list(message.quotes), kind=("text", "command"))
    led = [request for item in said for request in await requests_from(reader, chat, item)]
    return [(request, chat) for request in led]


async def _conversations(reader: Reader, chat: Conversation, author: IdentityId) -> Sequence[Conversation]:
    """Return the conversations that stand in the same chat: it, and in a personal one those that Atom began there itself."""
    who = await reader.get(Identity, author)
    if chat.kind != "direct" or who is None:
        return [chat]
    begun = await reader.find(Conversation, platform=chat.platform, tenant=chat.tenant, channel=who.user, kind="direct")
    return [chat, *(item for item in begun if begun_by_us(item) and item.thread is None)]
