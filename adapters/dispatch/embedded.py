"""The dispatcher inside one process: a set of woken mailboxes, worked by at most so many tasks at once.

A mailbox is worked by one task at a time here; a wake-up during its work has it looked at once more, so none is lost between the last
look and the release. Between processes the lease in the database decides. Nothing polls: a mailbox that may be worked later is
woken by a timer of the event loop, and what a crash forgot is found in the tables by the sweep.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from bot.errors import DeskmateError
from bot.ids import MailboxId

log = logging.getLogger("deskmate.dispatch")

RETRY = 1.0
"""Seconds after which a mailbox whose work failed outright (no database) is looked at again."""

PAUSE = 0.02
"""Seconds between two mailboxes that are begun while something else is more urgent."""

Work = Callable[[MailboxId], Awaitable[datetime | None]]


class EmbeddedDispatcher:
    """Satisfies `bot.ports.Dispatcher` within one process."""

    def __init__(self, *, at_once: int = 512) -> None:
        """`at_once`: mailboxes worked at the same time, at most."""
        self._at_once = at_once
        self._pressed: Callable[[], bool] = bool
        self._pause: asyncio.TimerHandle | None = None
        self._waiting: OrderedDict[MailboxId, None] = OrderedDict()
        self._working: dict[MailboxId, asyncio.Task[None]] = {}
        self._again: set[MailboxId] = set()
        self._later: dict[MailboxId, asyncio.TimerHandle] = {}
        self._work: Work | None = None
        self._stopped = asyncio.Event()
        self._quiet = asyncio.Event()
        self._quiet.set()

    def wake(self, *mailboxes: MailboxId) -> None:
        """Have these mailboxes looked at as soon as there is room."""
        for key in mailboxes:
            handle = self._later.pop(key, None)
            if handle is not None:
                handle.cancel()
            if key in self._working:
                self._again.add(key)
            else:
                self._waiting[key] = None
        if self._waiting:
            self._quiet.clear()
        self._fill()

    def make_room(self, pressed: Callable[[], bool]) -> None:
        """Begin one mailbox at a time, with a pause between, while `pressed` says that something else is more urgent."""
        self._pressed = pressed

    async def serve(self, work: Work) -> None:
        """Work what is woken until `stop`; cancelled, it takes what is under way with it (the ledger goes on from there)."""
        self._work = work
        self._fill()
        try:
            await self._stopped.wait()
            while self._working:
                await asyncio.wait(list(self._working.values()))
        finally:
            self._work = None
            tasks = list(self._working.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def stop(self) -> None:
        """Begin nothing more, and let `serve` return once what is under way has ended."""
        self._work = None
        for handle in (*self._later.values(), *([self._pause] if self._pause else [])):
            handle.cancel()
        self._later.clear()
        self._stopped.set()

    async def idle(self, *, within: float = 0.0) -> None:
        """Return when nothing is woken or worked, and nothing will be within so many seconds."""
        loop = asyncio.get_running_loop()
        while True:
            await self._quiet.wait()
            soonest = min((handle.when() for handle in self._later.values()), default=None)
            if soonest is None or soonest > loop.time() + within:
                return
            await asyncio.sleep(max(0.0, soonest - loop.time()) + 0.01)

    def _fill(self) -> None:
        while self._pause is None and self._work is not None and self._waiting and len(self._working) < self._at_once:
            key, _ = self._waiting.popitem(last=False)
            self._working[key] = asyncio.create_task(self._run(key, self._work))
            if self._pressed():
                self._pause = asyncio.get_running_loop().call_later(PAUSE, self._go_on)

    def _go_on(self) -> None:
        self._pause = None
        self._fill()

    async def _run(self, key: MailboxId, work: Work) -> None:
        look_again: datetime | None = None
        try:
            look_again = await work(key)
        except asyncio.CancelledError:
            raise
        except DeskmateError as error:
            log.warning("%s could not be worked: %s", key, error)
            self._wake_in(key, RETRY)
        except Exception:
            log.exception("working %s failed", key)
            self._wake_in(key, RETRY)
        finally:
            self._working.pop(key, None)
        if key in self._again:
            self._again.discard(key)
            self._waiting[key] = None
        elif look_again is not None:
            self._wake_in(key, (look_again - datetime.now(UTC)).total_seconds())
        self._fill()
        if not self._working and not self._waiting:
            self._quiet.set()

    def _wake_in(self, key: MailboxId, seconds: float) -> None:
        if not self._stopped.is_set():
            loop = asyncio.get_running_loop()
            self._later[key] = loop.call_later(max(0.0, seconds), self._ring, key)

    def _ring(self, key: MailboxId) -> None:
        self._later.pop(key, None)
        self.wake(key)
