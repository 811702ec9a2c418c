"""A storm over Slack and Teams at once: people with an account in each, networks that fail, a Deskmate that dies again and again.

`--soak SECONDS` says how long it lasts, `--soak-seed` which people and faults are drawn. What happened is printed (`-s` shows it).
"""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from bot.ports import Reader
from tests.fakes.databases import postgres_url, sqlite_url
from tests.fakes.faults import JsonObject
from tests.journeys import across_soaked, slack_soak, slack_soaked, slack_town, teams_soak, teams_soaked, teams_town
from tests.journeys.deskmate import Place, running
from tests.journeys.left_over import Left, left, needlessly_held, undone, waiting
from tests.journeys.looking import auditor
from tests.journeys.slack_soak import Watched
from tests.journeys.storm import Life, crowd, dying, grown, tracebacks
from tests.journeys.teams_soak import WatchedTeams
from tests.journeys.test_slack_soak import LIFE, WORDS

SLACK_HELP = "C0HELP"
SLACK_PEOPLE = (slack_town.JUNE, slack_town.JUNE, slack_town.SAM, slack_town.VERA)
TEAMS_PEOPLE = (teams_town.JUNE, teams_town.JUNE, teams_town.SAM, teams_town.VERA)
"""June does most: what the others ask is withheld from the channels in which they read."""
HANA, CHAT = "29:hana", "19:three@thread.v2"
OTHER_DESKS = {"C0PEOPLE": "peopleops0001", "C0FACILITIES": "facilities0001", "C0FINANCE": "finance0001"}

LONG = ("My laptop is slow", "My VPN is broken", "My mailbox is full") * 2
"""What is answered at such length that the answer is streamed."""
CROWD = 3
"""People who act at the same time on each side."""
REPEATS, PAUSE = 20, 1.0
"""How often, and with how many seconds between, the platforms bring again in the end what was not acknowledged."""


@dataclass(frozen=True, kw_only=True)
class Town:
    """Both platforms, furnished, and where the Deskmate between them keeps its things."""

    slack: Watched
    teams: WatchedTeams
    place: Place

    async def repeat(self) -> int:
        """Have both bring again what was not acknowledged; how much that was."""
        missed = (self.slack.do("redeliver_unacknowledged"), self.teams.do("redeliver_unanswered"))
        return sum(await asyncio.gather(*missed))

    async def repeats(self) -> AsyncIterator[int]:
        """Have both bring again what was not acknowledged, until all is; give how much it was each time."""
        for _ in range(REPEATS):
            missed = await self.repeat()
            yield missed
            if not missed:
                return
            await asyncio.sleep(PAUSE)


@pytest.mark.chaos
@pytest.mark.parametrize("world", ["plain", "postgres", "graph"])
async def test_a_storm_over_both_leaves_nothing_undone_and_nothing_twice(
    world: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """People do anything on either side while both fail and Deskmate dies.

    With PostgreSQL, Teams keeps its own rates; with Microsoft Graph, Atom may look for its posts in channels, which fails like everything.
    With odd seeds, Atom hears what is said without a mention.
    """

    seconds, seed = float(request.config.getoption("--soak")), int(request.config.getoption("--soak-seed"))
    async with _town(tmp_path, world) as town:
        for place in (teams_town.HELP, teams_town.IT_SUPPORT, CHAT):
            await town.teams.do("set_place", place=place, hears_all=bool(seed % 2))
        until = time.time() + seconds
        of_slack = slack_soak.wanderer(town.slack, slack_town.SUPPORT["it-support"], slack_town.JUNE)
        supports = (teams_town.IT_SUPPORT, teams_town.SECURITY)
        of_teams = teams_soak.wanderer(town.teams, teams_town.DESK, supports, teams_town.JUNE)
        in_slack = (SLACK_PEOPLE, (SLACK_HELP, slack_town.SUPPORT["it-support"]), WORDS)
        in_teams = (TEAMS_PEOPLE, (teams_town.HELP, teams_town.IT_SUPPORT, CHAT), (*WORDS, *LONG))
        storm = asyncio.gather(
            crowd(slack_soak.monkeys(CROWD, town.slack, *in_slack, _dice(seed, "slack")), until),
            crowd(teams_soak.monkeys(CROWD, town.teams, *in_teams, _dice(seed, "teams")), until),
            slack_soak.WEATHER.over(town.slack, _dice(seed, "slack's faults"), until),
            teams_soak.WEATHER.over(town.teams, _dice(seed, "teams' faults"), until),
            of_slack.wander(_dice(seed, "june in slack"), until),
            of_teams.wander(_dice(seed, "june in teams"), until),
        )
        lives = await dying(town.place, until, min(LIFE, seconds / 5), town.repeat)
        told = await storm
        async with running(town.place) as deskmate, auditor(town.place) as looking:
            missed = [count async for count in town.repeats()]
            await looking.until(waiting, lambda found: not found, seconds=60 + 2 * seconds)
            slack, teams = await town.slack.state(), await town.teams.state()
            readers = {**slack_soaked.readers(slack), **teams_soaked.readers(teams)}
            await looking.until(partial(_held, readers), lambda found: not found, seconds=60)
            lives.append(Life.of(deskmate, time.time()))
            there = await looking.read(left)
            repeated = Counter(str(event["data"]["reply"]) for event in await looking.audited("reply.repeated"))
            slack, teams = await town.slack.state(), await town.teams.state()

    (tmp_path / "slack.json").write_text(json.dumps(slack))
    (tmp_path / "teams.json").write_text(json.dumps(teams))
    _print(slack=told[0], teams=told[1], faults=told[2:4], missed=missed, lives=[vars(life) for life in lives])
    states = {key: Counter(item.state for item in there.on(key).replies) for key in ("slack", "teams")}
    called = Counter(call["kind"] for call in teams["calls"])
    _print(requests=len(there.requests), replies=states, repeated=sum(repeated.values()), teams=called)
    wrong = undone(there) + slack_soaked.problems(there.on("slack"), slack, town.slack, of_slack)
    wrong += teams_soaked.problems(there.on("teams"), teams, town.teams, of_teams, repeated)
    wrong += _across(there, slack, teams) + grown(lives) + tracebacks(tmp_path / "deskmate.log")
    assert not wrong, "\n".join(wrong)


async def _held(readers: Mapping[str, Collection[str]], reader: Reader) -> list[str]:
    """Return what still waits, or is held though nobody reads there any more who should not."""
    there = await left(reader)
    needless = [*needlessly_held(there.on("slack"), readers), *needlessly_held(there.on("teams"), readers)]
    return [*await waiting(reader), *needless]


def _across(there: Left, slack: JsonObject, teams: JsonObject) -> list[str]:
    own_slack = [str(item["ts"]) for _, item in slack_soaked.standing(slack)]
    found = {
        "differing": across_soaked.differing(there),
        "echoed in slack": across_soaked.echoed(there, "slack", own_slack),
        "echoed in teams": across_soaked.echoed(there, "teams", teams_soaked.ids(teams_soaked.standing(teams))),
        "parted": across_soaked.parted(there),
    }
    return [f"{what}: {line}" for what, lines in found.items() for line in lines]


@asynccontextmanager
async def _town(folder: Path, world: str) -> AsyncIterator[Town]:
    options = ("--own-rates",) if world == "postgres" else ()
    async with AsyncExitStack() as stack:
        url = stack.enter_context(postgres_url()) if world == "postgres" else sqlite_url(folder)
        one = await stack.enter_async_context(slack_town.slack_town())
        other = await stack.enter_async_context(teams_town.teams_town(*options))
        slack = Watched(url=one.url, process=one.process)
        teams = WatchedTeams(url=other.url, process=other.process)
        place = slack_town.place_for(slack, folder, url)
        also = teams_town.place_for(teams, folder, url).environment
        more = {"MICROSOFT_GRAPH_URL": f"{teams.url}/graph"} if world == "graph" else {}
        place = replace(place, environment={**place.environment, **also, **more, "DESKMATE_RECHECK_SECONDS": "5"})
        await teams.do("add_person", id=HANA, name="Hana", email="hana@example.com")
        for channel, desk in OTHER_DESKS.items():
            await slack.do("add_channel", id=channel, private=True)
            team = await teams.do("add_team", id=f"19:{desk}-team@thread.tacv2", name=desk)
            await teams.do("add_channel", id=f"19:{desk}@thread.tacv2", team=team, members=[HANA])
        await teams.do("add_chat", id=CHAT, members=list(set(TEAMS_PEOPLE)))
        await slack.do("add_channel", id=SLACK_HELP, members=list(set(SLACK_PEOPLE)))
        await asyncio.gather(slack_town.connect(slack, place), teams_town.connect(teams, place))
        for team in (teams_town.DESK, *(f"19:{desk}-team@thread.tacv2" for desk in OTHER_DESKS.values())):
            await teams.do("installs", place=team)
        yield Town(slack=slack, teams=teams, place=place)


def _dice(seed: int, what: str) -> random.Random:
    return random.Random(f"{seed} {what}")  # noqa: S311 -- a game


def _print(**told: object) -> None:
    print(json.dumps(told))  # noqa: T201 -- what happened, for whoever looks
