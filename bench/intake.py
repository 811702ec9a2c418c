"""Durable intake through the Slack endpoint, against a bare Bolt app that keeps nothing.

Ours checks the signature, translates, stores message, author, conversation, mail, mailboxes and the sign of work on SQLite with
`synchronous=FULL`, commits, and only then answers 200. It is measured twice: alone (nobody works what arrives: what a process that only
accepts does), and as served, where the same process on the same cores also works every message to a request and posts.
"""

import argparse
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count

from bench.processes import Load, folder, load, place, process, slack_with_people, stored
from bench.report import Goal, Report, Row, middle, percentile
from tests.fakes.separate import Remote
from tests.journeys.deskmate import running

_numbers = count(1)
CLOSED, OPEN, RATE = 4000, 900, 300.0
SERVED = 900
"""Events of a round as served: all of them wait for work afterwards."""


@dataclass(kw_only=True)
class Figures:
    """What the rounds gave."""

    rates: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    lost: int = 0
    """Acknowledged and not in the database."""

    def row(self, what: str, reference: "Figures") -> list[Row]:
        """Return the rows of these figures."""
        return [
            Row(
                what=f"{what}: events/s, 32 connections",
                ours=middle(self.rates),
                reference=middle(reference.rates),
                unit="/s",
                goal=Goal(limit=0.6, of="ratio", at_least=True),
            ),
            Row(what=f"{what}: ack p50 at 300/s", ours=middle(self.p50), reference=middle(reference.p50), unit="ms"),
            Row(
                what=f"{what}: ack p99 at 300/s",
                ours=middle(self.p99),
                reference=middle(reference.p99),
                unit="ms",
                goal=Goal(limit=10),
            ),
            Row(what=f"{what}: acknowledged, not stored", ours=self.lost, goal=Goal(limit=0)),
        ]


async def _send(url: str, amount: int, *, rate: float = 0, connections: int = 32) -> Load:
    first = next(_numbers) * 100_000
    return await load(url, first=first, count=amount, rate=rate, connections=connections, seconds=30)


async def _closed(url: str, figures: Figures, amount: int) -> int:
    round_ = await _send(url, amount)
    figures.rates.append(round_.rate)
    return round_.acknowledged


async def _open(url: str, figures: Figures, amount: int) -> int:
    round_ = await _send(url, amount, rate=RATE, connections=64)
    late = [30_000.0] * round_.unanswered
    figures.p50.append(percentile([*round_.latencies, *late], 0.5))
    figures.p99.append(percentile([*round_.latencies, *late], 0.99))
    return round_.acknowledged


_Shape = Callable[[str, Figures, int], Awaitable[int]]


async def _alone(slack: Remote, bolt: Remote, rounds: int, share: float) -> tuple[Figures, Figures]:
    """Measure the way in alone, in turn with the bare app."""
    ours, bare = Figures(), Figures()
    with folder() as where:
        settled = place(slack, where).whole_environment()
        async with process("bench.intake_alone", environment=settled, log=where / "log") as desk:
            accepted = await _warm(desk.url) + 0 * await _warm(bolt.url)
            shapes: list[tuple[_Shape, int]] = [(_closed, CLOSED), (_open, OPEN)]
            for shape, amount in shapes:
                for _ in range(rounds):
                    await shape(bolt.url, bare, int(amount * share))
                    accepted += await shape(desk.url, ours, int(amount * share))
        ours.lost = accepted - stored(where)
    return ours, bare


async def _served(slack: Remote, bolt: Remote, rounds: int, share: float) -> tuple[Figures, Figures]:
    """Measure `deskmate serve`, begun anew for each round: what the round before left to do would go on beside it."""
    ours, bare = Figures(), Figures()
    shapes: list[tuple[_Shape, int]] = [(_closed, SERVED), (_open, SERVED)]
    for shape, amount in shapes:
        for _ in range(rounds):
            await shape(bolt.url, bare, int(amount * share))
            with folder() as where:
                async with running(place(slack, where)) as desk:
                    accepted = await shape(desk.place.url, ours, int(amount * share))
                    desk.kill()
                    await desk.ended()
                ours.lost += accepted - stored(where)
    return ours, bare


async def _warm(url: str) -> int:
    return (await _send(url, 300)).acknowledged


async def run(options: argparse.Namespace) -> Report:
    """Measure."""
    rounds, share = (1, 0.3) if options.quick else (3, 1.0)
    async with slack_with_people() as slack, process("bench.bare_bolt", f"{slack.url}/api/") as bolt:
        alone, bare = await _alone(slack, bolt, rounds, share)
        served, beside = await _served(slack, bolt, rounds, share)
    return Report(
        name="intake",
        reference="bare Bolt app",
        rows=[*alone.row("intake alone", bare), *served.row("as served", beside)],
        notes=[
            "Alone: stored and acknowledged, worked by nobody. As served: the same process also works each message;",
            f"its rounds of {SERVED} events are shorter, since all that was accepted is worked on the same cores.",
        ],
    )
