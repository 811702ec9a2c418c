"""Three hundred requests in flight with a model that takes two seconds for each answer.

First the run loop alone: 300 runs of three model calls and two tool calls, every step stored on SQLite, against 300 bare loops of the
SDK that make the same calls and store nothing. Then everything: 300 signed Slack messages to `deskmate serve`, each of which Atom opens
as a request (one model call) that a coworker works and resolves (two model calls); and what memory that takes.
"""

import argparse
import asyncio
import os
import time

from bench.databases import sqlite
from bench.measured import megabytes
from bench.processes import answer, folder, load, place, slack_with_people, stored
from bench.report import Goal, Report, Row, middle
from tests.fakes.claude import KEY
from tests.fakes.separate import Remote, separately
from tests.journeys.deskmate import running

COUNT, LATENCY = 300, 2.0
_DONE = "SELECT count(*) FROM request WHERE status = 'resolved'"


async def _runs(claude: Remote, rounds: int, count: int) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    environment = {**os.environ, "ANTHROPIC_BASE_URL": claude.url, "ANTHROPIC_API_KEY": KEY}
    ours, bare = list[dict[str, float]](), list[dict[str, float]]()
    for _ in range(rounds):
        bare.append(await answer("bench.inflight_runs", "bare", str(count), environment=environment))
        with folder() as where:
            async with sqlite(where) as url:
                given = ("ours", str(count), url)
                ours.append(await answer("bench.inflight_runs", *given, environment=environment))
    return ours, bare


async def _served(claude: Remote, count: int) -> tuple[float, float, float]:
    """Return the seconds from the first message until all are resolved, the peak and the idle memory in MB."""
    model = {"ANTHROPIC_BASE_URL": claude.url, "ANTHROPIC_API_KEY": KEY, "DESKMATE_MODEL": "claude-sonnet-5-5"}
    async with slack_with_people() as slack:
        with folder() as where:
            async with running(place(slack, where, DESKMATE_SETTLE_MS="0", **model)) as desk:
                before = megabytes(desk.process.pid, peak=False)
                began = time.monotonic()
                sent = await load(desk.place.url, first=1, count=count, connections=64)
                assert sent.acknowledged == count, sent
                async with asyncio.timeout(90):
                    while stored(where, _DONE) < count:  # noqa: ASYNC110 -- another process's tables tell nobody
                        await asyncio.sleep(0.1)
                seconds = time.monotonic() - began
                peak = megabytes(desk.process.pid)
    return seconds, peak, before


async def run(options: argparse.Namespace) -> Report:
    """Measure."""
    rounds, count = (1, 30) if options.quick else (3, COUNT)
    async with separately("tests.fakes.claude", "--brain", "bench.brain:answer", "--latency", str(LATENCY)) as claude:
        ours, bare = await _runs(claude, rounds, count)
        seconds, peak, before = await _served(claude, count)
    alone = middle([found["seconds"] for found in bare])
    small = Goal(limit=160)
    return Report(
        name="inflight",
        reference=f"{count} bare SDK loops at once",
        rows=[
            Row(
                what=f"{count} runs of 3 model calls: wall",
                ours=middle([found["seconds"] for found in ours]),
                reference=alone,
                unit="s",
                goal=Goal(limit=1.1, of="ratio"),
            ),
            Row(
                what=f"{count} requests through Slack, until all are resolved: wall",
                ours=seconds,
                reference=alone,
                unit="s",
            ),
            Row(
                what="the same: `deskmate serve`, peak memory",
                ours=peak,
                reference=middle([found["megabytes"] for found in bare]),
                unit="MB",
                goal=small,
            ),
            Row(what="`deskmate serve` with Slack and Claude, before", ours=before, unit="MB"),
        ],
        notes=[f"The least that three answers of {LATENCY:g} s take is {3 * LATENCY:g} s."],
    )
