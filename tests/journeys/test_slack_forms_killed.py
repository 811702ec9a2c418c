"""What was taken is done: a form, a command and a press are acknowledged, and Deskmate dies at once, before it has worked them.

Slack sends none of these again. So whatever had its 200 must be in the database, and be worked once by the next process.
"""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.fakes.databases import sqlite_url
from tests.journeys import slack_town as town
from tests.journeys.deskmate import running
from tests.journeys.looking import auditor
from tests.journeys.slack_hands import Hands
from tests.journeys.slack_scene import SUPPORT, place_in

HELP, HEAD = "C0HELP", "IT-1001: Projector"
THREAD = "In the message's thread, where others read along"
SLOW = {"DESKMATE_SETTLE_MS": "400"}


@pytest.mark.chaos
async def test_what_was_acknowledged_is_worked_after_a_death(tmp_path: Path) -> None:
    """The process dies four times, each time right after a person has done something; each thing is there, once."""

    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(town.slack_town())
        place = place_in(slack, tmp_path, sqlite_url(tmp_path), SLOW)
        sam, june = Hands(slack=slack, user=town.SAM), Hands(slack=slack, user=town.JUNE)
        await slack.do("add_channel", id=HELP, members=[town.JUNE, town.SAM])
        await town.connect(slack, place)
        async with running(place) as deskmate:
            said = await slack.do("says", user=town.JUNE, channel=HELP, text="The projector shows no picture.")
            await sam.shortcut(said)
            await sam.sends(title="Projector", workspace="IT Support", answer_in=THREAD)
            deskmate.kill()
        async with running(place) as deskmate:
            head = await sam.sees(SUPPORT, "Take over", HEAD)
            await sam.presses(head, "Take over")
            deskmate.kill()
        async with running(place) as deskmate:
            await sam.sees(SUPPORT, "Hand back", HEAD)
            asked = await slack.do("command", user=town.JUNE, channel=town.JUNE, text="mine")
            deskmate.kill()
        async with running(place) as deskmate:
            await june.told("IT-1001")
            await sam.fills(await sam.sees(SUPPORT, "Resolve", HEAD), "Resolve", summary="A new cable.")
            deskmate.kill()
        async with running(place), auditor(place) as looking:
            await slack.do("wait_for_posts", channel=HELP, containing="How did it go", seconds=30)
            story = await looking.delivered()
            heard, private = await town.posts(slack, HELP), await town.posts(slack, SUPPORT)
            mine = await june.asides("IT-1001")

    assert 200 == asked["status"]
    assert [("IT-1001", "it-support", "resolved")] == [request[:3] for request in story.requests]
    assert [] == [text for text in heard if heard.count(text) > 1]
    assert 1 == len([text for text in heard if "has opened" in text])
    assert 1 == len([text for text in heard if "A new cable." in text])
    assert 1 == len([text for text in private if HEAD in text])
    assert 1 == len([text for text in private if "has taken over" in text])
    assert 1 == len(mine)
