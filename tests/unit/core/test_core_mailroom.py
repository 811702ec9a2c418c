"""No mail is lost and no mailbox is worked by two, whatever order deliveries, claims, deaths and releases come in."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from bot.errors import LeaseLost
from bot.ids import MailboxId
from bot.mail import Lease, Mail, Mailbox, TimerFired, mailbox_id
from bot.mailroom import Bell, Claimed, claim, deliver, forgive, postpone, prolong, release, take, waiting_mail
from bot.ports import UnitOfWork
from tests.fakes.clock import FrozenClock
from tests.fakes.memory import MemoryStorage

KEY = mailbox_id("request", "r1")
BELL = Bell(kind="request", subject="r1")
LASTS = timedelta(seconds=30)
Result = TypeVar("Result")
Work = Callable[[UnitOfWork], Awaitable[object]]


class Mailroom(RuleBasedStateMachine):
    """One mailbox, several workers, a clock; the model beside it says what must be true."""

    workers = Bundle("workers")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.storage = MemoryStorage()
        self.clock = FrozenClock()
        self.delivered: set[str] = set()
        self.worked: list[str] = []
        self.token = 0
        self.holds_until: datetime | None = None
        self.not_before: datetime | None = None
        self.failures = 0

    def teardown(self) -> None:
        self.loop.close()

    @rule(cause=st.integers(0, 20), wait=st.sampled_from((0, 5)))
    def deliver(self, cause: int, wait: int) -> None:
        box = self._box()
        due = box is not None and box.due
        until = self.clock.now() + timedelta(seconds=wait) if wait else None
        bell = Bell(kind="request", subject="r1", not_before=until)

        async def work(uow: UnitOfWork) -> bool:
            return await deliver(uow, bell, TimerFired(name="x"), self.clock.now(), cause=str(cause))

        fresh = self._run(work)
        assert fresh == (str(cause) not in self.delivered)
        if fresh and not due:
            self.not_before = until
        self.delivered.add(str(cause))

    @rule(seconds=st.sampled_from((1, 6, 31)))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @rule(target=workers)
    def claim(self) -> tuple[Lease, int] | None:
        now = self.clock.now()
        before = self._box()
        found = self._run(lambda uow: claim(uow, KEY, "w", now, LASTS))
        held = self.holds_until is not None and self.holds_until > now
        postponed = self.not_before is not None and self.not_before > now
        if before is None or not before.due:
            assert found is None
            return None
        if held or postponed:
            assert found == (self.holds_until if held else self.not_before)
            return None
        assert isinstance(found, Claimed)
        assert found.lease.token == self.token + 1
        self.failures += 1 if self.holds_until is not None else 0
        assert found.box.failures == self.failures
        self.token, self.holds_until, self.not_before = found.lease.token, now + LASTS, None
        return found.lease, found.box.arrivals

    @rule(worker=workers)
    def prolong(self, worker: tuple[Lease, int] | None) -> None:
        if worker and self._under(worker[0], lambda uow: prolong(uow, worker[0], self.clock.now(), LASTS)):
            self.holds_until = self.clock.now() + LASTS

    @rule(worker=workers)
    def work_one(self, worker: tuple[Lease, int] | None) -> None:
        async def work(uow: UnitOfWork) -> None:
            for mail in (await waiting_mail(uow, KEY))[:1]:
                await take(uow, [mail], "run")
                taken.append(mail.id)

        taken: list[str] = []
        if worker and self._under(worker[0], work):
            self.worked += taken

    @rule(worker=workers)
    def forgive(self, worker: tuple[Lease, int] | None) -> None:
        if worker and self._under(worker[0], lambda uow: forgive(uow, worker[0])):
            self.failures = 0

    @rule(worker=consumes(workers), failed=st.booleans())
    def postpone(self, worker: tuple[Lease, int] | None, failed: bool) -> None:  # noqa: FBT001
        until = self.clock.now() + timedelta(seconds=5)
        if worker and self._holds(worker[0]):
            self._under(worker[0], lambda uow: postpone(uow, worker[0], until, failed=failed))
            self.holds_until, self.not_before = None, until
            self.failures = self.failures + 1 if failed else 0

    @rule(worker=consumes(workers))
    def release(self, worker: tuple[Lease, int] | None) -> None:
        if worker is None or not self._holds(worker[0]):
            return
        lease, seen = worker

        async def work(uow: UnitOfWork) -> int | None:
            if await waiting_mail(uow, KEY):
                return -1
            return await release(uow, lease, seen)

        left = self.loop.run_until_complete(self.storage.transact(work, under=lease))
        if left is None:
            self.holds_until, self.not_before, self.failures = None, None, 0

    @invariant()
    def nothing_is_lost_or_worked_twice(self) -> None:
        mail = self.loop.run_until_complete(self.storage.read(lambda reader: reader.find(Mail)))
        waiting = [item for item in mail if item.taken_by is None]
        assert len(mail) == len(self.delivered)
        assert sorted(self.worked) == sorted(item.id for item in mail if item.taken_by)
        box = self._box()
        assert not waiting or (box is not None and box.due)

    def _holds(self, lease: Lease) -> bool:
        return lease.token == self.token and self.holds_until is not None

    def _under(self, lease: Lease, work: Work) -> bool:
        """Make a transaction under a lease: a zombie's is refused; tell whether it was made."""
        current = lease.token == self.token
        try:
            self.loop.run_until_complete(self.storage.transact(work, under=lease))
        except LeaseLost:
            assert not current
            return False
        assert current
        return True

    def _run(self, work: Callable[[UnitOfWork], Awaitable[Result]]) -> Result:
        return self.loop.run_until_complete(self.storage.transact(work))

    def _box(self) -> Mailbox | None:
        return self.loop.run_until_complete(self.storage.read(lambda reader: reader.get(Mailbox, KEY)))


TestMailroom = Mailroom.TestCase
TestMailroom.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


async def claimed(storage: MemoryStorage, now: datetime) -> Claimed:
    found = await storage.transact(lambda uow: claim(uow, KEY, "w", now, LASTS))
    assert isinstance(found, Claimed)
    return found


async def test_mail_that_comes_before_the_release_keeps_the_mailbox() -> None:
    """A worker that looked before it came is told, and goes on."""
    storage, clock = MemoryStorage(), FrozenClock()
    await storage.transact(lambda uow: deliver(uow, BELL, TimerFired(name="x"), clock.now(), cause="1"))
    held = await claimed(storage, clock.now())
    await storage.transact(lambda uow: deliver(uow, BELL, TimerFired(name="x"), clock.now(), cause="2"))

    first = await storage.transact(lambda uow: release(uow, held.lease, held.box.arrivals), under=held.lease)
    second = await storage.transact(lambda uow: release(uow, held.lease, first or 0), under=held.lease)

    assert (first, second) == (2, None)


async def test_a_woken_zombie_writes_nothing() -> None:
    """A worker that was stopped past its lease is refused at its next write, once somebody else has claimed."""
    storage, clock = MemoryStorage(), FrozenClock()
    await storage.transact(lambda uow: deliver(uow, BELL, TimerFired(name="x"), clock.now(), cause="1"))
    zombie = await claimed(storage, clock.now())
    clock.advance(31)
    await claimed(storage, clock.now())

    with pytest.raises(LeaseLost):
        await storage.transact(lambda uow: prolong(uow, zombie.lease, clock.now(), LASTS), under=zombie.lease)

    assert MailboxId("request:r1") == KEY


async def test_a_lease_that_was_given_back_is_not_prolonged() -> None:
    """The keeper's last look may come behind the release: new mail must not wait for a lease that nobody holds."""
    storage, clock = MemoryStorage(), FrozenClock()
    await storage.transact(lambda uow: deliver(uow, BELL, TimerFired(name="x"), clock.now(), cause="1"))
    held = await claimed(storage, clock.now())
    await storage.transact(lambda uow: release(uow, held.lease, held.box.arrivals), under=held.lease)

    await storage.transact(lambda uow: prolong(uow, held.lease, clock.now(), LASTS), under=held.lease)
    await storage.transact(lambda uow: deliver(uow, BELL, TimerFired(name="x"), clock.now(), cause="2"))
    again = await claimed(storage, clock.now())

    assert 0 == again.box.failures
