"""Activities a second through Teams, with tokens checked and a reply each, beside a stock botbuilder-core adapter.

Ours is measured twice. Alone: the adapter does what the stock one does (token, translation, one reply, then the answer) and stores
nothing. As served: `deskmate serve` stores each activity before it acknowledges it, Atom answers it from the knowledge, and the outbox
posts the answer.
"""

import argparse
import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from bench.processes import Load, folder, load, process, stored
from bench.report import Goal, Report, Row, middle, percentile
from bench.teams_activities import meet, prepare
from tests.fakes.separate import Remote, separately
from tests.fakes.teams_state import APP_ID, TENANT
from tests.fakes.teams_tokens import PASSWORD
from tests.journeys.deskmate import running
from tests.journeys.teams_town import place_for

LINES = (1, 20)
STOCK, OURS, SERVED = 300, 1500, 300
_POSTED = "SELECT count(*) FROM reply WHERE kind = 'talk' AND state = 'sent'"
_numbers = count(1)


@dataclass(kw_only=True)
class Figures:
    """What the rounds gave, by the number of connections."""

    rates: dict[int, list[float]] = field(default_factory=lambda: {lines: [] for lines in LINES})
    p50: dict[int, list[float]] = field(default_factory=lambda: {lines: [] for lines in LINES})
    p99: dict[int, list[float]] = field(default_factory=lambda: {lines: [] for lines in LINES})

    def note(self, lines: int, round_: Load) -> None:
        """Keep a round; what was refused makes it worthless."""
        if round_.refused or round_.unanswered:
            raise RuntimeError(f"{round_.refused} activities were refused and {round_.unanswered} not answered.")
        self.rates[lines].append(round_.rate)
        self.p50[lines].append(percentile(round_.latencies, 0.5))
        self.p99[lines].append(percentile(round_.latencies, 0.99))


async def _round(teams: Remote, bot: str, chats: Sequence[str], amount: int, lines: int) -> Load:
    first = next(_numbers) * 100_000
    with folder() as where:
        file = where / "requests.json"
        _write(file, await prepare(teams, bot, chats, range(first, first + amount)))
        return await load(bot, count=amount, connections=lines, requests=file)


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


async def _alone(teams: Remote, chats: Sequence[str], rounds: int, share: float) -> tuple[Figures, Figures]:
    """Measure the adapter in turn with the stock one."""
    own, stock = Figures(), Figures()
    who = (teams.url, APP_ID, PASSWORD, TENANT)
    async with process("bench.stock_teams", *who) as reference, process("bench.teams_alone", *who) as ours:
        for bot in (reference, ours):
            await _round(teams, bot.url, chats, 60, 2)
        for _ in range(rounds):
            for lines in LINES:
                for figures, bot, amount in ((stock, reference, STOCK), (own, ours, OURS)):
                    figures.note(lines, await _round(teams, bot.url, chats, int(amount * share), lines))
    return own, stock


async def _served(teams: Remote, chats: Sequence[str], lines: int) -> tuple[float, float, int]:
    """Return the activities that `deskmate serve` acknowledged and answered a second, and how many answers are missing."""
    with folder() as where:
        place = place_for(teams, where, f"sqlite+aiosqlite:///{where / 'desk.db'}")
        async with running(place) as desk:
            sent = await _round(teams, desk.place.url, chats, len(chats), lines)
            answered = await _until_answered(where, len(chats))
            return sent.rate, answered / (time.monotonic() - sent.began), sent.acknowledged - answered


async def _until_answered(where: Path, wanted: int) -> int:
    """Wait until so many answers were posted, or none comes any more."""
    found, since = 0, time.monotonic()
    while found < wanted and time.monotonic() - since < 10:
        await asyncio.sleep(0.05)
        now = stored(where, _POSTED)
        found, since = now, time.monotonic() if now > found else since
    return found


def _rows(what: str, ours: Figures, stock: Figures, goal: Goal | None) -> list[Row]:
    rows = []
    for lines in LINES:
        about = f"{what}, {lines} connection{'s' if lines > 1 else ''}"
        pairs = (
            (ours.rates, stock.rates, "/s", goal),
            (ours.p50, stock.p50, "ms", None),
            (ours.p99, stock.p99, "ms", None),
        )
        for name, (mine, theirs, unit, wanted) in zip(("activities/s", "p50", "p99"), pairs, strict=True):
            given, reference = middle(mine[lines]), middle(theirs[lines])
            rows.append(Row(what=f"{about}: {name}", ours=given, reference=reference, unit=unit, goal=wanted))
    return rows


async def run(options: argparse.Namespace) -> Report:
    """Measure."""
    rounds, share = (1, 0.2) if options.quick else (3, 1.0)
    async with separately("tests.fakes.teams") as teams:
        chats = await meet(teams, int(SERVED * share))
        own, stock = await _alone(teams, chats, rounds, share)
        served = [await _served(teams, chats, LINES[-1]) for _ in range(rounds)]
    goal = Goal(limit=5, of="ratio", at_least=True)
    beside = middle(stock.rates[LINES[-1]])
    through = [middle([found[at] for found in served]) for at in (0, 1)]
    return Report(
        name="teams",
        reference="stock botbuilder-core adapter",
        rows=[
            *_rows("adapter", own, stock, goal),
            Row(what="as served: acknowledged/s, 20 connections", ours=through[0], reference=beside, unit="/s"),
            Row(what="as served: answered/s, until the last", ours=through[1], reference=beside, unit="/s"),
            Row(
                what="as served: acknowledged, not answered", ours=sum(found[2] for found in served), goal=Goal(limit=0)
            ),
        ],
        notes=[
            "Adapter: token, translation, one reply through the connector, then the answer; nothing is stored, as in the reference.",
            "As served: stored before it is acknowledged, answered by Atom from the knowledge, posted by the outbox; anew each round.",
        ],
    )
