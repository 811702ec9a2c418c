"""Works mailboxes: claims the lease, lets the handler advance step by step, prolongs the lease while it does, releases.

Two workers never work one mailbox: a claim raises the fencing token, and every write under an older token is refused. A worker
that dies leaves its lease to run out; the next claim counts that as a failure. After `MAX_FAILURES` claims in a row without
progress the handler gives the work up to a human, so that nothing that kills its worker is tried for ever.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol, assert_never

from bot.errors import LeaseLost, PermanentError, TemporaryError
from bot.ids import MailboxId
from bot.mail import Lease, Mailbox, MailboxKind
from bot.mailroom import Claimed, claim, forgive, postpone, prolong, release
from bot.ports import AtMost, Clock, Reader, Storage, UnitOfWork
from bot.progress import Idle, Later, More, Progress

MAX_FAILURES = 5
"""Claims in a row without progress before a human is asked."""
HOPELESS = timedelta(minutes=5)
"""How long what can be neither worked nor given up is left alone."""
_BACKOFF = (0.2, 1.0, 3.0, 8.0, 20.0)

log = logging.getLogger("deskmate.work")


@dataclass(frozen=True, kw_only=True)
class Released:
    """The mailbox was given back already; look again at `at`."""

    at: datetime


class Handler(Protocol):
    """What is done with one kind of mailbox."""

    async def advance(self, box: Mailbox, lease: Lease) -> Progress:
        """Do one bounded piece of work under `lease`."""
        ...

    async def give_up(self, box: Mailbox, lease: Lease, reason: str) -> None:
        """Hand what cannot be worked to a human; called after too many failures."""
        ...


class Engine:
    """Works one mailbox at a time when it is called; a dispatcher calls it for many."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        handlers: Mapping[MailboxKind, Handler],
        *,
        holder: str,
        lease_lasts: timedelta = timedelta(seconds=30),
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._handlers = handlers
        self._holder = holder
        self._lasts = lease_lasts

    async def work(self, key: MailboxId) -> datetime | None:
        """Work a mailbox until nothing is left to do there; return when to look again, if that is later."""
        claimed = await self._storage.transact(
            lambda uow: claim(uow, key, self._holder, self._clock.now(), self._lasts)
        )
        if not isinstance(claimed, Claimed):
            return claimed
        try:
            async with self._kept(claimed.lease):
                return await self._drain(claimed)
        except LeaseLost:
            log.warning("lost the lease on %s: somebody else works it", key)
            return None

    async def _drain(self, claimed: Claimed) -> datetime | None:
        handler = self._handlers[claimed.box.kind]
        lease, box, seen = claimed.lease, claimed.box, claimed.box.arrivals
        if box.failures >= MAX_FAILURES:
            if not await self._given_up(box, lease, f"it was begun {box.failures} times without progress"):
                return (await self._rested(lease)).at
            box = await self._forgiven(box, lease)
        while True:
            progress = await self._step(handler, box, lease)
            match progress:
                case More():
                    box = await self._forgiven(box, lease)
                case Released(at=at):
                    return at
                case Later(at=at, firm=firm):
                    newer = await self._put_off(lease, at, seen=None if firm else seen)
                    if newer is None:
                        return at
                    seen = newer
                case Idle():
                    newer = await self._release(lease, seen)
                    if newer is None:
                        return None
                    seen = newer
                case _:
                    assert_never(progress)

    async def _forgiven(self, box: Mailbox, lease: Lease) -> Mailbox:
        """Count failures anew after progress, in the tables too: a worker that dies between two steps has still made the first."""
        if box.failures:
            await self._storage.transact(lambda uow: forgive(uow, lease), under=lease)
        return replace(box, failures=0)

    async def _step(self, handler: Handler, box: Mailbox, lease: Lease) -> Progress | Released:
        """Let the handler advance once; turn its failures into when to look again."""
        try:
            return await handler.advance(box, lease)
        except LeaseLost:
            raise
        except PermanentError as error:
            log.warning("%s is given up: %s", box.id, error)
            return More() if await self._given_up(box, lease, str(error)) else await self._rested(lease)
        except TemporaryError as error:
            return await self._failed(box, lease, str(error), error.delay)
        except Exception as error:
            log.exception("working %s failed", box.id)
            return await self._failed(box, lease, f"{type(error).__name__}: {error}", 0.0)

    async def _failed(self, box: Mailbox, lease: Lease, reason: str, delay: float) -> Released:
        """Note a failed attempt, give the mailbox back and say when to look again; give up after too many."""
        hopeless = box.failures + 1 >= MAX_FAILURES
        if hopeless and not await self._given_up(box, lease, reason):
            return await self._rested(lease)
        wait = max(delay, _BACKOFF[min(box.failures, len(_BACKOFF) - 1)])
        until = self._clock.now() + timedelta(seconds=wait)
        log.warning("%s is put off for %.1f s: %s", box.id, wait, reason)
        await self._put_off(lease, until, failed=not hopeless)
        return Released(at=until)

    async def _given_up(self, box: Mailbox, lease: Lease, reason: str) -> bool:
        """Have the handler give the work up; False, loudly, when even that fails."""
        try:
            await self._handlers[box.kind].give_up(box, lease, reason)
        except LeaseLost:
            raise
        except Exception:
            log.exception("%s could be neither worked nor given up (%s); an admin must look", box.id, reason)
            return False
        return True

    async def _rested(self, lease: Lease) -> Released:
        """Put off for long what can be neither worked nor given up."""
        until = self._clock.now() + HOPELESS
        await self._put_off(lease, until, failed=True)
        return Released(at=until)

    async def _put_off(
        self, lease: Lease, until: datetime, *, failed: bool = False, seen: int | None = None
    ) -> int | None:
        return await self._storage.transact(
            lambda uow: postpone(uow, lease, until, failed=failed, seen=seen), under=lease
        )

    async def _release(self, lease: Lease, seen: int) -> int | None:
        return await self._storage.transact(lambda uow: release(uow, lease, seen), under=lease)

    @contextlib.asynccontextmanager
    async def _kept(self, lease: Lease) -> AsyncIterator[None]:
        """Prolong the lease at a third of its time, as long as the work inside goes on."""
        keeper = asyncio.create_task(self._keep(lease))
        try:
            yield
        finally:
            keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeper

    async def _keep(self, lease: Lease) -> None:
        while True:
            await asyncio.sleep(self._lasts.total_seconds() / 3)
            try:
                await self._storage.transact(
                    lambda uow: prolong(uow, lease, self._clock.now(), self._lasts), under=lease
                )
            except LeaseLost:
                return  # the work's own next write is refused too
            except Exception as error:  # noqa: BLE001  # the work goes on; without a lease its next write is refused
                log.warning("the lease on %s could not be prolonged: %s", lease.mailbox_id, error)


async def due_mailboxes(storage: Storage) -> list[MailboxId]:
    """Return what the tables say is to be done, most urgent and oldest first; what a start and a sweep wake."""

    async def read(reader: Reader) -> list[Mailbox]:
        return list(await reader.find(Mailbox, due=True))

    boxes = await storage.read(read)
    return [box.id for box in sorted(boxes, key=lambda box: (box.priority, box.waiting_since))]


async def inherit(storage: Storage, now: datetime) -> None:
    """End every lease: for the start of a process that knows itself alone, whose predecessors are all dead."""

    async def end(uow: UnitOfWork) -> None:
        leased = await uow.find(Mailbox, lease_until=AtMost(value=datetime.max.replace(tzinfo=UTC)))
        if leased:
            await uow.put(*(replace(box, lease_until=now) for box in leased))

    await storage.transact(end)
