"""The main job over signed Slack events, by a Deskmate that runs as an admin starts it."""

from pathlib import Path

import pytest

from storage.database import open_database
from tests.fakes.databases import sqlite_url
from tests.journeys import slack_town as town
from tests.journeys.deskmate import Place, running
from tests.journeys.expected import THE_STORY
from tests.journeys.story import Story, told


async def read_story(place: Place) -> Story:
    """Read the story from the database, once nobody works on it."""
    async with open_database(place.database_url) as storage:
        return await storage.read(told)


async def test_the_story_over_slack(tmp_path: Path) -> None:
    """A signed message becomes a request that four coworkers work, ask about, and leave pending."""

    async with town.slack_town() as slack:
        place = town.place_for(slack, tmp_path, sqlite_url(tmp_path))
        async with running(place):
            await town.connect(slack, place)
            thread = await town.june_asks(slack)
            await town.security_asked(slack)
            await town.june_clears(slack, thread)
            await town.advice_came(slack)
        story = await read_story(place)

        direct = await town.posts(slack, await town.direct_chat(slack))
        support = await town.posts(slack, "C0SUPPORT")
        security = await town.posts(slack, "C0SECURITY")

    assert THE_STORY == story
    assert [] == [text for text in direct if "updater-helper" in text or "blocked" in text]
    assert any("updater-helper" in text for text in support)
    assert any("updater-helper" in text for text in security)


