"""A human takes June's request over in Slack: coworkers are silent until it is handed back, and every word crosses over meanwhile."""

from collections.abc import Sequence
from pathlib import Path

from bot.run import Run
from tests.journeys import slack_town as town
from tests.journeys.slack_scene import SECURITY, slack_scene
from tests.journeys.story import CLEARED

HUMAN = "Vera here, June. Did you click on anything?"
ASIDE = "I don't trust this updater."


async def test_a_human_takes_over_and_hands_back(tmp_path: Path) -> None:
    """`reply:` reaches June, her answer reaches the private thread, no coworker says anything, and then it goes on."""

    async with slack_scene(tmp_path) as scene:
        thread = await town.june_asks(scene.slack)
        await town.security_asked(scene.slack)
        header = (await scene.shown(SECURITY, "Write here to leave a private note"))[0]
        await scene.slack.do("press", user=town.VERA, message=header, action_id="take_over")
        await scene.shown(SECURITY, "Vera Lindqvist has taken over")
        silent_from = len(await scene.auditor.read(lambda reader: reader.find(Run)))
        for text in (ASIDE, f"reply: {HUMAN}"):
            await scene.says(town.VERA, text, channel=SECURITY, thread=header["ts"])
        await scene.shown(await scene.direct(), "Did you click on anything?")
        await scene.says(town.JUNE, CLEARED, thread=thread)
        await scene.shown(SECURITY, "any suspicious links, prompts or redirects")
        await scene.says(town.VERA, "Atom, what do you think?", channel=SECURITY, thread=header["ts"])
        await scene.auditor.delivered()
        runs = await scene.auditor.read(lambda reader: reader.find(Run))
        while_held = await scene.heard()
        held = await scene.auditor.status("in_progress")
        card = (await scene.shown(SECURITY, "Coworkers stay silent until it is handed back"))[0]
        await scene.slack.do("press", user=town.VERA, message=card, action_id="hand_back")
        await scene.shown(SECURITY, "handed IT-1001 back to Security Specialist")
        await scene.auditor.until(
            lambda reader: reader.find(Run), lambda found: len(found) > len(runs) and not _running(found)
        )
        story = await scene.auditor.delivered()

    assert "person" == held.assignee.kind
    assert silent_from == len(runs)
    assert "Vera" in while_held[-1]
    assert HUMAN in while_held[-1]
    assert [] == [text for text in while_held if ASIDE in text]
    assert ("public", "June Park") in [(visibility, author) for visibility, author, _ in story.notes]
    assert len(story.runs) > 3


def _running(runs: Sequence[Run]) -> bool:
    return any(run.state == "running" for run in runs)
