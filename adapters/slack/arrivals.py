"""What every translation from Slack needs: where something was said, by whom, and our names for both.

Ids are made of what Slack calls the message itself, so a message that arrives as `message` and as `app_mention`, or again
under another event id, is one message. Every identity belongs to the team through which the app is installed, also that of
somebody from another organisation: Slack's user ids are unique across teams, and who may read is asked by that team.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from adapters.slack.payload import Json, flag, identifier, part, text
from bot.conversation import Conversation, ConversationKind, conversation_id
from bot.form import FormKind
from bot.ids import ConversationId, MessageId, WorkspaceId
from bot.person import Identity, identity_id

Support: TypeAlias = Callable[[str, str], WorkspaceId | None]
"""Team, channel → the workspace whose support channel it is, if any."""

NAME_LIMIT = 100
URL_LIMIT = 500
_HOME_TEAM = ("user_team", "source_team", "team", "team_id")


@dataclass(frozen=True, kw_only=True)
class Ignored:
    """An event that is acknowledged and goes no further."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What the translation of an interaction needs besides the payload."""

    support: Support
    answerable: Callable[[str], bool]
    """Which response URLs may be posted to."""
    received: datetime
    """When it came: most interactions carry no time."""

    def aside(self, body: Json, team: str, channel: str, user: str) -> Conversation:
        """Return what only `user` sees in `channel`, with the payload's response URL if it may be used."""
        return aside(team, channel, user, self.response_url(body))

    def response_url(self, document: Json) -> str:
        """Return the response URL in a document; empty when there is none that may be posted to."""
        url = text(document, "response_url", URL_LIMIT)
        return url if url.isascii() and url.isprintable() and self.answerable(url) else ""


@dataclass(frozen=True, kw_only=True)
class FormWish:
    """Somebody wants to see a form; it is shown at once and stored only when it is sent."""

    kind: FormKind
    who: Identity
    trigger: str
    """Slack's permission to open a modal: good once, for three seconds."""
    where: Conversation
    """Where the person is told what became of it."""
    subject: str = ""
    context: dict[str, str] = field(default_factory=dict)
    others: tuple[Identity, ...] = ()
    """Further people whom the form names."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where something was said."""

    team: str
    channel: str
    kind: ConversationKind
    workspace: WorkspaceId | None = None

    def conversation(self, thread: str | None) -> Conversation:
        """Return the conversation of a thread (a message outside of threads is the first of its own), or the whole chat."""
        return Conversation(
            id=conversation_id("slack", self.team, self.channel, thread),
            platform="slack",
            tenant=self.team,
            channel=self.channel,
            thread=thread,
            kind=self.kind,
            workspace=self.workspace,
        )

    def message_id(self, *rest: str) -> MessageId:
        """Return `slack:TEAM:CHANNEL:` and the rest."""
        return MessageId(":".join(("slack", self.team, self.channel, *rest)))


def spot(team: str, channel: str, channel_type: str, support: Support) -> Spot:
    """Return where `channel` is; without a `channel_type` (mentions, presses) a D tells a direct channel."""
    if channel_type == "im" or (not channel_type and channel.startswith("D")):
        return Spot(team=team, channel=channel, kind="direct")
    if (workspace := support(team, channel)) is not None:
        return Spot(team=team, channel=channel, kind="support", workspace=workspace)
    return Spot(team=team, channel=channel, kind="group" if channel_type == "mpim" else "channel")


def aside(team: str, channel: str, user: str, response_url: str = "") -> Conversation:
    """Return what only `user` sees in `channel`; a `channel` that is the user's id is the direct chat with Atom."""
    address = {"user": user} | ({"response_url": response_url} if response_url else {})
    return Conversation(
        id=ConversationId(f"{conversation_id('slack', team, channel)}:aside:{user}"),
        platform="slack",
        tenant=team,
        channel=channel,
        kind="aside",
        address=address,
    )


def author(where: Spot, user: str, said: Json) -> Identity:
    """Return who wrote or pressed; `said` is the message (or the user object of a press), which may tell more."""
    profile = part(said, "user_profile") or said
    names = (text(profile, key, NAME_LIMIT).strip() for key in ("display_name", "real_name", "name"))
    limited = any(flag(profile, key) for key in ("is_restricted", "is_ultra_restricted", "is_stranger"))
    return Identity(
        id=identity_id("slack", where.team, user),
        platform="slack",
        tenant=where.team,
        user=user,
        name=next(filter(None, names), ""),
        guest=limited or _from_elsewhere(where.team, said),
    )


def _from_elsewhere(team: str, said: Json) -> bool:
    homes = {identifier(said, key) for key in _HOME_TEAM}
    return any(home.startswith("T") and home != team for home in homes)
