"""Streamed answers: they appear piece by piece and stand whole in the end, once, whatever fails at whichever call."""

from dataclasses import replace

import pytest

from bot.conversation import Conversation
from bot.errors import PermanentError
from bot.ports import Messenger
from bot.reply import Button
from tests.contract.slack.connected import StillClock, connected, reply
from tests.contract.slack.streaming import LONG, PARAGRAPHS, STREAMING, calls, carried, delivered, whole
from tests.fakes.faults import Fault, drop_after_commit, http_error, rate_limited, refused, reset
from tests.fakes.slack import LocalSlack


async def test_a_long_answer_is_streamed(server: LocalSlack, messenger: Messenger, chat: Conversation) -> None:
    """Piece by piece; footer, buttons and the reply's id come with the end, and the stop button goes."""
    button = Button(action="solved", subject="IT-1042", label="Solved")
    said = replace(reply(LONG), footer="IT-1042 · in progress", buttons=(button,))

    post = await messenger.post(said, chat)

    (sent,) = server.posts(chat.channel)
    assert calls(server, *STREAMING, "chat.postMessage", "chat.update") == [
        "chat.startStream",
        *["chat.appendStream"] * (len(calls(server, "chat.appendStream"))),
        "chat.stopStream",
    ]
    assert len(calls(server, "chat.appendStream")) >= 2
    assert (sent["ts"], sent["text"], carried(sent)) == (post, LONG.replace(" \n", "\n").strip(), "r1")
    assert [block["type"] for block in sent["blocks"]] == ["context", "actions"]
    assert sent["streaming_state"] == "completed"
    assert server.calls_to("agents.sessions.setStatus")[-1].arguments["status"] == "active"


async def test_who_speaks_is_said_first(server: LocalSlack, messenger: Messenger, chat: Conversation) -> None:
    """As it is above a post."""
    await messenger.post(replace(reply(LONG), speaker="Software Engineer"), chat)

    assert server.posts(chat.channel)[0]["text"].startswith("**Software Engineer**\n\nParagraph 0")


FAULTS = [
    refused("message_not_in_streaming_state"),
    refused("internal_error"),
    rate_limited(3),
    http_error(500),
    reset(),
    drop_after_commit(),
]


@pytest.mark.parametrize("method", STREAMING)
@pytest.mark.parametrize("fault", FAULTS)
async def test_it_stands_whole_and_once(
    server: LocalSlack, messenger: Messenger, chat: Conversation, clock: StillClock, method: str, fault: Fault
) -> None:
    """Whichever call fails, and however."""
    server.faults.inject(method, fault)

    post = await delivered(messenger, reply(LONG), chat, clock)

    (sent,) = server.posts(chat.channel)
    assert (sent["ts"], whole(sent), carried(sent)) == (post, True, "r1")


@pytest.mark.parametrize("method", STREAMING[1:])
@pytest.mark.parametrize("recovery", FAULTS[1:])
async def test_a_recovery_that_fails_is_gone_on_with(
    server: LocalSlack, messenger: Messenger, chat: Conversation, clock: StillClock, method: str, recovery: Fault
) -> None:
    """The stream dies and its completion fails too: the next try finds what stands and completes it."""
    server.faults.inject(method, refused("message_not_in_streaming_state"))
    server.faults.inject("chat.update", recovery, recovery)

    post = await delivered(messenger, reply(LONG), chat, clock)

    (sent,) = server.posts(chat.channel)
    assert (sent["ts"], whole(sent), carried(sent)) == (post, True, "r1")


@pytest.mark.parametrize("deleting", [None, http_error(500), rate_limited(2), drop_after_commit()])
async def test_half_a_text_that_may_not_be_changed_is_replaced(
    server: LocalSlack, messenger: Messenger, chat: Conversation, clock: StillClock, deleting: Fault | None
) -> None:
    """Slack forbids the change: the half is deleted, and the whole is posted."""
    server.faults.inject("chat.appendStream", refused("message_not_in_streaming_state"))
    server.faults.inject("chat.update", refused("cant_update_message"), refused("cant_update_message"))
    if deleting is not None:
        server.faults.inject("chat.delete", deleting)

    post = await delivered(messenger, reply(LONG), chat, clock)

    (sent,) = server.posts(chat.channel)
    assert (sent["ts"], whole(sent), carried(sent)) == (post, True, "r1")


async def test_a_stream_is_stopped_though_slack_fails_at_that(
    server: LocalSlack, messenger: Messenger, chat: Conversation, clock: StillClock
) -> None:
    """A change alone leaves the message as one that is still being written."""
    server.faults.inject("chat.stopStream", http_error(500), rate_limited(2))

    await delivered(messenger, reply(LONG), chat, clock)

    (sent,) = server.posts(chat.channel)
    assert (whole(sent), carried(sent), sent["streaming_state"]) == (True, "r1", "completed")


async def test_a_post_that_is_found_ends_the_session(
    server: LocalSlack, messenger: Messenger, chat: Conversation
) -> None:
    """The process died after posting and before that: nobody else would take the stop button away."""
    assert chat.thread is not None
    answer = reply("Short.")
    said = {"event_type": "deskmate_reply", "event_payload": {"reply_id": answer.id}}
    by_the_dead = {**server.workspace.author, "text": "Short.", "metadata": said}
    server.workspace.add(chat.channel, by_the_dead, thread=chat.thread)
    server.workspace.thread_state(chat.channel, chat.thread)["session"] = "processing"

    assert await messenger.find(answer, chat) is not None

    assert server.thread_shown(chat.channel, chat.thread)["session"] == "active"


async def test_a_stream_that_expires_is_completed(server: LocalSlack, messenger: Messenger, chat: Conversation) -> None:
    """Slack ends it after some minutes, while it is appended to."""
    server.workspace.stream_seconds = -1

    await messenger.post(reply(LONG), chat)

    (sent,) = server.posts(chat.channel)
    assert (whole(sent), carried(sent)) == (True, "r1")


@pytest.mark.parametrize("calls_done", [1, 2])
async def test_a_stream_whose_process_died_is_completed(
    server: LocalSlack, messenger: Messenger, chat: Conversation, clock: StillClock, calls_done: int
) -> None:
    """Killed after so many calls; the next process recognises the beginning, asks nothing anew and posts nothing."""

    class KilledError(BaseException):
        """Ends the process between two calls."""

    class DyingClock(StillClock):
        async def sleep(self, seconds: float) -> None:
            if len(calls(server, *STREAMING)) == calls_done:
                raise KilledError
            await super().sleep(seconds)

    dying = connected(server, DyingClock())
    await dying.start()
    with pytest.raises(KilledError):
        await dying.messenger.post(reply(LONG), chat)
    await dying.close()

    found = await messenger.find(reply(LONG), chat)

    (sent,) = server.posts(chat.channel)
    assert (found, whole(sent), carried(sent)) == (sent["ts"], True, "r1")
    assert await messenger.find(reply(LONG), chat) == found


async def test_another_text_is_not_taken_for_a_dead_stream(
    server: LocalSlack, messenger: Messenger, chat: Conversation
) -> None:
    """Somebody else's words, another app's, another beginning, or a post that carries another reply."""
    beginning = PARAGRAPHS[0]
    thread = {"thread": chat.thread}
    server.workspace.add(chat.channel, {"user": "U1", "text": beginning}, **thread)
    server.workspace.add(chat.channel, {"user": "U9", "bot_id": "B9", "text": beginning}, **thread)
    server.workspace.add(chat.channel, {"user": "U0ATOM", "bot_id": "B0ATOM", "text": "Paragraph 9"}, **thread)
    await messenger.post(reply(LONG, key="other"), chat)

    assert await messenger.find(reply(LONG), chat) is None


async def test_slack_may_write_a_stream_in_its_own_way(
    server: LocalSlack, messenger: Messenger, chat: Conversation
) -> None:
    """History gives marks and links as mrkdwn; the beginning is recognised by what is read."""
    text = LONG.replace("Paragraph 0", "See [the **page**](https://a.example/x) & <more>: Paragraph 0")
    said = "See <https://a.example/x|the page> (a.example) &amp; &lt;more&gt;: Paragraph 0: a sentence of some *len"
    theirs = {"user": "U0ATOM", "bot_id": "B0ATOM", "text": said}
    dead = server.workspace.add(chat.channel, theirs, thread=chat.thread)

    assert await messenger.find(reply(text), chat) == dead["ts"]


async def test_a_stream_into_a_deleted_thread_is_taken_back(
    server: LocalSlack, messenger: Messenger, chat: Conversation
) -> None:
    """The first message is gone: nothing is left in the chat, and a person is told."""
    del server.workspace.messages[chat.channel][chat.thread or ""]

    with pytest.raises(PermanentError, match="taken back"):
        await messenger.post(reply(LONG), chat)

    assert server.posts(chat.channel) == []


async def test_a_thread_deleted_while_a_stream_died_is_cleaned(
    server: LocalSlack, messenger: Messenger, chat: Conversation
) -> None:
    """What was begun stands at the root then; it is taken back rather than completed."""
    theirs = {"user": "U0ATOM", "bot_id": "B0ATOM", "text": PARAGRAPHS[0]}
    server.workspace.add(chat.channel, theirs)
    del server.workspace.messages[chat.channel][chat.thread or ""]

    with pytest.raises(PermanentError, match="taken back"):
        await messenger.find(reply(LONG), chat)

    assert server.posts(chat.channel) == []


async def test_a_message_deleted_while_it_was_streamed_is_not_written_anew(
    server: LocalSlack, messenger: Messenger, chat: Conversation
) -> None:
    """Somebody did not want it there."""
    server.faults.inject("chat.appendStream", refused("message_not_found"))
    server.faults.inject("chat.update", refused("message_not_found"))

    with pytest.raises(PermanentError, match="deleted"):
        await messenger.post(reply(LONG), chat)

    assert calls(server, "chat.postMessage") == []
