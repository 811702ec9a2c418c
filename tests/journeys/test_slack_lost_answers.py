"""Slack does what it is asked and the answer is lost, once for every method that shows something: nothing stands twice."""

from collections import Counter
from pathlib import Path

import pytest

from tests.fakes.faults import JsonObject, as_json, drop_after_commit
from tests.journeys import slack_town as town
from tests.journeys.expected import problems
from tests.journeys.slack_hands import Hands
from tests.journeys.slack_scene import SECURITY, SUPPORT, slack_scene

SHOWN = (
    "chat.postMessage",
    "chat.update",
    "chat.startStream",
    "chat.appendStream",
    "chat.stopStream",
    "assistant.threads.setStatus",
    "assistant.threads.setTitle",
    "agents.sessions.setStatus",
    "response_url",
    "views.open",
)


@pytest.mark.chaos
async def test_lost_answers_show_nothing_twice(tmp_path: Path) -> None:
    """The story, a command and a form go their way; each post, stream, form and aside stands once."""

    async with slack_scene(tmp_path) as scene:
        june, sam = Hands(slack=scene.slack, user=town.JUNE), Hands(slack=scene.slack, user=town.SAM)
        for method in SHOWN:
            await scene.slack.do("inject", method=method, faults=[as_json(drop_after_commit())])
        thread = await town.june_asks(scene.slack)
        await town.security_asked(scene.slack)
        await town.june_clears(scene.slack, thread)
        await town.advice_came(scene.slack)
        story = await scene.auditor.delivered(seconds=60)
        mine = await june.types("mine", containing="IT-1001")
        head = await sam.sees(SUPPORT, "Reply to requester", "IT-1001: My laptop")
        await sam.fills(head, "Reply to requester", text="I am with you at ten.")
        await scene.shown(await scene.direct(), "I am with you at ten.")
        await scene.auditor.delivered(seconds=60)
        asides = await june.asides("IT-1001")
        posts = [await town.posts(scene.slack, place) for place in (await scene.direct(), SUPPORT, SECURITY)]
        state = await scene.slack.state()

    assert [] == problems(story)
    assert [] == [text for place in posts for text, count in Counter(place).items() if count > 1]
    assert [mine] == asides
    assert [] == [message for message in _said(state) if message.get("streaming_state") == "in_progress"]
    assert {} == state["faults"]


def _said(state: JsonObject) -> list[JsonObject]:
    return [message for messages in state["messages"].values() for message in messages]
