"""The same activity again: at once, after an answer that was lost, and after a restart. It is stored once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.teams.endpoint import Accept
from bot.intake import Intake
from bot.mail import Mail
from bot.message import Arrival, Message
from bot.ports import Reader
from storage.database import open_database
from tests.contract.teams.forging import activity
from tests.contract.teams.teams_at_work import AtWork, teams_at_work
from tests.fakes.clock import FrozenClock

SOON = 0.4
"""Seconds in place of the fifteen after which Teams sends again."""


@asynccontextmanager
async def storing(database: str, *, lose: int = 0) -> AsyncIterator[tuple[AtWork, list[int]]]:
    """Run the way in on a database; the first `lose` answers never come, though everything was stored.

    The list holds how many messages and how many pieces of mail are stored, once the block has ended.
    """
    async with open_database(database) as storage:
        intake, counted = Intake(storage, FrozenClock()), list[int]()
        async with teams_at_work(accept=_losing(intake.accept, lose)) as bench:
            if lose:
                bench.platform.delivery.set_patience(answer_within=SOON, repeat_after=SOON)
            yield bench, counted
            bench.platform.stopping.set()
        counted.extend(await storage.read(_count))


def _losing(accept: Accept, lose: int) -> Accept:
    lost = 0

    async def stored(arrival: Arrival) -> None:
        nonlocal lost
        await accept(arrival)
        if lost < lose:
            lost += 1
            await asyncio.sleep(2 * SOON)

    return stored


async def _count(reader: Reader) -> list[int]:
    return [len(await reader.find(Message)), len(await reader.find(Mail))]


def statuses(bench: AtWork) -> list[int | None]:
    """Return what Teams was answered."""
    return [attempt.status for attempt in bench.platform.attempts]


async def test_the_same_activity_at_once_and_after_a_restart_is_stored_once(sqlite_database: str) -> None:
    """Each delivery is acknowledged, so that Teams rests; another activity is another message."""
    async with storing(sqlite_database) as (bench, before):
        same = activity(bench.platform.service_url)
        await asyncio.gather(*(bench.platform.deliver(same) for _ in range(10)))
        answered = statuses(bench)
    async with storing(sqlite_database) as (bench, after):
        again = activity(bench.platform.service_url)
        await asyncio.gather(*(bench.platform.deliver(again) for _ in range(10)))
        answered += statuses(bench)
    async with storing(sqlite_database) as (bench, more):
        await bench.platform.deliver(activity(bench.platform.service_url, id="1700000000002"))

    assert ({202}, 20) == (set(answered), len(answered))
    assert ([1, 1], [1, 1], [2, 2]) == (before, after, more)


async def test_an_acknowledgement_that_is_lost_after_storing_doubles_nothing(sqlite_database: str) -> None:
    """Teams hears nothing, waits, and sends the same again."""
    async with storing(sqlite_database, lose=1) as (bench, counted):
        await bench.platform.deliver(activity(bench.platform.service_url))
        first, second = bench.platform.attempts

    assert (None, 202, [1, 1]) == (first.status, second.status, counted)


async def test_the_repetition_comes_after_its_time_and_once() -> None:
    """Otherwise the tests above would show less than they say: not before, and never a third time."""
    async with teams_at_work(accept=_losing(_nothing, 9)) as bench:
        bench.platform.delivery.set_patience(answer_within=SOON / 4, repeat_after=SOON)
        began = asyncio.get_running_loop().time()

        await bench.platform.deliver(activity(bench.platform.service_url))

        took = asyncio.get_running_loop().time() - began
        assert ([None, None], True) == (statuses(bench), took >= SOON * 5 / 4)


async def _nothing(_arrival: Arrival) -> None:
    """Store nothing."""
