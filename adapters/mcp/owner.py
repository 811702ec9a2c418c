"""The one task that enters and leaves a server's connection.

A connection of the SDK must be left by the task that entered it, and an HTTP failure arrives there as a cancellation. So
every server has an owner: it is started by the first call, connects within a bound, waits until the link is spent, and
leaves. After a failure the next call starts it again, after a pause that doubles; a server that nobody calls costs
nothing.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from adapters.mcp.limits import ServerLimits
from adapters.mcp.link import Link
from bot.errors import DeskmateError, PermanentError, TemporaryError

Connect = Callable[[], AbstractAsyncContextManager[Link]]
Explain = Callable[[BaseException], DeskmateError]
_log = logging.getLogger(__name__)


class Owner:
    """Keeps at most one link to one server."""

    def __init__(self, *, name: str, connect: Connect, explain: Explain, limits: ServerLimits) -> None:
        self._name = name
        self._connect = connect
        self._explain = explain
        self._limits = limits
        self._link: Link | None = None
        self._opening: asyncio.Future[Link] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._failures = 0
        self._not_before = 0.0
        self._trouble = ""
        self._closed = False

    async def link(self) -> Link:
        """Return the live link, connecting first if there is none.

        Raises `TemporaryError` with the pause that is left, or `PermanentError` when a person must set something.
        """
        if self._closed:
            raise TemporaryError(f"Deskmate is stopping; {self._name} is called after the next start.")
        if self._link is not None and not self._link.retired.is_set():
            return self._link
        if self._opening is None:
            pause = self._not_before - time.monotonic()
            if pause > 0:
                raise TemporaryError(self._trouble, delay=pause)
            self._start()
        assert self._opening is not None
        return await asyncio.shield(self._opening)

    async def close(self) -> None:
        """Leave every connection and wait until it is left."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self) -> None:
        self._opening = asyncio.get_running_loop().create_future()
        self._opening.add_done_callback(lambda done: done.cancelled() or done.exception())
        task = asyncio.create_task(self._own(self._opening), name=f"tool server {self._name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _own(self, opening: asyncio.Future[Link]) -> None:
        link: Link | None = None
        try:
            async with asyncio.timeout(self._limits.connect) as bound, self._connect() as link:
                bound.reschedule(None)
                self._link, self._opening = link, None
                opening.set_result(link)
                await link.spent(idle=self._limits.idle)
        except asyncio.CancelledError:
            self._give_up(
                opening, TemporaryError(f"Deskmate is stopping; {self._name} is called after the next start.")
            )
            raise
        except (Exception, BaseExceptionGroup) as failure:  # noqa: BLE001 -- whatever a server or the SDK does wrong ends here
            if opening.done():
                _log.debug("%s: the connection ended with %r", self._name, failure)
            else:
                self._give_up(opening, self._explain(failure))
        finally:
            if link is not None:
                link.retired.set()
                self._settle(link)

    def _give_up(self, opening: asyncio.Future[Link], error: DeskmateError) -> None:
        self._opening = None
        if not isinstance(error, PermanentError):
            self._pause(str(error))
        if not opening.done():
            opening.set_exception(error)

    def _settle(self, link: Link) -> None:
        if self._link is link:
            self._link = None
        if link.proven:
            self._failures = 0
        else:
            self._pause(f"{self._name} ended right after it was started. See its lines in the log.")

    def _pause(self, trouble: str) -> None:
        self._failures += 1
        pause = min(self._limits.backoff * 2 ** (self._failures - 1), self._limits.longest_backoff)
        self._not_before = time.monotonic() + pause
        self._trouble = trouble
