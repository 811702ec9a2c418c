"""How often Slack may be called: its published limits, and what it asked for when it was called too often.

Slack counts per method, app and team: a tier is a number of calls a minute with room for bursts, and messages go into one
channel about once a second (docs.slack.dev/apis/web-api/rate-limits). A call that would go over waits here when that
takes a moment only; otherwise it is not made and the caller is told when to come back, so that nothing is held meanwhile.
Who has to come back to post gets a turn of their own, kept for a while, so that nobody starves behind newcomers.
After a 429 the method is not called before Retry-After has passed, whoever asks. One `Pace` belongs to one team.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from bot.errors import TemporaryError
from bot.ports import Clock

Kept = TypeVar("Kept")

_MINUTE = 60.0
TIERS = {2: 20, 3: 50, 4: 100}
"""Calls a minute that Slack grants at least, with bursts beyond; as many may be made at once after a rest."""
METHODS = {
    "agents.sessions.setStatus": 3,
    "assistant.threads.setStatus": 4,
    "assistant.threads.setSuggestedPrompts": 3,
    "assistant.threads.setTitle": 3,
    "chat.appendStream": 4,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.startStream": 2,
    "chat.stopStream": 2,
    "chat.update": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.join": 3,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.replies": 3,
    "reactions.add": 3,
    "reactions.remove": 2,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
}
"""The tier of each method that is used. users.info is left out: one channel needs hundreds of them at once, rarely, and the
answers are kept; Slack's own refusal governs it."""
_POST, _POSTS_AT_ONCE, _POST_EVERY = "chat.postMessage", 6, 1.0
"""Slack allows short bursts of posts in a channel, without saying how short."""
_SOON = 1.0
"""Seconds that are waited out here."""
_TURN_LASTS = 120.0
_KEPT = 10_000


@dataclass(kw_only=True)
class _Bucket:
    """Lets calls through at intervals, and `burst` of them at once after a rest."""

    interval: float
    burst: int
    full_until: datetime | None = None
    """When the last call that was promised would be made if all were made at intervals."""

    def next_turn(self, now: datetime) -> datetime:
        """Take the next turn and return when it is."""
        line = max(now, self.full_until or now) + timedelta(seconds=self.interval)
        self.full_until = line
        return max(now, line - timedelta(seconds=self.interval * self.burst))

    def has_room(self, now: datetime, keep: float = 0.0) -> bool:
        """Tell whether a call could be made now, with this share of the burst left over."""
        behind = (self.full_until - now).total_seconds() if self.full_until else 0.0
        return behind + self.interval <= self.interval * self.burst * (1 - keep)

    def give_back(self) -> None:
        """Undo the last `next_turn`."""
        if self.full_until is not None:
            self.full_until -= timedelta(seconds=self.interval)


class Pace:
    """When each method may be called, for one app in one team."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._turns: OrderedDict[str, datetime] = OrderedDict()
        self._closed: dict[str, datetime] = {}

    async def admit(self, method: str, channel: str = "", ticket: str = "") -> None:
        """Return when `method` may be called; `TemporaryError` with the time to come back when that is not soon.

        `channel` is where a post goes; `ticket` tells one post from another when it comes back.
        """
        ticket = f"{method}:{ticket}" if ticket else ""
        turn = self._turn(method, channel, ticket)
        for _ in range(3):
            now = self._clock.now()
            wait = (max(turn, self._closed.get(method, now)) - now).total_seconds()
            if wait <= 0:
                self._turns.pop(ticket, None)
                return
            if wait > _SOON:
                break
            await self._clock.sleep(wait)
        raise TemporaryError(f"Slack takes {method} again in {wait:.1f} s; it is tried then.", delay=wait)

    def hold(self, method: str, seconds: float) -> None:
        """Let nobody call `method` before so many seconds have passed: Slack has said so."""
        until = self._clock.now() + timedelta(seconds=seconds)
        self._closed[method] = max(until, self._closed.get(method, until))

    def room(self, method: str) -> bool:
        """Tell whether `method` can be called now, with some room left for others."""
        now = self._clock.now()
        return self._closed.get(method, now) <= now and self._bucket(method, "").has_room(now, keep=0.25)

    def _turn(self, method: str, channel: str, ticket: str) -> datetime:
        """Return when it is the caller's turn; a turn that is not soon is kept only for who can be told again."""
        now = self._clock.now()
        kept = self._turns.get(ticket) if ticket else None
        if kept is not None and now - kept < timedelta(seconds=_TURN_LASTS):
            return kept
        bucket = self._bucket(method, channel)
        turn = bucket.next_turn(now)
        if (turn - now).total_seconds() > _SOON:
            if ticket:
                _keep(self._turns, ticket, turn)
            else:
                bucket.give_back()
        return turn

    def _bucket(self, method: str, channel: str) -> _Bucket:
        name = f"{method}:{channel}" if method == _POST else method
        found = self._buckets.get(name)
        if found is None:
            found = _new(method)
        _keep(self._buckets, name, found)
        return found


def _new(method: str) -> _Bucket:
    if method == _POST:
        return _Bucket(interval=_POST_EVERY, burst=_POSTS_AT_ONCE)
    tier = METHODS.get(method)
    if tier is None:
        return _Bucket(interval=0.0, burst=1)
    return _Bucket(interval=_MINUTE / TIERS[tier], burst=TIERS[tier])


def _keep(kept: OrderedDict[str, Kept], name: str, value: Kept) -> None:
    kept[name] = value
    kept.move_to_end(name)
    while len(kept) > _KEPT:
        kept.popitem(last=False)
