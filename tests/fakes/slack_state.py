"""What a Slack workspace remembers: people, channels, who is in them, and every message.

The Web API reads and changes this, and so do the people whom a test lets speak. Timestamps are what Slack makes of
them: a message's identity within its channel, unique and rising. Messages are kept in Slack's own JSON, because that is
what callers get to see.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import count

from tests.fakes.faults import JsonObject

TEAM = "T0DESK"
BOT_USER = "U0ATOM"
BOT = "B0ATOM"
APP = "A0ATOM"


class RefusalError(LookupError):
    """Slack answers `ok: false` with this error."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


@dataclass(frozen=True, kw_only=True)
class User:
    """Somebody in Slack; the fields are Slack's own."""

    id: str
    name: str
    email: str | None
    is_bot: bool = False
    is_restricted: bool = False
    """A multi-channel guest."""
    is_ultra_restricted: bool = False
    """A single-channel guest."""
    is_stranger: bool = False
    """From another organisation, and in no channel with the bot."""
    team_id: str = TEAM
    deleted: bool = False
    tz: str = "Europe/London"
    locale: str = "en-GB"

    def as_slack(self, home: str = TEAM) -> JsonObject:
        """Give the user object of users.info as the team `home` is shown it."""
        profile = {"real_name": self.name, "display_name": self.name}
        if self.email is not None:
            profile["email"] = self.email
        document = {name: getattr(self, name) for name in ("id", "team_id", "deleted", "is_bot", "tz", "locale")}
        guest = {"is_restricted": self.is_restricted, "is_ultra_restricted": self.is_ultra_restricted}
        if self.team_id != home:
            guest["is_stranger"] = self.is_stranger
        names = {"name": self.name.lower().replace(" ", "."), "real_name": self.name}
        return {**document, **guest, **names, "profile": {**profile, "team": self.team_id}}


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A conversation: public, private, direct, or shared with another organisation."""

    id: str
    name: str
    members: tuple[str, ...]
    is_private: bool = False
    is_im: bool = False
    is_mpim: bool = False
    is_ext_shared: bool = False
    is_archived: bool = False

    @property
    def type(self) -> str:
        """What users.conversations calls its kind."""
        if self.is_im or self.is_mpim:
            return "im" if self.is_im else "mpim"
        return "private_channel" if self.is_private else "public_channel"

    def as_slack(self, team: str = TEAM, bot_user: str = BOT_USER) -> JsonObject:
        """Give the channel object of conversations.info, as the bot of `team` sees it."""
        document: JsonObject = {"id": self.id, "is_im": self.is_im, "is_archived": self.is_archived}
        if self.is_im:
            other = [member for member in self.members if member != bot_user]
            return {**document, "user": other[0], "is_org_shared": False, "context_team_id": team}
        kind = {"is_channel": not self.is_private, "is_group": self.is_private, "is_mpim": self.is_mpim}
        shared = {"is_ext_shared": self.is_ext_shared, "is_shared": self.is_ext_shared, "is_org_shared": False}
        rest = {"name": self.name, "is_private": self.is_private, "is_member": bot_user in self.members}
        return {**document, **kind, **shared, **rest, "is_general": False, "context_team_id": team}


@dataclass(kw_only=True)
class Workspace:
    """One Slack team and all that was said in it."""

    team: str = TEAM
    name: str = "Desk"
    enterprise: str | None = None
    """The Enterprise Grid organisation that the team belongs to."""
    bot_user: str = BOT_USER
    bot: str = BOT
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, dict[str, JsonObject]] = field(default_factory=dict)
    """By channel and timestamp, in the order in which they were posted."""
    ephemerals: list[JsonObject] = field(default_factory=list)
    statuses: list[JsonObject] = field(default_factory=list)
    """What assistant.threads.setStatus was given, in order."""
    views: dict[str, JsonObject] = field(default_factory=dict)
    homes: dict[str, JsonObject] = field(default_factory=dict)
    """The published App Home per user."""
    stacks: dict[str, list[str]] = field(default_factory=dict)
    """The views that each user has open, by id, the one on top last."""
    triggers: dict[str, tuple[str, float]] = field(default_factory=dict)
    """Whose each trigger_id is, and when it expires on the monotonic clock."""
    threads: dict[tuple[str, str], JsonObject] = field(default_factory=dict)
    """By channel and thread: `status`, `title`, `prompts` as assistant.threads.* left them, `session` and `session_title`."""
    files: dict[str, JsonObject] = field(default_factory=dict)
    """By id, in Slack's shape; what is in them is in `contents`."""
    contents: dict[str, bytes] = field(default_factory=dict)
    streams: dict[str, float] = field(default_factory=dict)
    """When each streamed message stops taking text, on the monotonic clock."""
    stream_seconds: float = 300
    page_size: int = 1000
    """The most that any list gives at once, whatever the caller asks for."""
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    _last_ts: int = 0

    def __post_init__(self) -> None:
        self.users[self.bot_user] = User(id=self.bot_user, name="Atom", email=None, is_bot=True, team_id=self.team)

    def next_ts(self) -> str:
        """Give a timestamp later than every one before."""
        self._last_ts = max(self._last_ts + 1, time.time_ns() // 1000)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def channel(self, channel: str) -> Channel:
        """Give the channel, where the bot can see it; Refusal channel_not_found otherwise."""
        found = self.channels.get(channel)
        if found is None or (found.is_private and not found.is_im and self.bot_user not in found.members):
            raise RefusalError("channel_not_found")
        return found

    def writable(self, channel: str) -> Channel:
        """Give the channel, where the bot may write in it; a user's id stands for the direct channel with that user."""
        found = self.direct(channel) if channel in self.users else self.channel(channel)
        if found.is_archived:
            raise RefusalError("is_archived")
        if self.bot_user not in found.members:
            raise RefusalError("not_in_channel")
        return found

    def direct(self, user: str) -> Channel:
        """Give the direct channel between the bot and a user, opened where there is none."""
        members = (user, self.bot_user)
        for channel in self.channels.values():
            if channel.is_im and channel.members == members:
                return channel
        opened = Channel(id=f"D{user[1:]}", name="", members=members, is_private=True, is_im=True)
        self.channels[opened.id] = opened
        return opened

    def change(self, channel: str, **fields: object) -> None:
        """Change fields of a channel, such as `members` or `is_archived`."""
        changed: Channel = replace(self.channels[channel], **fields)  # type: ignore[arg-type]
        self.channels[channel] = changed

    def add(self, channel: str, message: JsonObject, *, thread: str | None = None) -> JsonObject:
        """Store a message; a reply to a thread whose parent is gone lands at the channel's root, as in Slack."""
        kept = self.messages.setdefault(channel, {})
        stored = {"type": "message", "team": self.team, **message, "ts": self.next_ts()}
        if thread is not None and thread in kept and kept[thread].get("thread_ts", thread) == thread:
            stored["thread_ts"] = thread
            kept[thread]["thread_ts"] = thread
        kept[stored["ts"]] = stored
        return stored

    def message(self, channel: str, ts: str) -> JsonObject:
        """One message; Refusal message_not_found."""
        found = self.messages.get(channel, {}).get(ts)
        if found is None:
            raise RefusalError("message_not_found")
        return found

    def thread(self, channel: str, ts: str) -> list[JsonObject]:
        """Give a parent and its replies, oldest first; Refusal thread_not_found."""
        kept = self.messages.get(channel, {})
        if ts not in kept:
            raise RefusalError("thread_not_found")
        replies = [message for message in kept.values() if message.get("thread_ts") == ts and message["ts"] != ts]
        return [kept[ts], *replies]

    def posts(self, channel: str | None = None, thread: str | None = None) -> list[JsonObject]:
        """Give what the bot posted, oldest first, each with its `channel`."""
        places: Iterable[str] = self.messages if channel is None else [channel]
        posted = [
            {**message, "channel": place}
            for place in places
            for message in self.messages.get(place, {}).values()
            if message.get("bot_id") == self.bot and thread in (None, message.get("thread_ts"))
        ]
        return sorted(posted, key=lambda message: str(message["ts"]))

    def new_trigger(self, seconds: float, user: str = "") -> str:
        """Give a trigger_id of `user` that is good for `seconds`."""
        trigger = f"{next(self.numbers)}.{self.team}.trigger"
        self.triggers[trigger] = (user, time.monotonic() + seconds)
        return trigger

    def use_trigger(self, trigger: str) -> str:
        """Spend a trigger_id and give whose it was; Refusal invalid_trigger_id or expired_trigger_id."""
        user, expires = self.triggers.pop(trigger, ("", None))
        if expires is None:
            raise RefusalError("invalid_trigger_id")
        if expires < time.monotonic():
            raise RefusalError("expired_trigger_id")
        return user

    @property
    def author(self) -> JsonObject:
        """What a message of the bot says of who wrote it."""
        profile = {"id": self.bot, "name": "Atom", "app_id": APP}
        return {"user": self.bot_user, "bot_id": self.bot, "app_id": APP, "bot_profile": profile}

    def thread_state(self, channel: str, thread: str) -> JsonObject:
        """Give what is shown beside a thread, to be changed in place."""
        return self.threads.setdefault((channel, thread), {})
