"""Slack as strict as it says it is: one post a second in a channel, and each method so often a minute. The story is the story."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.fakes.faults import JsonObject
from tests.journeys import slack_town as town
from tests.journeys.expected import problems
from tests.journeys.slack_hands import Hands
from tests.journeys.slack_scene import SECURITY, SUPPORT, slack_scene


@pytest.mark.chaos
async def test_the_story_within_slacks_limits(tmp_path: Path) -> None:
    """Few calls are refused, none comes before its time again, nothing is lost or said twice."""

    async with slack_scene(tmp_path) as scene:
        await scene.slack.do("set_limits", seconds_between_posts=1, tiers=True)
        thread = await town.june_asks(scene.slack)
        await town.security_asked(scene.slack)
        await town.june_clears(scene.slack, thread)
        await town.advice_came(scene.slack)
        await Hands(slack=scene.slack, user=town.JUNE).types("mine", containing="IT-1001")
        story = await scene.auditor.delivered(seconds=60)
        posts = [await town.posts(scene.slack, place) for place in (await scene.direct(), SUPPORT, SECURITY)]
        calls = (await scene.slack.state())["calls"]

    assert [] == problems(story)
    assert [len(place) for place in posts] == [len(set(place)) for place in posts]
    assert [] == _early(calls)
    assert len([call for call in calls if call["answer"] is None]) < len(calls) / 4


def _early(calls: Sequence[JsonObject]) -> list[JsonObject]:
    """Return the calls of a method that came into a channel within the second after it was refused there."""
    early, refused = [], dict[tuple[str, str], float]()
    for call in sorted(calls, key=lambda call: call["at"]):
        place = call["method"], str(call["arguments"].get("channel", ""))
        if call["at"] < refused.get(place, 0.0):
            early.append(call)
        if call["answer"] is None:
            refused[place] = call["at"] + 1
    return early
