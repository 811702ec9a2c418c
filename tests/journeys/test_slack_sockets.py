"""Socket Mode tells the same story as HTTP, also when Slack renews the connections or they break in the middle of it."""

import asyncio
from pathlib import Path

import pytest

from tests.fakes.databases import sqlite_url
from tests.fakes.slack import APP_TOKEN
from tests.journeys import slack_town as town
from tests.journeys.deskmate import running
from tests.journeys.expected import problems
from tests.journeys.looking import auditor
from tests.journeys.slack_hands import Hands
from tests.journeys.slack_scene import place_in, slack_scene

SOCKETS = {"SLACK_APP_TOKEN": APP_TOKEN, "SLACK_SIGNING_SECRET": ""}


async def test_the_story_over_sockets_is_the_story(tmp_path: Path) -> None:
    """Without a signing secret and without a public address: nothing is lost, nothing is said twice, commands are answered."""

    async with slack_scene(tmp_path, **SOCKETS) as scene:
        await scene.slack.do("wait_for_links")
        thread = await town.june_asks(scene.slack)
        await scene.slack.do("disconnects", reason="refresh_requested")
        await town.security_asked(scene.slack)
        await scene.slack.do("wait_for_links")
        broken = await scene.slack.do("break_sockets")
        await town.june_clears(scene.slack, thread)
        await scene.slack.do("wait_for_links")
        await scene.slack.do("redeliver_unacknowledged")
        await town.advice_came(scene.slack)
        mine = await Hands(slack=scene.slack, user=town.JUNE).types("mine", containing="IT-1001")
        story = await scene.auditor.delivered()
        heard = await scene.heard()

    assert broken >= 1
    assert [] == problems(story)
    assert len(heard) == len(set(heard))
    assert "IT-1001" in mine


@pytest.mark.chaos
async def test_a_desk_that_dies_is_told_again_over_its_next_connection(tmp_path: Path) -> None:
    """It is killed as soon as June's message is on its way; what it had not acknowledged comes again, and the story is the story."""

    async with town.slack_town() as slack:
        place = place_in(slack, tmp_path, sqlite_url(tmp_path), SOCKETS)
        async with running(place) as first:
            await slack.do("wait_for_links")
            first.pause()
            asking = asyncio.create_task(town.june_asks(slack))
            await asyncio.sleep(0.1)
            first.kill()
            thread = await asking
        async with running(place), auditor(place) as looking:
            await slack.do("wait_for_links")
            missed = await slack.do("redeliver_unacknowledged")
            await town.security_asked(slack)
            await town.june_clears(slack, thread)
            await town.advice_came(slack)
            story = await looking.delivered()

    assert missed >= 1
    assert [] == problems(story)
