"""The main job over signed Slack events, by a Deskmate that runs as an admin starts it."""

from pathlib import Path

from tests.fakes.databases import sqlite_url
from tests.journeys import slack_town as town
from tests.journeys.deskmate import running
from tests.journeys.expected import problems
from tests.journeys.surviving import at_rest


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
            story = await at_rest(place)

        direct = await town.posts(slack, await town.direct_chat(slack))
        support = await town.posts(slack, "C0SUPPORT")
        security = await town.posts(slack, "C0SECURITY")

    assert [] == problems(story)
    assert [] == [text for text in direct if "updater-helper" in text or "Private note" in text]
    assert any("updater-helper" in text for text in support)
    assert any("updater-helper" in text for text in security)
