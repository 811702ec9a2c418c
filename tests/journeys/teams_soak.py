"""A Teams full of people who do anything and a network that fails: what a storm over Teams is made of.

What was acknowledged is noted here, by what was done, so that it can be looked for afterwards. Faults that leave open whether something
was done are rare for posts: nobody can find those again, and each costs a post that may stand twice. Streams fail seldom: one is begun
now and then, a fault waits for it, and what fails each time for two minutes is given up.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.wording.surfaces import TAKEN
from tests.fakes.faults import JsonObject, drop_after_commit, hang, http_error, rate_limited, reset
from tests.fakes.separate import Remote
from tests.journeys.storm import Membership, Weather
from tests.journeys.teams_monkey import TeamsMonkey

WEATHER = Weather(
    methods=(
        *("post", "update") * 18,
        *("members", "create") * 9,
        *("graph", "delete", "team", "token", "openid", "keys") * 3,
        *("begin", "piece", "final"),
    ),
    kinds=(
        lambda: rate_limited(1),
        lambda: rate_limited(2),
        lambda: http_error(412),
        lambda: http_error(412),
        lambda: http_error(502),
        lambda: http_error(503),
        lambda: http_error(504),
        drop_after_commit,
        reset,
        lambda: hang(2),
    ),
)
RECENT = 120
"""How many of the newest posts people look at."""


@dataclass(frozen=True, kw_only=True)
class WatchedTeams(Remote):
    """Teams' verbs, with a note of what was done and acknowledged."""

    written: list[JsonObject] = field(default_factory=list)
    """Messages that people wrote, as stored by Teams."""
    forms: set[str] = field(default_factory=set)
    """The dialogues that were sent and taken."""
    pressed: list[str] = field(default_factory=list)
    """The cards of which a button was pressed, and that was acknowledged."""

    async def do(self, verb: str, **arguments: object) -> Any:  # noqa: ANN401 -- whatever the verb returns
        """Call a verb; what Deskmate could not answer, being dead, is a LookupError."""
        answer = await super().do(verb, **arguments)
        if verb == "says":
            self.written.append(answer)
        if verb == "posts":
            return sorted(answer, key=lambda post: int(post["id"]))[-RECENT:]
        if verb == "sends" and answer["said"] == TAKEN:
            self.forms.add(answer["dialogue"])
        if verb in {"press", "refresh"} and answer["status"] is None:
            raise LookupError("nobody answered")
        if verb == "press" and answer["status"] == 200:
            self.pressed.append(str(arguments["activity"]))
        return answer


def wanderer(teams: Remote, team: str, channels: Sequence[str], user: str) -> Membership:
    """Return somebody who comes into a team, all of whose standard `channels` they read then, and goes."""
    return Membership(
        channels=tuple(channels),
        user=user,
        comes=lambda: teams.do("joins_team", people=[user], team=team),
        goes=lambda: teams.do("leaves_team", people=[user], team=team),
    )


def monkeys(
    count: int,
    teams: Remote,
    users: Sequence[str],
    channels: Sequence[str],
    words: Sequence[str],
    dice: random.Random,
) -> list[TeamsMonkey]:
    """Return so many who act at the same time, each under all of these ids."""
    return [TeamsMonkey(teams=teams, users=users, channels=channels, words=words, dice=dice) for _ in range(count)]
