"""The thread with one person that Deskmate begins itself: for a form, a command, or somebody who is to be kept informed.

A request that no message began has no thread to reply in, so its first reply is a header whose post begins one in the person's own
chat with Atom. The conversation exists before that post, so that further replies queue behind it.
"""

from bot.conversation import Conversation
from bot.ids import ConversationId, RequestId
from bot.person import Identity
from bot.ports import UnitOfWork

_BEGINS = "request:"


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


def unbegun(conversation: Conversation) -> bool:
    """Tell whether this is a thread that Deskmate begins itself and that has no first post yet."""
    return conversation.id.startswith(_BEGINS) and conversation.thread is None
