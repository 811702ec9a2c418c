"""Times one run after the other, ours and the bare loop's in turn, in one process: `python -m bench.steps_alternating URL ROUNDS`.

`URL` is the database's; ANTHROPIC_BASE_URL and ANTHROPIC_API_KEY name the local Claude. It prints one JSON document: the overhead
per recorded step of each round, and the milliseconds of a run. With DESKMATE_BENCH_PROFILE set, ours is profiled into that file.
"""

import argparse
import asyncio
import cProfile
import json
import os
import sys
import time
from statistics import median

from anthropic import AsyncAnthropic

from adapters.models.connection import connect
from bench import sdk_loop
from bench.small_desk import SmallDesk, small_desk
from storage.database import open_database

CALLS = 19
"""Tool calls of a run: with the end, twenty turns of the model."""


async def _ours(desk: SmallDesk, number: int) -> tuple[float, int]:
    box = await desk.open(f"run-{number}", CALLS)
    before = await desk.steps()
    began = time.perf_counter()
    await desk.engine.work(box)
    seconds = time.perf_counter() - began
    return seconds, await desk.steps() - before


async def _bare(desk: SmallDesk, client: AsyncAnthropic) -> float:
    assert desk.model.first is not None
    began = time.perf_counter()
    calls = await sdk_loop.run(client, desk.model.first, desk.servers)
    seconds = time.perf_counter() - began
    assert calls == CALLS + 1, calls
    return seconds


async def measure(url: str, rounds: int) -> dict[str, object]:
    """Return what the rounds gave."""
    client = connect()
    profile = cProfile.Profile() if os.environ.get("DESKMATE_BENCH_PROFILE") else None
    async with open_database(url) as storage:
        desk = await small_desk(storage, client)
        await _ours(desk, -1)
        await _bare(desk, client)
        ours, bare, overheads, steps = list[float](), list[float](), list[float](), 0
        for number in range(rounds):
            bare.append(await _bare(desk, client))
            if profile:
                profile.enable()
            seconds, steps = await _ours(desk, number)
            if profile:
                profile.disable()
            ours.append(seconds)
            overheads.append(1000 * (ours[-1] - bare[-1]) / steps)
    await client.close()
    if profile:
        profile.dump_stats(os.environ["DESKMATE_BENCH_PROFILE"])
    runs = {"ours": 1000 * median(ours), "bare": 1000 * median(bare)}
    return {"overhead": median(overheads), "overheads": overheads, "steps": steps, **runs}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("rounds", type=int)
    options = parser.parse_args()
    json.dump(asyncio.run(measure(options.url, options.rounds)), sys.stdout)
