"""A Slack full of people who do anything, a network that fails, and a Deskmate that dies again and again: what a soak is made of.

People move while Deskmate is dead too, as people do; Slack then gives up on what it cannot deliver and repeats the events later.
What was acknowledged is noted here, by what was done, so that it can be looked for afterwards. Faults are drawn anew all the time.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes.faults import Fault, JsonObject, as_json, drop_after_commit, hang, http_error, rate_limited, reset
from tests.fakes.separate import Remote
from tests.journeys.deskmate import Deskmate
from tests.journeys.slack_monkey import Monkey

METHODS = (
    "chat.postMessage",
    "chat.update",
    "chat.startStream",
    "chat.appendStream",
    "chat.stopStream",
    "assistant.threads.setStatus",
    "agents.sessions.setStatus",
    "assistant.threads.setTitle",
    "conversations.info",
    "conversations.members",
    "conversations.replies",
    "conversations.history",
    "users.info",
    "views.open",
    "views.publish",
    "response_url",
)
PAUSE = (0.2, 2.0)
"""Seconds between two things that one of them does: a support channel takes one post a second, and a request makes about ten."""
RECENT = 120
"""How many of the newest posts people look at."""


@dataclass(frozen=True, kw_only=True)
class Watched(Remote):
    """Slack's verbs, with a note of what was done and acknowledged."""

    written: list[JsonObject] = field(default_factory=list)
    """Messages that people wrote, as stored by Slack."""
    forms: set[str] = field(default_factory=set)
    """The views that were sent and taken; the same one may be sent twice at the same time."""
    taken: dict[str, int] = field(default_factory=dict)
    """How many commands, forms and presses were acknowledged, by verb; those that are answered by a form are none."""

    async def do(self, verb: str, **arguments: object) -> Any:  # noqa: ANN401 -- whatever the verb returns
        """Call a verb; what Deskmate could not answer, being dead, is a LookupError."""
        if verb == "sends" and not arguments["values"]:
            raise LookupError("a dialogue that only says something has no button to send it")
        view = await super().do("modal", user=arguments["user"]) if verb == "sends" else None
        answer = await super().do(verb, **arguments)
        if verb in {"says", "uploads"}:
            self.written.append(answer)
        if verb == "posts":
            return sorted(answer, key=lambda post: str(post["ts"]))[-RECENT:]
        if verb in {"sends", "command", "press"}:
            if answer["status"] is None:
                raise LookupError("nobody answered")
            if self._is_kept(verb, arguments, answer):
                self.taken[verb] = self.taken.get(verb, 0) + 1
                self.forms.update([view["id"]] if view else [])
        return answer

    def _is_kept(self, verb: str, arguments: JsonObject, answer: JsonObject) -> bool:
        if answer["status"] != 200:
            return False
        if verb == "sends":
            return not answer["errors"] and not answer["trouble"]
        if verb == "command":
            return str(arguments["text"]).split()[:1] != ["new"]
        return not str(arguments["action_id"]).startswith("form")


@dataclass(kw_only=True)
class Membership:
    """Who came into a channel and went, and when."""

    slack: Remote
    channel: str
    user: str
    stays: list[tuple[float, float]] = field(default_factory=list)
    """From when to when the person was in it."""

    async def wander(self, dice: random.Random, until: float) -> None:
        """Come and go until then; be out at the end."""
        while time.time() < until:
            await asyncio.sleep(dice.uniform(2, 6))
            await self.slack.do("joins", user=self.user, channel=self.channel)
            came = time.time()
            await asyncio.sleep(dice.uniform(1, 4))
            self.stays.append((came, time.time()))
            await self.slack.do("leaves", user=self.user, channel=self.channel)

    def read(self, stamp: float, grace: float) -> bool:
        """Whether the person had been in for `grace` seconds when something was posted, and still was."""
        return any(came + grace < stamp < went for came, went in self.stays)


@dataclass(kw_only=True)
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


async def faults(slack: Remote, dice: random.Random, until: float) -> int:
    """Let something go wrong about every half second; return how often."""
    count = 0
    while time.time() < until:
        await asyncio.sleep(dice.uniform(0.1, 0.9))
        await slack.do("inject", method=dice.choice(METHODS), faults=[as_json(_fault(dice))])
        count += 1
    return count


def _fault(dice: random.Random) -> Fault:
    kinds = (lambda: rate_limited(1), lambda: http_error(500), drop_after_commit, drop_after_commit, reset)
    return dice.choice((*kinds, lambda: http_error(503), lambda: hang(2)))()


async def people(
    slack: Remote,
    users: Sequence[str],
    channels: Sequence[str],
    words: Sequence[str],
    dice: random.Random,
    until: float,
) -> dict[str, int]:
    """Let three people at a time do anything until then; return how often each thing was done."""
    crowd = [Monkey(slack=slack, users=users, channels=channels, words=words, dice=dice) for _ in range(3)]

    async def live(one: Monkey) -> None:
        while time.time() < until:
            await one.moves_on(1)
            await asyncio.sleep(one.dice.uniform(*PAUSE))

    await asyncio.gather(*(live(one) for one in crowd))
    return {
        move: sum(one.moves.get(move, 0) for one in crowd) for move in sorted({k for one in crowd for k in one.moves})
    }
