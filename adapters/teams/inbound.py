"""From an activity to an `Arrival`, purely and without ever failing.

The token has been checked before; what is left is to say what was written, where, and by whom. A channel's thread is the root
message id in its conversation id (`19:…@thread.tacv2;messageid=ROOT`); `replyToId` decides nothing. Messages of bots, our own
included, and events that are not talk become None. What is said to Atom and reads as a command is one; Teams has no other
way to give it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from adapters.teams.attached import files_of
from adapters.teams.commands import corrected, is_command
from adapters.teams.connector import MARK, is_channel
from adapters.teams.markup import plain
from adapters.teams.pressing import press_of
from adapters.teams.quotes import own_words, quotes_of
from adapters.teams.reading import Json, identifier, inside, objects, string
from adapters.teams.tokens import tenant_of
from bot.conversation import Conversation, ConversationKind, conversation_id
from bot.ids import MessageId, WorkspaceId, derived_id
from bot.message import Arrival, Message, Press
from bot.person import Identity, identity_id

SupportChannels: TypeAlias = Callable[[str, str], WorkspaceId | None]
"""Gives the workspace whose support channel a (tenant, channel) is, or None."""
_KINDS: dict[str, Literal["text", "edited", "deleted"]] = {
    "message": "text",
    "messageUpdate": "edited",
    "messageDelete": "deleted",
}
_DISTINCT = ("value", "membersAdded", "membersRemoved", "channelData", "action")
"""What tells activities without an id apart that one person causes at one moment."""
_BOTS = frozenset({"bot", "skill"})


@dataclass(frozen=True, kw_only=True)
class Said:
    """What an activity says, before it is known where."""

    kind: Literal["text", "edited", "deleted", "press", "command", "opened"]
    text: str = ""
    press: Press | None = None
    to_atom: bool = False


def translate(activity: Json, *, support: SupportChannels, received: datetime) -> Arrival | None:
    """Return what `activity` means; None when it means nothing to the desk.

    `received` (aware) stands in for a time that the activity does not state.
    """
    author, conversation = author_of(activity), place_of(activity, support)
    said = _said(activity)
    if said is None or author is None or conversation is None:
        return None
    if said.kind == "opened" and conversation.kind != "direct":
        return None
    if inside(activity, "recipient").get("isTargeted") is True:
        conversation = _alone(conversation, author)
    to_atom = conversation.kind == "direct" or said.to_atom
    if to_atom and is_command(said.text):
        text = corrected(said.text) if said.kind == "edited" else said.text
        if text is None:
            return None
        said = replace(said, kind="edited" if said.kind == "edited" else "command", text=text)
    tenant, key = conversation.tenant, activity_id(activity)
    whole = ":".join(("teams", tenant, identifier(inside(activity, "conversation"), "id"), key))
    distinct = whole + _distinct(activity, said)  # an edit has the id of what it edits
    message = Message(
        id=MessageId(distinct),
        event_id=distinct,
        conversation_id=conversation.id,
        author_id=author.id,
        author_name=author.name,
        kind=said.kind,
        text=said.text,
        addresses_atom=to_atom,
        press=said.press,
        files=files_of(activity),
        at=_time(string(activity, "timestamp")) or received,
        post=key,
        quotes=quotes_of(activity) if said.kind == "text" else (),
    )
    return Arrival(message=message, conversation=conversation, author=author)


def _said(activity: Json) -> Said | None:
    kind = string(activity, "type")
    if kind == "invoke" or (kind == "message" and inside(activity, "value")):
        press = press_of(activity)
        if press is not None:
            return Said(kind="press", press=press)
    if _installed(activity):
        return Said(kind="opened")
    if kind not in _KINDS:
        return None
    if kind == "messageDelete":
        return Said(kind="deleted")
    text, to_atom = _text(activity)
    if not text and not to_atom and not files_of(activity):
        return None
    return Said(kind=_KINDS[kind], text=text, to_atom=to_atom)


def _installed(activity: Json) -> bool:
    """Tell whether somebody has just begun to have Atom: both kinds of event come, in any order."""
    if activity.get("type") == "installationUpdate":
        return identifier(activity, "action").startswith("add")
    bot = identifier(inside(activity, "recipient"), "id")
    added = {identifier(member, "id") for member in objects(activity, "membersAdded")}
    return activity.get("type") == "conversationUpdate" and bool(bot) and bot in added


def _text(activity: Json) -> tuple[str, bool]:
    bot = identifier(inside(activity, "recipient"), "id")
    mentions: list[tuple[str, str | None]] = []
    for entity in objects(activity, "entities"):
        if entity.get("type") == "mention":
            mentioned = inside(entity, "mentioned")
            name = None if bot and mentioned.get("id") == bot else string(mentioned, "name") or "somebody"
            mentions.append((string(entity, "text"), name))
    text = string(activity, "text", longest=200_000)
    return own_words(plain(text, mentions), activity), any(name is None for _, name in mentions)


def author_of(activity: Json) -> Identity | None:
    """Return who wrote or pressed; None for a bot and where nobody is named."""
    writer, recipient = inside(activity, "from"), inside(activity, "recipient")
    own, user = identifier(writer, "id"), identifier(writer, "aadObjectId").lower()
    if not own or own == identifier(recipient, "id") or own.startswith("28:") or string(writer, "role") in _BOTS:
        return None
    tenant, home = tenant_of(activity), identifier(writer, "tenantId").lower()
    return Identity(
        id=identity_id("teams", tenant, user or own),
        platform="teams",
        tenant=tenant,
        user=user or own,
        name=string(writer, "name", longest=200),
        guest=bool(home) and home != tenant,
    )


def place_of(activity: Json, support: SupportChannels) -> Conversation | None:
    """Return where something was said or pressed; a message outside of threads is the first of its own. None where that is not said."""
    about, tenant = inside(activity, "conversation"), tenant_of(activity)
    if not tenant or not identifier(about, "id"):
        return None
    channel, _, root = identifier(about, "id").partition(MARK)
    kind = string(about, "conversationType")
    in_channel = kind == "channel" or (not kind and is_channel(channel))
    workspace = support(tenant, channel) if in_channel else None
    thread = (root or (activity_id(activity) if activity.get("type") == "message" else "")) if in_channel else ""
    return Conversation(
        id=conversation_id("teams", tenant, channel, thread or None),
        platform="teams",
        tenant=tenant,
        channel=channel,
        thread=thread or None,
        kind=_kind(
            personal=kind == "personal" or channel.startswith("a:"), in_channel=in_channel, support=bool(workspace)
        ),
        workspace=workspace,
        address=_address(activity),
    )


def _alone(place: Conversation, who: Identity) -> Conversation:
    """Return the chat with `who` alone: words that only Atom sees where others talk are not answered before the others."""
    if place.kind == "direct":
        return place
    return Conversation(
        id=conversation_id("teams", place.tenant, who.user),
        platform="teams",
        tenant=place.tenant,
        channel=who.user,
        kind="direct",
        address=place.address,
    )


def _kind(*, personal: bool, in_channel: bool, support: bool) -> ConversationKind:
    if support:
        return "support"
    if in_channel:
        return "channel"
    return "direct" if personal else "group"


def _address(activity: Json) -> dict[str, str]:
    recipient, data = inside(activity, "recipient"), inside(activity, "channelData")
    known = {
        "service_url": identifier(activity, "serviceUrl"),
        "bot_id": identifier(recipient, "id"),
        "bot_name": string(recipient, "name", longest=200),
        "team_id": identifier(inside(data, "team"), "id"),
    }
    return {key: value for key, value in known.items() if value}


def activity_id(activity: Json) -> str:
    """Return the activity's id, or one that is the same whenever the activity is."""
    if key := identifier(activity, "id"):
        return key
    parts = (identifier(inside(activity, "from"), "id"), string(activity, "timestamp"), string(activity, "text"))
    return derived_id(*parts, repr([activity.get(name) for name in _DISTINCT])[:100_000])


def _distinct(activity: Json, said: Said) -> str:
    if said.kind in {"text", "press", "command"}:
        return ""
    return f":{said.kind}:{derived_id(string(activity, 'timestamp'), said.text)}"


def _time(text: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
