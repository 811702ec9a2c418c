"""June joins the private channel after notes about her stand there: the admin is told, nothing more comes, and it goes on when she leaves.

The channel is looked at anew only every five minutes of itself, so what comes at once comes because Slack announced it.
"""

from pathlib import Path

from tests.journeys import slack_town as town
from tests.journeys.expected import problems
from tests.journeys.slack_scene import SUPPORT, slack_scene


async def test_who_joins_later_is_told_of_and_reads_nothing_new(tmp_path: Path) -> None:
    """Slack announces who comes and goes; it is handled before it is acknowledged."""

    async with slack_scene(tmp_path) as scene:
        await scene.says(town.SAM, "hello")
        await scene.shown(await scene.direct(town.SAM), "")
        thread = await town.june_asks(scene.slack)
        await town.security_asked(scene.slack)
        await scene.slack.do("joins", user=town.JUNE, channel=SUPPORT)
        before = await town.posts(scene.slack, SUPPORT)
        told = await scene.shown(await scene.direct(town.SAM), "has joined the private channel")
        await town.june_clears(scene.slack, thread)
        await town.advice_came(scene.slack)
        await scene.auditor.status("pending")
        meanwhile = await town.posts(scene.slack, SUPPORT)
        await scene.slack.do("leaves", user=town.JUNE, channel=SUPPORT)
        story = await scene.auditor.delivered(seconds=40)
        after = await town.posts(scene.slack, SUPPORT)

    assert before
    assert "June Park has joined the private channel of IT Support" in str(told)
    assert "IT-1001" in str(told)
    assert [] == [text for text in meanwhile if text not in before and "JUNE-MBP-14" in text]
    assert len(after) > len(meanwhile)
    assert [] == problems(story)
