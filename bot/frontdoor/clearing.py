"""Taking back the sign that work goes on, when none does.

Whoever writes is shown at once that they are heard. That is taken back when the conversation comes to rest: nothing waits to be read there
and no run of Atom's goes on. Since no mailbox is left without coming to rest, it holds whatever became of the words: answered elsewhere,
refused, stopped, or given up. A post that follows takes the sign's place by itself.
"""

from bot.desk.desk import Desk
from bot.desk.posting import post
from bot.ids import ConversationId
from bot.labels import Visibility
from bot.ports import Reader, UnitOfWork
from bot.reply import SHOWN, Reply, ReplyKind

_LATEST = 5
_KINDS: tuple[ReplyKind, ...] = ("note", "talk", "header", "card", "notice", "status")


async def shown_at(reader: Reader, conversation: ConversationId) -> Reply | None:
    """Return the sign that a conversation is left with; None when it shows none, or a post has followed."""
    latest = await reader.find(Reply, conversation_id=conversation, kind=_KINDS, newest=True, limit=_LATEST)
    last = next((item for item in latest if item.kind in SHOWN or _stands(item)), None)
    return last if last is not None and last.kind == "status" and last.text else None


def _stands(reply: Reply) -> bool:
    """Tell whether a post of its own comes of the reply: a change in place takes no sign back."""
    return reply.replaces is None and reply.state not in {"parked", "dropped"}


async def clear(uow: UnitOfWork, desk: Desk, sign: Reply) -> None:
    """Queue that nothing goes on any more; once for each sign."""
    await post(
        uow, desk, sign.conversation_id, "", cause=f"rested:{sign.id}", visibility=Visibility.PUBLIC, kind="status"
    )
