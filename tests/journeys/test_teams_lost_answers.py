"""Teams does what it is asked and the answer is lost, or Deskmate dies over it: Microsoft Graph is asked, and everything stands once.

Deskmate runs without a password here, on a host that gives it its tokens.
"""

import asyncio
import contextlib
import signal
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.wording.delivery import twice
from tests.fakes.databases import sqlite_url
from tests.fakes.faults import Fault, as_json, drop_after_commit, http_error, reset
from tests.fakes.separate import Remote
from tests.fakes.teams_identity import APP_SERVICE, SECRET
from tests.journeys import teams_town as town
from tests.journeys.deskmate import Place, running
from tests.journeys.expected import problems
from tests.journeys.story import Story
from tests.journeys.surviving import at_rest

LOST: Mapping[str, Sequence[Fault]] = {"create": [drop_after_commit()], "post": [drop_after_commit()] * 3}
"""The first header, and whatever is posted first."""
UNDONE: Mapping[str, Sequence[Fault]] = {"create": [http_error(502)], "post": [reset(), http_error(504)]}
"""Nothing was done, which nobody can know."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the database says, and what stands in Teams."""

    story: Story
    posts: Mapping[str, Sequence[str]]
    killed: bool


async def told(folder: Path, *, kill_at: str | None = None, faults: Mapping[str, Sequence[Fault]]) -> Told:
    """Play the story in a channel, with faults, and with a death."""
    async with town.teams_town() as teams:
        place = _hosted(teams, town.place_for(teams, folder, sqlite_url(folder)))
        await town.connect(teams, place)
        killed = False
        async with contextlib.AsyncExitStack() as stack:
            victim = await stack.enter_async_context(running(place, kill_at=kill_at))
            await teams.do("installs", place=town.DESK)
            for kind, planned in faults.items():
                await teams.do("inject", method=kind, faults=[as_json(fault) for fault in planned])
            play = asyncio.create_task(_play(teams, place))
            if kill_at is not None:
                async with asyncio.timeout(60):
                    killed = await victim.ended() == -signal.SIGKILL
                await stack.enter_async_context(running(place))
                await teams.do("redeliver_unanswered")
            story = await play
        posts = {where: await town.posts(teams, where) for where in (town.HELP, town.IT_SUPPORT, town.SECURITY)}
        return Told(story=story, posts=posts, killed=killed)


def _hosted(teams: Remote, place: Place) -> Place:
    """Return a place on a host of Azure, from where Graph is reached."""
    known = {name: value for name, value in place.environment.items() if name != "MICROSOFT_APP_PASSWORD"}
    host = {"IDENTITY_ENDPOINT": f"{teams.url}{APP_SERVICE}", "IDENTITY_HEADER": SECRET}
    more = {"MICROSOFT_APP_TYPE": "UserAssignedMSI", "MICROSOFT_GRAPH_URL": f"{teams.url}/graph"}
    return replace(place, environment={**known, **host, **more})


async def _play(teams: Remote, place: Place) -> Story:
    conversation = await town.june_asks(teams, town.HELP)
    await town.security_asked(teams, conversation)
    await town.june_clears(teams, conversation)
    await town.advice_came(teams, conversation)
    return await at_rest(place)


@pytest.mark.parametrize(
    ("kill_at", "faults"),
    [
        pytest.param("posted:header", LOST, id="lost and killed at the header"),
        pytest.param(None, LOST, id="lost", marks=pytest.mark.chaos),
        pytest.param(None, UNDONE, id="undone", marks=pytest.mark.chaos),
        pytest.param("posted:note", {}, id="killed at a note", marks=pytest.mark.chaos),
        pytest.param("posted:talk", {}, id="killed at talk", marks=pytest.mark.chaos),
        pytest.param("posted:header", UNDONE, id="undone and killed at the header", marks=pytest.mark.chaos),
    ],
)
async def test_what_nobody_confirmed_stands_once(
    kill_at: str | None, faults: Mapping[str, Sequence[Fault]], tmp_path: Path
) -> None:
    """In the thread of the requester, and in those of the support channels, headers included; nobody had to guess."""

    result = await told(tmp_path, kill_at=kill_at, faults=faults)

    assert (kill_at is not None) == result.killed
    assert [] == problems(result.story)
    assert {} == {text: count for posts in result.posts.values() for text, count in Counter(posts).items() if count > 1}
    assert [] == [text for posts in result.posts.values() for text in posts if twice() in text]
