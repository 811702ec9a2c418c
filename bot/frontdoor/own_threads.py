"""Recognising a thread that Deskmate began itself in somebody's direct chat.

Such a thread is stored by the person's user id (`bot.desk.own_thread`), while what they write in it comes from the channel of the direct
chat. The two are matched by platform, tenant, the author's own user id and the thread, and only in a direct chat: so nobody but
that person is ever led to it.
"""

from bot.conversation import Conversation
from bot.ids import IdentityId, RequestId
from bot.person import Identity
from bot.ports import Reader

_BEGINS = "request:"


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
    return next((item for item in found if item.id.startswith(_BEGINS)), None)


def requests_of(thread: Conversation) -> tuple[RequestId, ...]:
    """Return the requests of such a thread: those that were opened there, and the one that it was begun for."""
    begun_for = RequestId(thread.id.split(":")[1])
    return thread.request_ids if begun_for in thread.request_ids else (begun_for, *thread.request_ids)
