"""How often Slack may be called: its published limits, and what it asked for when it was called too often.

Slack counts per method, app and team: a tier is a number of calls a minute with room for bursts, and messages go into one
channel about once a second (docs.slack.dev/apis/web-api/rate-limits). A call that would go over waits here when that
takes a moment only; otherwise it is not made and the caller is told when to come back, so that nothing is held meanwhile.
Who has to come back to post gets a turn of their own, kept for a while, so that nobody starves behind newcomers.
After a 429 the method is not called before Retry-After has passed, whoever asks. One `Pace` belongs to one team.
"""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from typing import TypeVar

from bot.errors import TemporaryError
from bot.ports import Clock

Kept = TypeVar("Kept")

_MINUTE = timedelta(minutes=1)
TIERS = {2: 20, 3: 50, 4: 100}
"""Calls a minute that Slack grants at least."""
METHODS = {
    "agents.sessions.rename": 3,
    "agents.sessions.setStatus": 3,
    "assistant.threads.setStatus": 4,
    "assistant.threads.setSuggestedPrompts": 3,
    "assistant.threads.setTitle": 3,
    "bots.info": 3,
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
    "files.info": 4,
    "oauth.v2.access": 4,
    "reactions.add": 3,
    "reactions.remove": 2,
    "team.info": 3,
    "users.conversations": 3,
    "users.lookupByEmail": 3,
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
_ROOM = 0.75
"""The share of a method's calls that is taken by what can be done without."""


class _Steady:
    """Lets calls through at intervals, and a few at once after a rest."""

    def __init__(self, interval: float, burst: int) -> None:
        self._interval = timedelta(seconds=interval)
        self._head_start = self._interval * burst
        self._line: datetime | None = None
        """When the last call that was promised would be over, were all made at intervals."""

    def next_turn(self, now: datetime) -> datetime:
        """Return when the next turn is."""
        return max(now, max(now, self._line or now) + self._interval - self._head_start)

    def take(self, now: datetime) -> None:
        """Give the next turn away."""
        self._line = max(now, self._line or now) + self._interval


class _Window:
    """Lets so many calls through in any minute."""

    def __init__(self, calls: int) -> None:
        self._turns: deque[datetime] = deque(maxlen=calls)
        self._calls = calls

    def next_turn(self, now: datetime) -> datetime:
        """Return when the next turn is."""
        full = len(self._turns) == self._calls
        return max(now, self._turns[0] + _MINUTE) if full else now

    def take(self, now: datetime) -> None:
        """Give the next turn away."""
        self._turns.append(self.next_turn(now))

    def taken(self, now: datetime) -> float:
        """Return what share of the calls was made, or promised, since a minute ago."""
        return sum(turn > now - _MINUTE for turn in self._turns) / self._calls


class Pace:
    """When each method may be called, for one app in one team."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._accounts: OrderedDict[str, _Steady | _Window] = OrderedDict()
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
        raise TemporaryError(
            f"Slack takes {method} again in {wait:.1f} s; it is tried then.", delay=wait, too_soon=True
        )

    def hold(self, method: str, seconds: float) -> None:
        """Let nobody call `method` before so many seconds have passed: Slack has said so."""
        until = self._clock.now() + timedelta(seconds=seconds)
        self._closed[method] = max(until, self._closed.get(method, until))

    def room(self, method: str, share: float = _ROOM) -> bool:
        """Tell whether `method` can be called now, no more than `share` of its calls being taken."""
        now = self._clock.now()
        account = self._account(method, "")
        taken = account.taken(now) if isinstance(account, _Window) else 0.0
        return self._closed.get(method, now) <= now and taken < share

    def _turn(self, method: str, channel: str, ticket: str) -> datetime:
        """Return when it is the caller's turn; a turn that is not soon is kept only for who can be told again."""
        now = self._clock.now()
        kept = self._turns.get(ticket) if ticket else None
        if kept is not None and now - kept < timedelta(seconds=_TURN_LASTS):
            return kept
        account = self._account(method, channel)
        if account is None:
            return now
        turn = account.next_turn(now)
        late = (turn - now).total_seconds() > _SOON
        if not late or ticket:
            account.take(now)
        if late and ticket:
            _keep(self._turns, ticket, turn)
        return turn

    def _account(self, method: str, channel: str) -> _Steady | _Window | None:
        name = f"{method}:{channel}" if method == _POST else method
        found = self._accounts.get(name)
        if found is None:
            if method == _POST:
                found = _Steady(_POST_EVERY, _POSTS_AT_ONCE)
            elif method in METHODS:
                found = _Window(TIERS[METHODS[method]])
            else:
                return None
        _keep(self._accounts, name, found)
        return found


def _keep(kept: OrderedDict[str, Kept], name: str, value: Kept) -> None:
    kept[name] = value
    kept.move_to_end(name)
    while len(kept) > _KEPT:
        kept.popitem(last=False)
