"""A clock that stands still until the test moves it."""

import asyncio
from datetime import UTC, datetime, timedelta


class FrozenClock:
    """A `bot.ports.Clock` whose time is the test's."""

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start or datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """Return the moment at which the clock stands."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Return when the test has advanced the clock by `seconds`."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        awake = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._now + timedelta(seconds=seconds), awake))
        await awake

    def advance(self, seconds: float) -> None:
        """Move the clock on and wake who slept until then."""
        self.move_to(self._now + timedelta(seconds=seconds))

    def move_to(self, moment: datetime) -> None:
        """Move the clock to `moment`, never backwards, and wake who slept until then."""
        self._now = max(self._now, moment)
        due = [sleeper for sleeper in self._sleepers if sleeper[0] <= self._now]
        self._sleepers = [sleeper for sleeper in self._sleepers if sleeper[0] > self._now]
        for _, awake in sorted(due, key=lambda sleeper: sleeper[0]):
            if not awake.done():
                awake.set_result(None)
