"""Times how soon a mailbox is worked: `python -m bench.wake_alone URL`, in one process, as the embedded dispatcher works.

Mail is delivered in a transaction on SQLite with `synchronous=FULL`; the handler notes when it begins and does nothing. The reference is
the least that any durable queue must do: one commit of one row on the same disk, in a thread, then a task of the event loop.
It prints one JSON document of latencies in ms.
"""

import asyncio
import json
import sqlite3
import sys
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from adapters.dispatch.embedded import EmbeddedDispatcher
from adapters.system_clock import SystemClock
from bot.mail import HandedBack, Lease, Mailbox, mailbox_id
from bot.mailroom import Bell, deliver
from bot.progress import Idle
from bot.waking import WakingStorage
from bot.work import Engine
from storage.database import open_database

ONE_BY_ONE, TOGETHER, RATE = 150, 400, 150.0


@dataclass(kw_only=True)
class Noting:
    """A handler that notes when it begins."""

    begun: dict[str, asyncio.Future[float]] = field(default_factory=dict)

    async def advance(self, box: Mailbox, lease: Lease) -> Idle:  # noqa: ARG002 -- the handler's shape
        """Note the moment."""
        if not self.begun[box.subject].done():
            self.begun[box.subject].set_result(time.perf_counter())
        return Idle()

    async def give_up(self, box: Mailbox, lease: Lease, reason: str) -> None:
        """Not needed: nothing fails here."""


@dataclass(frozen=True, kw_only=True)
class Times:
    """Two ways of looking at one latency, in ms."""

    whole: float
    """From the beginning of the transaction that delivers."""
    woken: float
    """From its commit."""


async def _one(storage: WakingStorage, noting: Noting, subject: str) -> Times:
    noting.begun[subject] = asyncio.get_running_loop().create_future()
    bell, clock = Bell(kind="request", subject=subject), SystemClock()
    began = time.perf_counter()
    await storage.transact(lambda uow: deliver(uow, bell, HandedBack(by="bench"), clock.now(), cause=subject))
    committed = time.perf_counter()
    started = await noting.begun[subject]
    return Times(whole=1000 * (started - began), woken=1000 * (started - committed))


async def _at_a_rate(storage: WakingStorage, noting: Noting) -> list[Times]:
    loop = asyncio.get_running_loop()
    begin, tasks = loop.time(), list[asyncio.Task[Times]]()
    for number in range(TOGETHER):
        await asyncio.sleep(max(0.0, begin + number / RATE - loop.time()))
        tasks.append(asyncio.create_task(_one(storage, noting, f"load-{number}")))
    return list(await asyncio.gather(*tasks))


async def _floor(file: Path) -> list[float]:
    """Return how long a bare commit and the start of a task take."""
    database = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE mail (body TEXT)")

    def store() -> None:
        database.execute("INSERT INTO mail VALUES (?)", ("x" * 300,))

    async def start() -> float:
        return time.perf_counter()

    found = []
    for _ in range(ONE_BY_ONE):
        began = time.perf_counter()
        await asyncio.to_thread(store)
        found.append(1000 * (await asyncio.create_task(start()) - began))
    database.close()
    return found


async def measure(url: str) -> dict[str, list[float]]:
    """Return all latencies."""
    async with open_database(url) as plain:
        dispatcher, noting = EmbeddedDispatcher(), Noting()
        storage = WakingStorage(plain, dispatcher)
        engine = Engine(storage, SystemClock(), {"request": noting}, holder="bench", lease_lasts=timedelta(seconds=30))
        serving = asyncio.create_task(dispatcher.serve(engine.work))
        await _one(storage, noting, mailbox_id("request", "warm"))
        alone = [await _one(storage, noting, f"alone-{number}") for number in range(ONE_BY_ONE)]
        loaded = await _at_a_rate(storage, noting)
        await dispatcher.idle()
        await dispatcher.stop()
        await serving
    floor = await _floor(Path(url.partition(":///")[2] + ".floor"))
    return {
        "alone": [item.whole for item in alone],
        "alone_woken": [item.woken for item in alone],
        "loaded": [item.whole for item in loaded],
        "loaded_woken": [item.woken for item in loaded],
        "floor": floor,
    }


if __name__ == "__main__":
    json.dump(asyncio.run(measure(sys.argv[1])), sys.stdout)
