"""Slack, Teams and the terminal give the same story, because the same code works it: word for word, step for step."""

import asyncio
from pathlib import Path

from tests.fakes.databases import sqlite_url
from tests.journeys import slack_town, teams_town, terminal_town
from tests.journeys.deskmate import running
from tests.journeys.expected import problems
from tests.journeys.story import ASKED, CLEARED, Story
from tests.journeys.surviving import at_rest


async def test_three_platforms_tell_the_same_story(tmp_path: Path) -> None:
    """Requests, notes and their texts, hand-offs and their reasons, runs and calls are equal on all three."""

    for name in ("slack", "teams", "terminal"):
        (tmp_path / name).mkdir()
    slack, teams, terminal = await asyncio.gather(
        _over_slack(tmp_path / "slack"), _over_teams(tmp_path / "teams"), _in_a_terminal(tmp_path / "terminal")
    )

    assert [] == problems(slack)
    assert slack == teams
    assert slack == terminal


async def _over_slack(folder: Path) -> Story:
    async with slack_town.slack_town() as slack:
        place = slack_town.place_for(slack, folder, sqlite_url(folder))
        async with running(place):
            await slack_town.connect(slack, place)
            thread = await slack_town.june_asks(slack)
            await slack_town.security_asked(slack)
            await slack_town.june_clears(slack, thread)
            await slack_town.advice_came(slack)
            return await at_rest(place)


async def _over_teams(folder: Path) -> Story:
    async with teams_town.teams_town() as teams:
        place = teams_town.place_for(teams, folder, sqlite_url(folder))
        async with running(place):
            await teams_town.connect(teams, place)
            conversation = await teams_town.june_asks(teams)
            await teams_town.security_asked(teams, conversation)
            await teams_town.june_clears(teams, conversation)
            await teams_town.advice_came(teams, conversation)
            return await at_rest(place)


async def _in_a_terminal(folder: Path) -> Story:
    place = terminal_town.place_for(folder, sqlite_url(folder))
    for text in (ASKED, CLEARED):
        await terminal_town.june_says(place, text)
    return await at_rest(place)
