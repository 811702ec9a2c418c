"""Everything twice and at the same time, as impatient people and a slow network do it: each thing happens once."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from bot.ports import Reader
from bot.request import Request
from bot.satisfaction import Satisfaction
from tests.journeys import slack_town as town
from tests.journeys.slack_hands import Hands
from tests.journeys.slack_scene import SUPPORT, slack_scene

RAVI = "U0RAVI"
HEAD = "IT-1001: The label printer"


@pytest.mark.chaos
async def test_what_is_pressed_and_sent_twice_happens_once(tmp_path: Path) -> None:
    """Two agents take the same request, a form is sent twice, a score is given twice: one request, one holder, one answer, one score."""

    async with slack_scene(tmp_path) as scene:
        await scene.slack.do("add_user", id=RAVI, name="Ravi Menon", email="ravi@example.com")
        await scene.slack.do("joins", user=RAVI, channel=SUPPORT)
        sam, ravi, june = (Hands(slack=scene.slack, user=user) for user in (town.SAM, RAVI, town.JUNE))
        await june.types("new The label printer jams", containing="IT-1001")
        head = await sam.sees(SUPPORT, "Take over", HEAD)
        await asyncio.gather(*(one.presses(head, "Take over") for one in (sam, ravi, sam, ravi)))
        held = await sam.sees(SUPPORT, "Hand back", HEAD)
        await sam.presses(held, "Reply to requester")
        form = await sam.form()
        values = {"text": {"value": {"type": "plain_text_input", "value": "I am on my way."}}}
        sending = [scene.slack.do("submit", user=town.SAM, view_id=form["id"], values=values) for _ in range(3)]
        answers = await asyncio.gather(*sending)
        direct = await scene.direct()
        await scene.shown(direct, "I am on my way.")
        await sam.fills(await sam.sees(SUPPORT, "Resolve", HEAD), "Resolve", summary="A new roll.")
        survey = (await scene.shown(direct, "How did it go"))[0]
        await asyncio.gather(*(june.presses(survey, "5 – very good") for _ in range(3)))
        await scene.shown(direct, "Thank you")
        await scene.auditor.delivered()
        said, private = await scene.heard(), await town.posts(scene.slack, SUPPORT)
        requests, scores = await scene.auditor.read(_requests), await scene.auditor.read(_scores)

    assert [200] * 3 == [answer["status"] for answer in answers]
    assert ["IT-1001"] == [item.number for item in requests]
    assert 1 == len([text for text in said if "I am on my way." in text])
    assert 1 == len([text for text in private if "I am on my way." in text])
    assert 1 == len([text for text in said if "A new roll." in text])
    assert [5] == [item.score for item in scores]
    assert 1 == len([text for text in private if HEAD in text])
    taken = [text for text in private if "has taken over" in text]
    assert [] == [text for text, following in pairwise(taken) if text == following]
    assert requests[0].assignee.kind == "person"
    assert "resolved" == requests[0].status


async def _requests(reader: Reader) -> list[Request]:
    return list(await reader.find(Request))


async def _scores(reader: Reader) -> list[Satisfaction]:
    return list(await reader.find(Satisfaction))
