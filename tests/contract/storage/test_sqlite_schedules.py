"""Whatever mixture of callers meets in the writer, exactly those who were told so are stored.

Cancelled callers are the exception that proves it: one that is cancelled may have been stored, but whole or not at all.
"""

import asyncio
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.audit import Event
from bot.counter import Counter
from bot.errors import Conflict
from bot.labels import SYSTEM
from bot.ports import UnitOfWork
from storage.database import open_database
from storage.mapping import EPOCH
from tests.fakes.databases import AnyStorage, sqlite_url

BEHAVIOURS = st.sampled_from(["fine", "reads", "raises", "collides", "cancelled early", "cancelled late"])


class Stop(Exception):
    """What a caller's work raises."""


async def behave(storage: AnyStorage, number: int, behaviour: str) -> None:
    """Store two counters and an event, or fail in the way that is asked for."""

    async def work(unit: UnitOfWork) -> None:
        await unit.add(Counter(id=f"{number}a"), Counter(id="same" if behaviour == "collides" else f"{number}b"))
        await unit.audit(Event(kind=str(number), actor=SYSTEM, at=EPOCH))
        if behaviour != "fine":
            await unit.find(Counter)
        if behaviour == "raises":
            raise Stop

    task = asyncio.create_task(storage.transact(work))
    if behaviour.startswith("cancelled"):
        for _ in range(0 if behaviour.endswith("early") else number + 3):
            await asyncio.sleep(0)
        task.cancel()
    await task


@given(behaviours=st.lists(BEHAVIOURS, min_size=1, max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_exactly_the_acknowledged_is_stored(migrated_file: Path, behaviours: list[str]) -> None:
    """Both counters and the event of each, and a trail without gaps."""
    with TemporaryDirectory() as folder:
        shutil.copy(migrated_file, Path(folder) / "desk.db")
        async with open_database(sqlite_url(Path(folder))) as storage:
            callers = [behave(storage, number, behaviour) for number, behaviour in enumerate(["collides", *behaviours])]
            told = await asyncio.gather(*callers, return_exceptions=True)
            stored = {counter.id for counter in await storage.read(lambda reader: reader.find(Counter))}
            trail = await storage.audit_entries()

    done = {number for number, one in enumerate(told) if one is None}
    unsure = {number for number, one in enumerate(told) if isinstance(one, asyncio.CancelledError)}
    whole = {number for number in range(len(told)) if f"{number}a" in stored}
    assert {type(one) for one in told} <= {type(None), Stop, Conflict, asyncio.CancelledError}
    assert done <= whole <= done | unsure
    assert 2 * len(whole) == len(stored)
    assert list(range(1, len(whole) + 1)) == [entry.number for entry in trail]
