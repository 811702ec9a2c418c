"""The card as it stands under a post: what a platform may show again to whoever looks at an old one.

Nothing is stored and nobody is asked. The id of a reply comes from the client and proves nothing, so it is answered only for a reply that
was confirmed under that very post of that very place: whoever asks there has it before them, and of a private one `Surfaces` asks
whether they still read there. Shown is the version that was confirmed last, never one that is queued, held or parked, since the
firewall has not let that one pass there. While a newer version is on its way to the platform nobody knows which of the two is on
the screen; to show the older one then could put it over the newer. What stands under a note about its request is told as it is
now, as it is at each post.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.conversation import Conversation
from bot.delivering import UNSENT, standing
from bot.desk.desk import Desk
from bot.desk.standing import as_it_is_now
from bot.ids import MessageId, ReplyId
from bot.mail import Mail, Said
from bot.mailroom import Bell, new_mail
from bot.person import Identity
from bot.ports import Reader
from bot.reply import Reply
from bot.request import Request

CardState = Literal["stands", "waits", "moving"]


@dataclass(frozen=True, kw_only=True)
class CardAsk:
    """Somebody looks at a card of ours, or has pressed one of its buttons."""

    reply: ReplyId
    """As the client says."""
    place: Conversation
    """Where, as the platform says."""
    who: Identity
    post: str
    """The platform's id of the post that holds the card."""
    deed: MessageId | None = None
    """The press that should have been worked, where there was one."""


@dataclass(frozen=True, kw_only=True)
class StandingCard:
    """What may be shown."""

    reply: Reply
    """The version that was confirmed last."""
    state: CardState
    """`waits`: the press is not worked yet, or something newer is queued; `moving`: something newer may already be on the screen."""


async def standing_card(reader: Reader, desk: Desk, ask: CardAsk) -> StandingCard | None:
    """Return the card under the post that was asked about; None when the reply does not stand there."""
    named = await reader.get(Reply, ask.reply)
    if named is None or named.state != "sent" or not ask.post or named.post != ask.post:
        return None
    conversation = await reader.get(Conversation, named.conversation_id)
    if conversation is None or not _is_there(conversation, ask):
        return None
    versions = await reader.find(Reply, conversation_id=conversation.id, state="sent", post=ask.post)
    latest = max(reversed(versions), key=lambda version: version.sent_at or version.at)
    state = await _state(reader, desk, ask, conversation)
    return StandingCard(reply=await _told_now(reader, desk, latest), state=state)


def _is_there(stored: Conversation, ask: CardAsk) -> bool:
    """Tell whether a stored conversation is the place where the card was asked for.

    What concerns one person alone is addressed to their account, and stands in their own chat; a thread that a post has begun
    is named by that post.
    """
    place = ask.place
    if (stored.platform, stored.tenant) != (place.platform, place.tenant):
        return False
    if place.kind == "direct":
        return stored.channel in {place.channel, ask.who.user} and stored.thread == place.thread
    return stored.channel == place.channel and place.thread in {stored.thread, stored.thread or ask.post}


async def _state(reader: Reader, desk: Desk, ask: CardAsk, conversation: Conversation) -> CardState:
    unsent = await reader.find(Reply, conversation_id=conversation.id, state=UNSENT)
    newer = [item for item in unsent if item.replaces and await standing(reader, item) == ask.post]
    if any(item.state == "sending" or item.attempts for item in newer):
        return "moving"
    if any(item.state == "queued" for item in newer):
        return "waits"
    return "stands" if ask.deed is None or await _worked(reader, desk, ask.deed, ask.place) else "waits"


async def _worked(reader: Reader, desk: Desk, deed: MessageId, place: Conversation) -> bool:
    """Tell whether a press has been worked; whatever changes the card was queued in the same transaction."""
    bell = Bell(kind="conversation", subject=place.id)
    mail = await reader.get(Mail, new_mail(bell, Said(message_id=deed), desk.now(), cause=deed).id)
    return mail is not None and mail.taken_by is not None


async def _told_now(reader: Reader, desk: Desk, reply: Reply) -> Reply:
    """Return the reply with what stands under it now, where its request's public notes are told; elsewhere as it was posted."""
    found: Sequence[Request] = await reader.find(Request, id=reply.request_id, limit=1) if reply.request_id else ()
    told_here = bool(found) and found[0].conversation_id == reply.conversation_id
    return await as_it_is_now(reader, desk, reply) if told_here else reply
