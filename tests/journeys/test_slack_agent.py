"""Slack's agent experience: the stop button stops, the status ends, and an answer is whole though its stream died."""

from pathlib import Path

from bot.ports import Reader
from bot.satisfaction import Feedback
from tests.fakes.faults import JsonObject
from tests.journeys import slack_town as town
from tests.journeys.expected import CHECKS, problems
from tests.journeys.slack_hands import Hands
from tests.journeys.slack_scene import Scene, slack_scene

SETTLE = "600"


async def test_stop_stops_and_a_dead_stream_leaves_a_whole_answer(tmp_path: Path) -> None:
    """June stops Atom before it has answered; then the story comes to its end though Slack ends every stream at once."""

    async with slack_scene(tmp_path, DESKMATE_SETTLE_MS=SETTLE) as scene:
        june = Hands(slack=scene.slack, user=town.JUNE)
        thread = await scene.says(town.JUNE, "How do I connect to the VPN?")
        await _session(scene, thread, "processing")
        await scene.slack.do("stops", user=town.JUNE, channel=town.JUNE, thread=thread)
        await scene.shown(await scene.direct(), "Stopped")
        stopped = await _session(scene, thread, "active")
        none = await scene.auditor.delivered()

        await scene.slack.do("set_limits", stream_seconds=0)
        asked = await town.june_asks(scene.slack)
        await town.security_asked(scene.slack)
        await town.june_clears(scene.slack, asked)
        await town.advice_came(scene.slack)
        story = await scene.auditor.delivered()
        await _session(scene, asked, "active")
        state = await scene.slack.state()
        heard = await scene.heard()
        again = await scene.says(town.JUNE, "How do I connect to the VPN?")
        answer = await june.sees(await scene.direct(), "This helped", "Sources")
        await june.presses(answer, "This helped")
        await scene.shown(await scene.direct(), "Thank you")
        judged = await scene.auditor.until(_feedback, bool)

    assert ("", ()) == (stopped["status"], none.requests)
    assert [] == problems(story)
    died = [call for call in state["calls"] if _error(call) == "message_not_in_streaming_state"]
    assert [] != died
    advice = [text for text in heard if CHECKS[0] in text.casefold() and "disk space" in text.casefold()]
    assert 1 == len(advice)
    assert [] == [check for check in CHECKS if check.casefold() not in advice[0].casefold()]
    assert again == answer["thread_ts"]
    assert [True] == [item.helpful for item in judged]


async def _feedback(reader: Reader) -> list[Feedback]:
    return list(await reader.find(Feedback))


def _error(call: JsonObject) -> str:
    return str((call["answer"] or {}).get("error", ""))


async def _session(scene: Scene, thread: str, wanted: str) -> JsonObject:
    """Return what is shown beside a thread of June's once its session is in this state."""
    shown: JsonObject = await scene.slack.do(
        "wait_for_session", channel=await scene.direct(), thread=thread, session=wanted, seconds=20
    )
    return shown
