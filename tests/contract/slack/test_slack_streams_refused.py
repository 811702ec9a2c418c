"""What is posted rather than streamed: what is not suited, what Slack refuses to stream, and what would be too often."""

from dataclasses import replace

import pytest

from bot.conversation import Conversation
from bot.errors import TemporaryError
from bot.labels import Visibility
from bot.ports import Messenger
from bot.reply import Reply
from tests.contract.slack.connected import StillClock, place, reply, thread_in
from tests.contract.slack.streaming import LONG, STREAMING, calls, whole
from tests.fakes.faults import http_error, refused
from tests.fakes.slack import LocalSlack


@pytest.mark.parametrize(
    "said",
    [
        reply("Short."),
        replace(reply(LONG), kind="notice"),
        replace(reply(LONG), visibility=Visibility.PRIVATE),
        reply("One paragraph, however long. " * 40),
        reply(f"{LONG}\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
        reply(f"{LONG}\n\n```\nif a < b:\n```"),
    ],
)
async def test_what_is_posted_at_once(
    server: LocalSlack, messenger: Messenger, chat: Conversation, said: Reply
) -> None:
    """What is short, not an answer, or not written in the same way by Slack's own Markdown."""
    await messenger.post(said, chat)

    assert calls(server, *STREAMING) == []


async def test_channels_are_not_streamed_to(server: LocalSlack, messenger: Messenger) -> None:
    """Others there would see the first words only until the end."""
    await messenger.post(reply(LONG), place(thread=await thread_in(server)))

    assert calls(server, *STREAMING) == []


@pytest.mark.parametrize("error", ["unknown_method", "missing_scope", "channel_type_not_supported", "whatever_is_new"])
async def test_where_streaming_is_refused_it_is_posted(
    server: LocalSlack, messenger: Messenger, chat: Conversation, clock: StillClock, error: str
) -> None:
    """And for a while streaming is not tried again."""
    server.faults.inject("chat.startStream", refused(error))

    await messenger.post(reply(LONG), chat)
    await messenger.post(reply(LONG, key="r2"), chat)
    await clock.sleep(3_600)
    await messenger.post(reply(LONG, key="r3"), chat)

    assert calls(server, "chat.startStream", "chat.postMessage") == [
        "chat.startStream",
        "chat.postMessage",
        "chat.postMessage",
        "chat.startStream",
    ]
    assert all(map(whole, server.posts(chat.channel)))


async def test_where_slack_fails_to_begin_streams_it_is_posted_in_the_end(
    server: LocalSlack, messenger: Messenger, chat: Conversation
) -> None:
    """An answer must not be given up because streams alone are out of order."""
    server.faults.inject("chat.startStream", *(http_error(500) for _ in range(8)))
    said = reply(LONG)
    for attempt in (1, 2):
        with pytest.raises(TemporaryError):
            await messenger.post(replace(said, attempts=attempt), chat)

    await messenger.post(replace(said, attempts=3), chat)

    assert [True] == [whole(post) for post in server.posts(chat.channel)]


async def test_many_answers_at_once_are_posted(server: LocalSlack, messenger: Messenger, clock: StillClock) -> None:
    """Slack takes some twenty streams a minute; nobody waits for that."""
    direct = server.open_direct("U1")
    begun = clock.now()
    for number in range(40):
        await messenger.post(reply(LONG, key=f"r{number}"), place(direct, await thread_in(server, direct), "direct"))

    assert 10 <= len(calls(server, "chat.startStream")) < 40
    assert len(server.posts(direct)) == 40
    assert all(map(whole, server.posts(direct)))
    assert (clock.now() - begun).total_seconds() < 30
