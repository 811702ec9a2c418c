"""When to look: APScheduler, in memory, tells the process to sweep for forgotten work and to fire timers. The tables say what is due."""

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger("deskmate.clock")

SWEEP = timedelta(seconds=15)
"""How often the tables are looked at for mailboxes that nobody works, and for timers that were set meanwhile."""


class Ticker:
    """Calls `sweep` at a steady pace, and `fire` whenever the earliest timer is due."""

    def __init__(
        self,
        sweep: Callable[[], Awaitable[None]],
        fire: Callable[[], Awaitable[datetime | None]],
        *,
        every: timedelta = SWEEP,
    ) -> None:
        """`fire` does what is due and returns when the next is."""
        self._sweep = sweep
        self._fire = fire
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._every = every

    def start(self) -> None:
        """Begin; the first look is at once."""
        options = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        self._scheduler.add_job(
            self._look, IntervalTrigger(seconds=self._every.total_seconds()), next_run_time=datetime.now(UTC), **options
        )
        self._scheduler.start()

    def stop(self) -> None:
        """Look no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _look(self) -> None:
        try:
            await self._sweep()
            await self._due()
        except Exception:
            log.exception("the clock could not look; it looks again in %s", self._every)

    async def _due(self) -> None:
        following = await self._fire()
        if following is not None and following < datetime.now(UTC) + self._every:
            self._scheduler.add_job(
                self._due, DateTrigger(following), id="due", replace_existing=True, misfire_grace_time=None
            )
