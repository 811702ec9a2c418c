"""Many runs at once in one process: `python -m bench.inflight_runs ours|bare COUNT URL` prints wall seconds and peak memory.

Each run asks the local Claude three times and calls a trivial tool twice. `ours` stores every intent and result on the database `URL`,
dispatched as `deskmate serve` does it; `bare` is the SDK's loop, which keeps nothing. ANTHROPIC_BASE_URL names the local Claude.
"""

import asyncio
import json
import os
import sys
import time

from adapters.models.connection import connect
from bench import sdk_loop
from bench.measured import megabytes
from bench.small_desk import small_desk
from bot.mail import Mailbox
from bot.request import Request
from storage.database import open_database
from tests.fakes.tools import WrittenServers

CALLS = 2


async def ours(count: int, url: str) -> float:
    """Return the seconds from the first wake-up until every run has ended."""
    client = connect()
    async with open_database(url) as storage:
        desk = await small_desk(storage, client)
        for number in range(count):
            await desk.open(f"run-{number}", CALLS)
        began = time.perf_counter()
        serving = asyncio.create_task(desk.dispatcher.serve(desk.engine.work))
        await asyncio.sleep(0)
        await desk.dispatcher.idle()
        seconds = time.perf_counter() - began
        await desk.dispatcher.stop()
        await serving
        due = await storage.read(lambda reader: reader.find(Mailbox, kind="request", due=True))
        solved = await storage.read(lambda reader: reader.find(Request, status="resolved"))
        assert (0, count) == (len(due), len(solved)), (len(due), len(solved))
    await client.close()
    return seconds


async def bare(count: int) -> float:
    """Return the seconds of as many bare loops at once."""
    client, servers = connect(), WrittenServers()
    first = sdk_loop.alike()
    began = time.perf_counter()
    calls = await asyncio.gather(*(sdk_loop.run(client, first, servers) for _ in range(count)))
    seconds = time.perf_counter() - began
    assert {CALLS + 1} == set(calls)
    await client.close()
    return seconds


if __name__ == "__main__":
    kind, amount = sys.argv[1], int(sys.argv[2])
    took = asyncio.run(ours(amount, sys.argv[3]) if kind == "ours" else bare(amount))
    json.dump({"seconds": took, "megabytes": megabytes(os.getpid())}, sys.stdout)
