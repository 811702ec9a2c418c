"""The main job over Teams activities with valid tokens, by a Deskmate that runs as an admin starts it."""

from pathlib import Path

import pytest

from tests.fakes.databases import sqlite_url
from tests.journeys import teams_town as town
from tests.journeys.deskmate import running
from tests.journeys.expected import problems
from tests.journeys.surviving import at_rest


@pytest.mark.chaos
@pytest.mark.parametrize("where", [pytest.param(town.JUNE, id="personal"), pytest.param(town.HELP, id="channel")])
async def test_the_story_over_teams(where: str, tmp_path: Path) -> None:
    """A message in the personal chat, or a mention in a channel, is worked to the end where it was written."""

    async with town.teams_town() as teams:
        place = town.place_for(teams, tmp_path, sqlite_url(tmp_path))
        async with running(place):
            await town.connect(teams, place)
            conversation = await town.june_asks(teams, where)
            await town.security_asked(teams, conversation)
            await town.june_clears(teams, conversation)
            await town.advice_came(teams, conversation)
            story = await at_rest(place)

        everything = await teams.do("posts")
        public = await town.posts(teams, conversation)
        support = await town.posts(teams, town.IT_SUPPORT)
        security = await town.posts(teams, town.SECURITY)

    talk = [post for post in everything if post["type"] == "message"]
    assert [] == problems(story)
    assert [] == [text for text in public if "updater-helper" in text or "Private note" in text]
    assert any("updater-helper" in text for text in support)
    assert any("updater-helper" in text for text in security)
    assert len(public) + len(support) + len(security) == len(talk)
    assert 2 == len({post["conversation"]["id"] for post in talk} - {conversation})
