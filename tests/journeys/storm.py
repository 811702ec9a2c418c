"""What every storm is made of, whatever the platform: people who act, faults that are drawn, wanderers, and a Deskmate that dies.

People move while Deskmate is dead too, as people do; the platforms then give up on what they cannot deliver and repeat it later.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.fakes.faults import Fault, as_json
from tests.fakes.separate import Remote
from tests.journeys.deskmate import Deskmate, Place, running

PAUSE = (0.2, 2.0)
"""Seconds between two things that one of them does: a support channel takes one post a second, and a request makes about ten."""
AT_ONCE = 3
"""Faults that wait for the same call: what is called seldom would else fail for as long as all that have gathered."""
MOST_FILES, MOST_MEGABYTES = 120, 400
REMEMBERED = 15.0
"""Seconds for which Deskmate believes who reads, where no announcement reaches it."""
Happening = Callable[[], Awaitable[object]]


class Mover(Protocol):
    """Somebody who does things at random."""

    dice: random.Random
    moves: dict[str, int]

    async def moves_on(self, count: int) -> None:
        """Try so many moves."""
        ...


async def crowd(people: Sequence[Mover], until: float) -> dict[str, int]:
    """Let people act at the same time until then; return how often each thing was done."""

    async def live(one: Mover) -> None:
        while time.time() < until:
            await one.moves_on(1)
            await asyncio.sleep(one.dice.uniform(*PAUSE))

    await asyncio.gather(*(live(one) for one in people))
    done: Counter[str] = Counter()
    for one in people:
        done.update(one.moves)
    return dict(sorted(done.items()))


@dataclass(frozen=True, kw_only=True)
class Weather:
    """What may go wrong with which calls of a platform; what is named twice goes wrong twice as often."""

    methods: Sequence[str]
    kinds: Sequence[Callable[[], Fault]]

    async def over(self, platform: Remote, dice: random.Random, until: float) -> int:
        """Let something go wrong about every half second until then; return how often."""
        count = 0
        while time.time() < until:
            await asyncio.sleep(dice.uniform(0.1, 0.9))
            fault = dice.choice(self.kinds)()
            await platform.do("inject", method=dice.choice(self.methods), faults=[as_json(fault)], most=AT_ONCE)
            count += 1
        return count


@dataclass(kw_only=True)
class Membership:
    """Who came into channels and went, and when."""

    channels: tuple[str, ...]
    user: str
    comes: Happening
    """What it returns is False when Deskmate did not take the announcement."""
    goes: Happening
    stays: list[tuple[float, float]] = field(default_factory=list)
    """From when to when the person was in them."""

    async def wander(self, dice: random.Random, until: float) -> None:
        """Come and go until then; be out at the end."""
        while time.time() < until:
            await asyncio.sleep(dice.uniform(2, 6))
            taken = await self.comes()
            came = time.time() + (REMEMBERED if taken is False else 0)
            await asyncio.sleep(dice.uniform(1, 4))
            self.stays.append((came, time.time()))
            await self.goes()

    def read(self, stamp: float, grace: float) -> bool:
        """Whether the person had been in for `grace` seconds when something was posted, and still was."""
        return any(came + grace < stamp < went for came, went in self.stays)


@dataclass(frozen=True, kw_only=True)
class Life:
    """One process from its start to its death."""

    seconds: float
    megabytes: float
    files: int

    @classmethod
    def of(cls, deskmate: Deskmate, began: float) -> "Life":
        """Look at a living process."""
        at = Path(f"/proc/{deskmate.process.pid}")
        pages = int((at / "statm").read_text().split()[1])
        return cls(seconds=time.time() - began, megabytes=pages / 256, files=len(list((at / "fd").iterdir())))


async def dying(place: Place, until: float, life: float, repeat: Happening) -> list[Life]:
    """Run Deskmate until then, and kill it again and again; return how it was before each death.

    `repeat` has the platforms bring again what was not acknowledged, each time that Deskmate has come back.
    """
    lives = []
    while time.time() < until:
        async with running(place, wait=False) as deskmate:
            began = time.time()
            if await deskmate.ready():
                await repeat()
            await asyncio.sleep(max(0.0, min(began + life, until) - time.time()))
            assert deskmate.process.returncode is None, deskmate.log.read_text()[-3000:]
            lives.append(Life.of(deskmate, began))
            deskmate.kill()
            await deskmate.ended()
    return lives


def grown(lives: Sequence[Life]) -> list[str]:
    """Return the lives that took more memory or files than a process should."""
    return [f"grown: {life}" for life in lives if life.files > MOST_FILES or life.megabytes > MOST_MEGABYTES]


def tracebacks(log: Path) -> list[str]:
    """Return the beginnings of tracebacks in a log."""
    return [line for line in log.read_text().splitlines() if "Traceback" in line]
