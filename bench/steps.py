"""What a recorded step costs over the bare SDK loop that makes the same calls, with intent and result both durable.

One run asks the local Claude for twenty turns, nineteen of which call a trivial tool; Deskmate records forty steps of it. The bare loop
sends the same system text, tools and messages through the same transport and calls the same tool. The overhead is everything else:
claiming the mailbox, beginning, guarding, budgeting, auditing, storing, and ending the run with its outcome and its notes.
"""

import argparse
import os

from bench.databases import postgres, sqlite
from bench.processes import answer, folder
from bench.report import Goal, Report, Row
from tests.fakes.claude import KEY
from tests.fakes.separate import separately


async def run(options: argparse.Namespace) -> Report:
    """Measure on both databases."""
    rounds = "3" if options.quick else "9"
    rows: list[Row] = []
    notes: list[str] = []
    async with separately("tests.fakes.claude", "--brain", "bench.brain:answer") as claude:
        environment = {**os.environ, "ANTHROPIC_BASE_URL": claude.url, "ANTHROPIC_API_KEY": KEY}
        with folder() as where:
            async with sqlite(where) as url:
                rows += _rows(
                    "SQLite FULL", await answer("bench.steps_alternating", url, rounds, environment=environment)
                )
        async with postgres() as url:
            if url is None:
                notes.append("PostgreSQL was not measured: no server answers at 127.0.0.1:5432.")
            else:
                rows += _rows(
                    "PostgreSQL", await answer("bench.steps_alternating", url, rounds, environment=environment)
                )
    return Report(name="steps", reference="bare SDK loop", rows=rows, notes=notes)


def _rows(database: str, found: dict[str, float]) -> list[Row]:
    whole = f"{database}: run of 20 turns, {found['steps']:.0f} recorded steps"
    return [
        Row(what=f"{database}: overhead per recorded step", ours=found["overhead"], unit="ms", goal=Goal(limit=2)),
        Row(what=whole, ours=found["ours"], reference=found["bare"], unit="ms"),
    ]
