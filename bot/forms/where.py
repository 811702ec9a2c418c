"""Where the requester of a form is told: in the thread of a message, or in one of their own.

Who opens a request from somebody's message chooses. In the message's thread its whole channel reads along, which is not everybody's
wish for their own trouble, so what is suggested for somebody else is their chat with Atom. A thread is used only for the
requester's own message and where Atom can write, and never a private support channel, whatever comes back with a form.
"""

from bot.conversation import Conversation, ConversationKind, conversation_id
from bot.desk.desk import Desk
from bot.desk.own_thread import own_thread
from bot.form import Choice, Field
from bot.forms.sheet import Asked, Sent
from bot.ids import RequestId
from bot.message import Message
from bot.person import Identity
from bot.ports import Reader, UnitOfWork
from bot.wording import forms as wording

ANSWER_IN = "answer_in"
_THREAD, _OWN = "thread", "own"
_TOGETHER: tuple[ConversationKind, ...] = ("direct", "group", "channel", "support")
"""Kinds of place where several read the same: an aside lies in a channel, but is none."""


def where_asked(asked: Asked, writer: Identity | None) -> tuple[Field, ...]:
    """Return the question where to answer, for a message whose thread Atom can write in."""
    if writer is None or asked.context.get("reachable") != "yes":
        return ()
    own = writer.person_id == asked.person.id
    field = Field(
        name=ANSWER_IN,
        label=wording.ANSWER_IN,
        kind="choice",
        choices=(Choice(value=_OWN, label=wording.IN_OWN_CHAT), Choice(value=_THREAD, label=wording.IN_THREAD)),
        initial=_THREAD if own else _OWN,
    )
    return (field,)


async def kept_for_colleagues(reader: Reader, desk: Desk, channel: str) -> bool:
    """Tell whether a message's channel is, or once was, kept for colleagues: what is said there is not for a requester."""
    if not channel:
        return False
    named = any(_private(desk, platform, channel) for platform in desk.platforms)
    return named or bool(await reader.find(Conversation, channel=channel, kind="support", limit=1))


async def place_of(uow: UnitOfWork, desk: Desk, sent: Sent, whom: Identity, key: RequestId) -> Conversation:
    """Return where the requester is told: the thread of their own message, if that was chosen, else one of their own."""
    said = sent.form.context
    channel, thread = said.get("channel", ""), said.get("thread", "")
    chosen = sent.value(ANSWER_IN) == _THREAD and said.get("reachable") == "yes"
    theirs = chosen and said.get("message_author") == whom.id and channel and thread
    kind = await _kind_of(uow, desk, whom, channel) if theirs else None
    if kind is None:
        return await own_thread(uow, key, whom)
    named = conversation_id(whom.platform, whom.tenant, channel, thread)
    known = await uow.get(Conversation, named)
    if known is not None:
        return known
    place = Conversation(
        id=named, platform=whom.platform, tenant=whom.tenant, channel=channel, thread=thread, kind=kind
    )
    await uow.add(place)
    return place


async def _kind_of(uow: UnitOfWork, desk: Desk, whom: Identity, channel: str) -> ConversationKind | None:
    """Return what kind of place a channel is; None when the requester must not be told there.

    That is so in a private support channel, and in a chat of a few people in which they never wrote.
    """
    if _private(desk, whom.platform, channel):
        return None
    near = await uow.find(
        Conversation, limit=1, platform=whom.platform, tenant=whom.tenant, channel=channel, kind=_TOGETHER
    )
    kind = near[0].kind if near else "channel"
    if kind in {"direct", "group"}:
        wrote = await uow.find(Message, conversation_id=near[0].id, author_id=whom.id, limit=1)
        return kind if wrote else None
    return kind if kind == "channel" else None


def _private(desk: Desk, platform: str, channel: str) -> bool:
    """Tell whether a channel is kept for colleagues, where no requester is to be spoken to."""
    return any(
        channel in {item.support_channels.get(platform), item.restricted_channels.get(platform)}
        for item in desk.directory.workspaces()
    )
