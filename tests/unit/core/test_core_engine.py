"""The engine works a mailbox to its end, waits when it is told to, and gives up what only fails."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from bot.errors import LeaseLost, PermanentError, TemporaryError
from bot.mail import Lease, Mailbox, TimerFired, mailbox_id
from bot.mailroom import Bell, Claimed, claim, deliver
from bot.ports import UnitOfWork
from bot.progress import Idle, Later, More, Progress
from bot.work import MAX_FAILURES, Engine, due_mailboxes, inherit
from tests.fakes.clock import FrozenClock
from tests.fakes.memory import MemoryStorage
from tests.fakes.messenger import Killed

Result = TypeVar("Result")
KEY = mailbox_id("request", "r1")
Step = Callable[[Mailbox, Lease], Awaitable[Progress]]


class Scripted:
    """A handler that does what the script says, one entry per step, then has nothing to do."""

    def __init__(self, *script: Step | BaseException | Progress) -> None:
        self.script = list(script)
        self.steps = 0
        self.given_up: list[str] = []

    async def advance(self, box: Mailbox, lease: Lease) -> Progress:
        self.steps += 1
        entry = self.script.pop(0) if self.script else Idle()
        if isinstance(entry, BaseException):
            raise entry
        return entry if isinstance(entry, (More, Idle, Later)) else await entry(box, lease)

    async def give_up(self, box: Mailbox, lease: Lease, reason: str) -> None:
        self.given_up.append(reason)


class Watched(MemoryStorage):
    """A storage that says when something was written under a lease."""

    def __init__(self) -> None:
        super().__init__()
        self.wrote_under_lease = asyncio.Event()

    async def transact(self, work: Callable[[UnitOfWork], Awaitable[Result]], *, under: Lease | None = None) -> Result:
        result = await super().transact(work, under=under)
        if under is not None:
            self.wrote_under_lease.set()
        return result


class Bench:
    """A storage with one due mailbox, a clock and an engine."""

    def __init__(
        self, handler: Scripted, *, lasts: timedelta = timedelta(seconds=30), storage: MemoryStorage | None = None
    ) -> None:
        self.storage, self.clock, self.handler = storage or MemoryStorage(), FrozenClock(), handler
        self.engine = Engine(self.storage, self.clock, {"request": handler}, holder="me", lease_lasts=lasts)

    async def ring(self, cause: str = "1") -> None:
        bell = Bell(kind="request", subject="r1")
        await self.storage.transact(lambda uow: deliver(uow, bell, TimerFired(name="x"), self.clock.now(), cause=cause))

    async def box(self) -> Mailbox:
        found = await self.storage.read(lambda reader: reader.get(Mailbox, KEY))
        assert found is not None
        return found

    async def until_idle(self, rounds: int = 50) -> list[float]:
        """Work until nothing is due, moving the clock; return how long each wait was."""
        waits: list[float] = []
        for _ in range(rounds):
            at = await self.engine.work(KEY)
            if at is None:
                return waits
            waits.append((at - self.clock.now()).total_seconds())
            self.clock.move_to(at)
        raise AssertionError("it never ends")


async def test_nothing_due_costs_nothing() -> None:
    """A wake-up without work is harmless."""
    bench = Bench(Scripted())

    assert await bench.engine.work(KEY) is None
    assert bench.handler.steps == 0


async def test_work_that_always_fails_is_given_up_after_five_tries() -> None:
    """Each try waits longer, and a human is asked once."""
    bench = Bench(Scripted(*[TemporaryError("no", delay=0.1)] * MAX_FAILURES))
    await bench.ring()

    waits = await bench.until_idle()

    assert ["no"] == bench.handler.given_up
    assert sorted(waits) == waits
    assert bench.handler.steps == MAX_FAILURES + 1


async def test_a_fault_of_our_own_is_tried_again_and_given_up_too() -> None:
    """An unknown exception counts like a temporary one, and its name is the reason."""
    bench = Bench(Scripted(*[ValueError("odd")] * MAX_FAILURES))
    await bench.ring()

    await bench.until_idle()

    assert ["ValueError: odd"] == bench.handler.given_up


async def test_a_longer_delay_is_honoured() -> None:
    """Nothing is done before the moment that the other side named."""
    bench = Bench(Scripted(TemporaryError("wait", delay=42.0)))
    await bench.ring()

    at = await bench.engine.work(KEY)
    early = await bench.engine.work(KEY)

    assert at == early == bench.clock.now() + timedelta(seconds=42)
    assert bench.handler.steps == 1


async def test_what_cannot_be_mended_is_given_up_at_once() -> None:
    """A permanent error needs no second try."""
    bench = Bench(Scripted(PermanentError("revoked")))
    await bench.ring()

    waits = await bench.until_idle()

    assert ([], ["revoked"]) == (waits, bench.handler.given_up)


async def test_failures_with_progress_between_them_are_no_reason_to_give_up() -> None:
    """Only failures in a row count, so a long work with many short outages comes to its end."""
    script: list[BaseException | Progress] = []
    for _ in range(4 * MAX_FAILURES):
        script += [TemporaryError("short outage", delay=0.1), More()]
    bench = Bench(Scripted(*script))
    await bench.ring()

    await bench.until_idle()

    assert bench.handler.given_up == []
    assert (await bench.box()).failures == 0


async def test_a_worker_that_always_dies_is_not_tried_for_ever() -> None:
    """After so many deaths in a row the work goes to a human before it is begun again."""
    bench = Bench(Scripted(*[Killed()] * MAX_FAILURES))
    await bench.ring()

    for _ in range(MAX_FAILURES):
        try:
            await bench.engine.work(KEY)
        except Killed:
            bench.clock.advance(31)
    await bench.engine.work(KEY)

    assert [f"it was begun {MAX_FAILURES} times without progress"] == bench.handler.given_up


async def test_a_worker_that_dies_after_each_step_still_comes_to_the_end() -> None:
    """A step that was made is progress, although the worker died behind it."""
    script: list[BaseException | Progress] = []
    for _ in range(3 * MAX_FAILURES):
        script += [More(), Killed()]
    bench = Bench(Scripted(*script))
    await bench.ring()

    for _ in range(3 * MAX_FAILURES):
        try:
            await bench.engine.work(KEY)
        except Killed:
            await inherit(bench.storage, bench.clock.now())
    await bench.engine.work(KEY)

    assert bench.handler.given_up == []
    assert not (await bench.box()).due


async def test_mail_that_comes_during_the_work_is_worked() -> None:
    """The release sees it, and the handler is asked again."""
    bench = Bench(Scripted())
    await bench.ring()
    gate, inside = asyncio.Event(), asyncio.Event()

    async def advance(box: Mailbox, lease: Lease) -> Progress:
        inside.set()
        await gate.wait()
        return Idle()

    bench.handler.script = [advance]
    working = asyncio.create_task(bench.engine.work(KEY))
    await inside.wait()
    await bench.ring("2")
    gate.set()
    await working

    assert bench.handler.steps == 2
    assert not (await bench.box()).due


async def test_a_lost_lease_stops_quietly() -> None:
    """Somebody else has the mailbox: nothing more is written, nothing raised."""
    bench = Bench(Scripted(LeaseLost("gone")))
    await bench.ring()

    assert await bench.engine.work(KEY) is None
    assert bench.handler.given_up == []


async def test_a_zombie_cannot_release_what_another_holds() -> None:
    """A worker stopped past its lease changes nothing when it wakes."""
    bench = Bench(Scripted())
    await bench.ring()

    async def advance(box: Mailbox, lease: Lease) -> Progress:
        bench.clock.advance(31)
        other = await bench.storage.transact(
            lambda uow: claim(uow, KEY, "other", bench.clock.now(), timedelta(seconds=30))
        )
        assert isinstance(other, Claimed)
        return Idle()

    bench.handler.script = [advance]
    await bench.engine.work(KEY)

    box = await bench.box()
    assert ("other", 2, True) == (box.holder, box.token, box.due)


async def test_a_handler_that_waits_is_no_failure() -> None:
    """The mailbox is given back until the moment that it named."""
    bench = Bench(Scripted())
    await bench.ring()
    at = bench.clock.now() + timedelta(seconds=9)
    bench.handler.script = [Later(at=at)]

    assert at == await bench.engine.work(KEY)
    box = await bench.box()
    assert (None, at, 0) == (box.holder, box.not_before, box.failures)


async def test_a_long_step_keeps_its_lease() -> None:
    """The lease is prolonged for as long as the work goes on."""
    storage = Watched()
    bench = Bench(Scripted(), lasts=timedelta(seconds=0.03), storage=storage)
    await bench.ring()

    async def advance(box: Mailbox, lease: Lease) -> Progress:
        bench.clock.advance(0.02)
        await storage.wrote_under_lease.wait()
        return Idle()

    bench.handler.script = [advance]
    async with asyncio.timeout(5):
        await bench.engine.work(KEY)

    assert storage.wrote_under_lease.is_set()


async def test_the_most_urgent_and_oldest_work_comes_first() -> None:
    """What a start wakes is ordered by priority, then by age."""
    storage, clock = MemoryStorage(), FrozenClock()

    async def work(uow: UnitOfWork) -> None:
        for subject, priority in (("a", "normal"), ("b", "urgent"), ("c", "normal")):
            bell = Bell(kind="request", subject=subject, priority=priority)  # type: ignore[arg-type]
            clock.advance(1)
            await deliver(uow, bell, TimerFired(name="x"), clock.now(), cause="1")

    await storage.transact(work)

    assert await due_mailboxes(storage) == ["request:b", "request:a", "request:c"]
