"""What must be acknowledged does not wait behind work that waits for the one writer."""

import asyncio

from bot.counter import Counter
from bot.ports import Storage, UnitOfWork
from storage.database import ahead, open_database
from tests.fakes.memory import MemoryStorage


async def test_who_goes_ahead_is_let_in_first(sqlite_database: str) -> None:
    """While one transaction is under way, one that goes ahead overtakes the ten that were waiting."""

    begun, go_on = asyncio.Event(), asyncio.Event()
    order: list[str] = []

    async def slow(unit: UnitOfWork) -> None:
        begun.set()
        await go_on.wait()
        order.append("slow")
        await unit.add(Counter(id="slow"))

    async def add(storage: Storage, key: str) -> None:
        async def work(unit: UnitOfWork) -> None:
            order.append(key)
            await unit.add(Counter(id=key))

        await storage.transact(work)

    async with open_database(sqlite_database) as storage, asyncio.TaskGroup() as tasks:
        tasks.create_task(storage.transact(slow))
        await begun.wait()
        for number in range(10):
            tasks.create_task(add(storage, f"work-{number}"))
        tasks.create_task(add(ahead(storage), "arrival"))
        await asyncio.sleep(0)
        go_on.set()

    assert ["slow", "arrival", *(f"work-{number}" for number in range(10))] == order


async def test_where_nobody_waits_it_is_the_same_storage() -> None:
    """A storage that has no queue is returned as it is."""

    storage = MemoryStorage()

    assert storage is ahead(storage)
