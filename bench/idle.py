"""The processor time of a Deskmate that has nothing to do, in % of a core, beside a bare Bolt app that has nothing to do."""

import argparse
import asyncio
import time

from bench.measured import cpu_seconds, megabytes
from bench.processes import folder, place, process, slack_with_people
from bench.report import Goal, Report, Row
from tests.journeys.deskmate import running

SECONDS = 20.0


async def run(options: argparse.Namespace) -> Report:
    """Measure."""
    seconds = 3.0 if options.quick else SECONDS
    async with slack_with_people() as slack, process("bench.bare_bolt", f"{slack.url}/api/") as bolt:
        with folder() as where:
            async with running(place(slack, where)) as desk:
                await asyncio.sleep(1)
                pids = [desk.process.pid, bolt.process.pid]
                began, before = time.monotonic(), [cpu_seconds(pid) for pid in pids]
                await asyncio.sleep(seconds)
                took = time.monotonic() - began
                ours, bare = [100 * (cpu_seconds(pid) - was) / took for pid, was in zip(pids, before, strict=True)]
                memory = [megabytes(pid, peak=False) for pid in pids]
    what = f"`deskmate serve` with Slack, {seconds:.0f} s: processor"
    return Report(
        name="idle",
        reference="idle bare Bolt app",
        rows=[
            Row(what=what, ours=ours, reference=bare, unit="%", goal=Goal(limit=1)),
            Row(what="resident memory, offline model", ours=memory[0], reference=memory[1], unit="MB"),
        ],
    )
