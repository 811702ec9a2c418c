"""Much at once: a file, a burst of messages in its thread, and all of it under eleven event ids.

Nothing is lost, nothing is answered twice, and the file is written down and not fetched.
"""

from pathlib import Path

from bot.file import File
from bot.message import Message
from bot.ports import Reader
from tests.journeys import slack_town as town
from tests.journeys.slack_scene import slack_scene
from tests.journeys.story import ASKED

WORDS = ("It began on Monday.", "Mostly in the browser.", "Restarting did not help.", "Please hurry.")


async def test_a_burst_with_a_file_is_one_request(tmp_path: Path) -> None:
    """June's message with a file, four more in its thread, each of them ten times more under other event ids."""

    async with slack_scene(tmp_path, DESKMATE_SETTLE_MS="400") as scene:
        first = await scene.slack.do(
            "uploads", user=town.JUNE, channel=town.JUNE, name="top.txt", content="kernel_task 480 %", text=ASKED
        )
        for text in WORDS:
            await scene.says(town.JUNE, text, thread=first["ts"])
        heard = [attempt for attempt in (await scene.slack.state())["attempts"] if attempt["kind"] == "event_callback"]
        for key in dict.fromkeys(attempt["key"] for attempt in heard):
            await scene.slack.do("repeats", event_id=key, count=10)
        await town.security_asked(scene.slack)
        story = await scene.auditor.delivered()
        request = await scene.auditor.status("pending")
        opened = [text for text in await scene.heard() if "opened" in text]
        asked = [text for text in await scene.heard() if "MFA" in text]
        files = await scene.auditor.read(_files)
        state = await scene.slack.state()

    said = f"{request.title}\n{request.description}\n" + "\n".join(text for _, _, text in story.notes)
    assert (1, 1, 1) == (len(story.requests), len(opened), len(asked))
    assert [] == [text for text in (ASKED, *WORDS) if text not in said]
    assert [1] * len(WORDS) == [said.count(text) for text in WORDS]
    assert [("top.txt", "text/plain", 17)] == [(file.name, file.type, file.size) for file in files]
    assert [] == state["downloads"]
    assert {200} == {attempt["status"] for attempt in state["attempts"]}


async def _files(reader: Reader) -> list[File]:
    return [file for message in await reader.find(Message) for file in message.files]
