"""Telling one person something about what they did, where they did it, without content that others may not read.

Where others read along an aside is used: there and seen by that person alone, where the platform can show that, and else in their own
chat with Atom. In a direct chat it is the chat itself.
"""

from bot.conversation import Conversation
from bot.desk.desk import Desk
from bot.desk.posting import post
from bot.ids import ConversationId, IdentityId
from bot.labels import Visibility
from bot.person import Identity
from bot.ports import UnitOfWork
from bot.reply import Button

_IN_PLACE = frozenset({"slack"})
"""Platforms that show a text to one person alone where others read."""
_OWN_CHAT = frozenset({"teams"})
"""Platforms on which such a text goes to the person's own chat."""


async def aside(uow: UnitOfWork, conversation: Conversation, who: IdentityId) -> Conversation:
    """Return where `who` alone is told something in the place of `conversation`, stored."""
    identity = await uow.get(Identity, who)
    if identity is None or conversation.kind not in {"channel", "group"}:
        return conversation
    if conversation.platform not in _IN_PLACE | _OWN_CHAT:
        return conversation
    channel = conversation.channel if conversation.platform in _IN_PLACE else identity.user
    key = f"{conversation.platform}:{conversation.tenant}:{channel}:aside:{identity.user}"
    known = await uow.get(Conversation, key)
    if known is not None:
        return known
    place = Conversation(
        id=ConversationId(key),
        platform=conversation.platform,
        tenant=conversation.tenant,
        channel=channel,
        kind="aside",
        address={"user": identity.user},
    )
    await uow.add(place)
    return place


async def whisper(
    uow: UnitOfWork,
    desk: Desk,
    conversation: Conversation,
    who: IdentityId,
    text: str,
    *,
    cause: str,
    buttons: tuple[Button, ...] = (),
) -> None:
    """Queue `text` for `who`, in the place of `conversation`."""
    place = await aside(uow, conversation, who)
    private = conversation.kind == "support"
    await post(
        uow,
        desk,
        place.id,
        text,
        cause=cause,
        visibility=Visibility.PRIVATE if private else Visibility.PUBLIC,
        kind="notice" if private else "talk",
        buttons=buttons,
    )
