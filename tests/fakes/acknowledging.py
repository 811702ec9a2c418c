"""A process that stores counters until it is killed, and prints the key of each once it was told that it is stored.

A kill test starts it, kills it, and looks whether everything that was printed is there.
"""

import asyncio
import os
import sys

from bot.audit import Event
from bot.counter import Counter
from bot.ids import new_id
from bot.labels import SYSTEM
from bot.ports import UnitOfWork
from storage.database import open_database
from storage.mapping import EPOCH

AT_ONCE = 8


async def acknowledge(url: str) -> None:
    """Store counters, several at a time, for ever."""
    async with open_database(url) as storage, asyncio.TaskGroup() as tasks:

        async def go_on() -> None:
            while True:
                key = new_id()

                async def work(unit: UnitOfWork, key: str = key) -> None:
                    await unit.add(Counter(id=key))
                    await unit.audit(Event(kind="counted", actor=SYSTEM, data={"id": key}, at=EPOCH))

                await storage.transact(work)
                os.write(1, f"{key}\n".encode())

        for _ in range(AT_ONCE):
            tasks.create_task(go_on())


if __name__ == "__main__":
    asyncio.run(acknowledge(sys.argv[1]))
