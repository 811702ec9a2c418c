"""The thread with one person that Deskmate begins itself: for a form, a command, or somebody who is to be kept informed.

A request that no message began has no thread to reply in, so its first reply is a header whose post begins one in the person's own
chat with Atom. The conversation exists before that post, so that further replies queue behind it.

It is stored by the person's user id, while what they write in it comes from the channel of the direct chat. The two are matched by
platform, tenant, the author's own user id and the thread, and only in a direct chat: so nobody but that person is ever led to it.
"""

from bot.conversation import Conversation
from bot.ids import ConversationId, IdentityId, RequestId
from bot.person import Identity, Platform
from bot.ports import Reader, UnitOfWork

_BEGINS = "request:"
UNTHREADED: frozenset[Platform] = frozenset({"teams"})
"""Platforms whose personal chats have no threads: what stands in them is told apart by quotes (see `bot/desk/quoting.py`)."""


async def own_thread(uow: UnitOfWork, request_id: str, identity: Identity) -> Conversation:
    """Return the request's thread in the direct chat of `identity`, stored; the first reply queued there begins it.

    It may be stored before the request is: the caller opens the request in it with `open_request`, in the same transaction.
    """
    key = ConversationId(f"{_BEGINS}{request_id}:{identity.platform}:{identity.user}")
    known = await uow.get(Conversation, key)
    if known is not None:
        return known
    thread = Conversation(
        id=key,
        platform=identity.platform,
        tenant=identity.tenant,
        channel=identity.user,
        kind="direct",
        request_ids=(RequestId(request_id),),
    )
    await uow.add(thread)
    return thread


def begun_by_us(conversation: Conversation) -> bool:
    """Tell whether this is a thread that Deskmate begins itself."""
    return conversation.id.startswith(_BEGINS)


def unbegun(conversation: Conversation) -> bool:
    """Tell whether this is a thread that Deskmate begins itself and that has no first post yet."""
    return begun_by_us(conversation) and conversation.thread is None


async def own_thread_at(reader: Reader, conversation: Conversation, author: IdentityId) -> Conversation | None:
    """Return the thread of a request that stands where `author` writes; None when there is none."""
    if conversation.kind != "direct" or conversation.thread is None:
        return None
    who = await reader.get(Identity, author)
    if who is None or (who.platform, who.tenant) != (conversation.platform, conversation.tenant):
        return None
    found = await reader.find(
        Conversation,
        platform=who.platform,
        tenant=who.tenant,
        channel=who.user,
        thread=conversation.thread,
        kind="direct",
    )
    return next((item for item in found if begun_by_us(item)), None)


def requests_of(thread: Conversation) -> tuple[RequestId, ...]:
    """Return the requests of such a thread: those that were opened there, and the one that it was begun for."""
    begun_for = RequestId(thread.id.split(":")[1])
    return thread.request_ids if begun_for in thread.request_ids else (begun_for, *thread.request_ids)
