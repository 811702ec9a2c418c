"""The machine's clock, as `bot.ports.Clock`."""

import asyncio
from datetime import UTC, datetime


class SystemClock:
    """Tells the time and waits."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        await asyncio.sleep(seconds)
