"""Socket Mode tells the same story as HTTP, also when Slack renews the connections or they break in the middle of it."""

from pathlib import Path

from tests.fakes.slack import APP_TOKEN
from tests.journeys import slack_town as town
from tests.journeys.expected import problems
from tests.journeys.slack_hands import Hands
from tests.journeys.slack_scene import slack_scene


async def test_the_story_over_sockets_is_the_story(tmp_path: Path) -> None:
    """Without a signing secret and without a public address: nothing is lost, nothing is said twice, commands are answered."""

    async with slack_scene(tmp_path, SLACK_APP_TOKEN=APP_TOKEN, SLACK_SIGNING_SECRET="") as scene:
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
