"""From Slack's announcements of who can read where to ours, purely: the same payload gives the same change, and none makes this raise.

Private notes that stand in a channel can be read by whoever joins it later, and a person may become a guest while they are in it.
Slack announces both; what is announced is never believed further than that something changed: who can read is asked anew. What
Slack tells of other channels than those of support is translated like the rest; whether it matters is not decided here.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from adapters.slack.arrivals import NAME_LIMIT
from adapters.slack.payload import Json, flag, identifier, moment, part, parts, team_of, text, ts
from bot.conversation import Place
from bot.person import Identity, identity_id
from bot.readership import AudienceChange, What

ABOUT_CHANNELS: dict[str, What] = {
    "channel_archive": "archived",
    "group_archive": "archived",
    "channel_unarchive": "unarchived",
    "group_unarchive": "unarchived",
    "channel_left": "atom_left",
    "group_left": "atom_left",
    "channel_shared": "shared",
    "channel_unshared": "unshared",
}
"""Events about a channel as such."""
ABOUT_MEMBERS: dict[str, What] = {"member_joined_channel": "joined", "member_left_channel": "left"}
"""Events about somebody in a channel."""
ABOUT_PEOPLE = frozenset({"user_change"})
"""Events about somebody wherever they are."""
SUBTYPES: dict[str, What] = {
    "channel_convert_to_public": "made_public",
    "channel_convert_to_private": "made_private",
}
"""Announcements that come as a message in the channel."""
EVENTS = frozenset({*ABOUT_CHANNELS, *ABOUT_MEMBERS, *ABOUT_PEOPLE})
"""What must be subscribed to besides messages."""

_GUEST = ("is_restricted", "is_ultra_restricted", "is_stranger")


@dataclass(frozen=True, kw_only=True)
class Membership:
    """Takes what Slack announces: forgets what was remembered of the user, and passes the change on before Slack is answered."""

    changes: Callable[[AudienceChange], Awaitable[None]]
    """Handles a change durably; raises `TemporaryError` when it cannot now, so that Slack repeats it."""
    forget: Callable[[str], None]
    """Drops what is remembered of a Slack user."""
    bot_user: Callable[[], str]
    """Our own user id; empty while it is not known."""

    async def take(self, body: Json) -> None:
        """Take a payload that is no message; one that changes no audience is left alone."""
        user = changed_user(body)
        if user:
            self.forget(user)
        found = change(body, bot_user=self.bot_user())
        if found is not None:
            await self.changes(found)


async def unheeded(_: AudienceChange) -> None:
    """Take a change and do nothing: where nobody keeps private notes."""


def change(body: Json, *, bot_user: str = "") -> AudienceChange | None:
    """Return what a payload of the Events API announces; None for everything that changes no audience.

    `bot_user` is our own user id as auth.test gave it; the ids under `authorizations` count as ours too.
    """
    event, team = part(body, "event"), team_of(body)
    if text(body, "type", 40) != "event_callback" or not team:
        return None
    kind = text(event, "type", 40)
    if kind in ABOUT_PEOPLE:
        return _of_person(body, event, team)
    channel = identifier(event, "channel")
    if not channel:
        return None
    what = ABOUT_CHANNELS.get(kind) or ABOUT_MEMBERS.get(kind)
    if kind == "message":
        what = SUBTYPES.get(text(event, "subtype", 40))
    if what is None:
        return None
    place = Place(platform="slack", tenant=team, channel=channel, kind="support")
    if what not in {"joined", "left"}:
        return AudienceChange(key=_key(body, event), what=what, place=place)
    user = identifier(event, "user")
    if not user:
        return None
    if user in {bot_user, *_bot_users(body)}:
        return AudienceChange(
            key=_key(body, event), what="atom_joined" if what == "joined" else "atom_left", place=place
        )
    return AudienceChange(key=_key(body, event), what=what, place=place, identity=_identity(team, user))


def changed_user(body: Json) -> str:
    """Return the Slack user of whom something was announced, so that what is remembered of them is forgotten; empty for nobody."""
    event = part(body, "event")
    kind = text(event, "type", 40)
    if kind in ABOUT_PEOPLE:
        return identifier(part(event, "user"), "id")
    return identifier(event, "user") if kind in ABOUT_MEMBERS else ""


def _of_person(body: Json, event: Json, team: str) -> AudienceChange | None:
    """Return that somebody is a guest or gone now; what else people change about themselves changes no audience."""
    user = part(event, "user")
    key = identifier(user, "id")
    guest, gone = any(flag(user, name) for name in _GUEST), flag(user, "deleted")
    if not key or not (guest or gone):
        return None
    named = (text(part(user, "profile"), name, NAME_LIMIT).strip() for name in ("display_name", "real_name"))
    who = _identity(team, key, name=next(filter(None, named), ""))
    return AudienceChange(key=_key(body, event), what="gone" if gone else "guest", identity=who)


def _identity(team: str, user: str, *, name: str = "") -> Identity:
    return Identity(id=identity_id("slack", team, user), platform="slack", tenant=team, user=user, name=name)


def _key(body: Json, event: Json) -> str:
    """Return what makes the announcement distinct: Slack's id of the event, or its moment where there is none."""
    stamp = ts(event, "event_ts")
    return identifier(body, "event_id") or (moment(stamp).isoformat() if stamp else "")


def _bot_users(body: Json) -> set[str]:
    return {identifier(item, "user_id") for item in parts(body, "authorizations") if flag(item, "is_bot")}
