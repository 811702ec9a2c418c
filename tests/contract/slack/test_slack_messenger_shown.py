"""What is shown beside a conversation: work that goes on, until it is cleared on whichever path; titles; prompts."""

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import PermanentError, TemporaryError
from bot.ports import Messenger
from bot.reply import Reply
from tests.contract.slack.connected import StillClock, place, reply, thread_in
from tests.fakes.faults import Fault, drop_after_commit, http_error, rate_limited, refused
from tests.fakes.slack import LocalSlack


def working(text: str = "is looking into it…") -> Reply:
    return replace(reply(text), kind="status")


def given(server: LocalSlack, method: str, name: str) -> list[Any]:
    """List what one argument of a method was, call by call."""
    return [call.arguments.get(name) for call in server.calls_to(method)]


def eyes(server: LocalSlack, thread: str) -> list[str]:
    return [reaction["name"] for reaction in server.workspace.message("C1", thread).get("reactions", [])]


async def test_work_is_shown_where_it_goes_on(server: LocalSlack, messenger: Messenger) -> None:
    """In a direct thread by the status line and the stop button, in a channel by a pair of eyes; neither is a post."""
    direct = server.open_direct("U1")
    asked, thread = await thread_in(server, direct), await thread_in(server)

    await messenger.post(working(), place(direct, asked, "direct"))
    await messenger.post(working(), place(thread=thread))

    assert server.workspace.statuses[0]["status"] == "is looking into it…"
    assert given(server, "agents.sessions.setStatus", "status") == ["processing"]
    assert eyes(server, thread) == ["eyes"]
    assert server.posts() == []


async def test_an_empty_status_clears(server: LocalSlack, messenger: Messenger) -> None:
    """The line, the stop button and the eyes."""
    direct = server.open_direct("U1")
    asked, thread = await thread_in(server, direct), await thread_in(server)
    for where in (place(direct, asked, "direct"), place(thread=thread)):
        await messenger.post(working(), where)
        await messenger.post(working(""), where)

    assert given(server, "assistant.threads.setStatus", "status") == ["is looking into it…", ""]
    assert given(server, "agents.sessions.setStatus", "status") == ["processing", "active"]
    assert eyes(server, thread) == []


async def test_a_post_clears_too(server: LocalSlack, messenger: Messenger) -> None:
    """Slack takes the line away itself; the session and the eyes are ours to end, once."""
    direct = server.open_direct("U1")
    asked, thread = await thread_in(server, direct), await thread_in(server)
    for where in (place(direct, asked, "direct"), place(thread=thread)):
        await messenger.post(working(), where)
        await messenger.post(reply("Done"), where)
        await messenger.post(reply("And more", key="r2"), where)

    assert given(server, "agents.sessions.setStatus", "status") == ["processing", "active"]
    assert eyes(server, thread) == []
    assert len(server.calls_to("reactions.remove")) == 1


async def test_what_another_process_showed_is_cleared_by_a_post(server: LocalSlack, messenger: Messenger) -> None:
    """The stop button must not outlive the answer because the process that showed it has died."""
    direct = server.open_direct("U1")
    asked = await thread_in(server, direct)

    await messenger.post(reply("Done"), place(direct, asked, "direct"))

    assert given(server, "agents.sessions.setStatus", "status") == ["active"]


@pytest.mark.parametrize("fault", [rate_limited(0.5), drop_after_commit(), http_error(503)])
async def test_clearing_is_tried_twice(server: LocalSlack, messenger: Messenger, fault: Fault) -> None:
    """What is not cleared would stay."""
    direct = server.open_direct("U1")
    where = place(direct, await thread_in(server, direct), "direct")
    await messenger.post(working(), where)
    server.faults.inject("assistant.threads.setStatus", fault)

    await messenger.post(working(""), where)

    assert server.workspace.statuses[-1]["status"] == ""


async def test_work_that_cannot_be_shown_is_no_failure(
    server: LocalSlack, messenger: Messenger, clock: StillClock
) -> None:
    """The answer matters, not the eyes; what the app may not do is not tried at every message."""
    server.faults.inject("reactions.add", http_error(500), refused("missing_scope"))
    thread = await thread_in(server)

    for _ in range(4):
        await messenger.post(working(), place(thread=thread))
    tried = len(server.calls_to("reactions.add"))
    await clock.sleep(3_700)
    await messenger.post(working(), place(thread=thread))

    assert (tried, len(server.calls_to("reactions.add"))) == (2, 3)


async def test_a_thread_is_named_and_a_chat_has_prompts(server: LocalSlack, messenger: Messenger) -> None:
    """Both as plain text of Slack's lengths, at most four prompts, one per line."""
    direct = server.open_direct("U1")
    asked = await thread_in(server, direct)
    lines = "\n".join(["My laptop is slow", "", "Reset my password <!here>", "Order a chair", "Who am I?", "Too many"])

    await messenger.post(working(), place(direct, asked, "direct"))
    await messenger.post(replace(reply("IT-1042 Slow\nlaptop"), kind="title"), place(direct, asked, "direct"))
    await messenger.post(replace(reply(lines), kind="prompts"), place(direct, None, "direct"))

    (title,), (prompts,) = (
        given(server, "assistant.threads.setTitle", "title"),
        given(server, "assistant.threads.setSuggestedPrompts", "prompts"),
    )
    assert title == "IT-1042 Slow laptop"
    assert given(server, "agents.sessions.rename", "title") == [title]
    assert [prompt["message"] for prompt in prompts] == [
        "My laptop is slow",
        "Reset my password <\u200b!here>",
        "Order a chair",
        "Who am I?",
    ]
    assert server.posts() == []


async def test_titles_and_prompts_belong_to_direct_chats(server: LocalSlack, messenger: Messenger) -> None:
    """A channel has none; nothing is called."""
    thread = await thread_in(server)

    for kind in ("title", "prompts"):
        await messenger.post(replace(reply("x"), kind=kind), place(thread=thread))

    assert not server.calls_to("assistant.threads.setTitle")
    assert not server.calls_to("assistant.threads.setSuggestedPrompts")


async def test_a_person_is_written_to_by_their_own_id(server: LocalSlack, messenger: Messenger) -> None:
    """A thread that Deskmate begins: the chat is opened once, and what only takes the chat's id is given that."""
    begun = place("U1", None, "direct")

    post = await messenger.post(replace(reply("IT-1042"), kind="header"), begun)
    thread = messenger.thread_of(begun, post)
    await messenger.post(working(), thread)
    second = await messenger.post(reply(key="r2"), thread)
    await messenger.change(reply("Changed", key="r3"), thread, second)
    found = await messenger.find(reply("Changed", key="r3"), thread)

    direct = server.open_direct("U1")
    assert thread.channel == "U1"
    assert [message["text"] for message in server.thread(direct, post)] == ["IT-1042", "Changed"]
    assert found == second
    assert len(server.calls_to("conversations.open")) == 1


async def test_somebody_who_is_gone_is_not_written_to(server: LocalSlack, messenger: Messenger) -> None:
    """The chat cannot be opened; a person is told how else to reach them. Nothing is remembered of it."""
    server.faults.inject("conversations.open", refused("user_disabled"), http_error(500))

    with pytest.raises(PermanentError, match="another way"):
        await messenger.post(reply(), place("U1", None, "direct"))
    with pytest.raises(TemporaryError):
        await messenger.post(reply(), place("U1", None, "direct"))

    assert await messenger.post(reply(), place("U1", None, "direct"))


async def test_every_session_that_is_begun_can_be_ended(server: LocalSlack, messenger: Messenger) -> None:
    """When many ask within a minute, some see no stop button; none sees one for ever."""
    direct = server.open_direct("U1")
    threads = [place(direct, await thread_in(server, direct), "direct") for _ in range(40)]

    for shown in (working(), working("")):
        for where in threads:
            await messenger.post(shown, where)

    changes = given(server, "agents.sessions.setStatus", "status")
    assert 0 < changes.count("processing") == changes.count("active") < 40


async def test_a_session_that_could_not_be_ended_is_ended_with_the_next_post(
    server: LocalSlack, messenger: Messenger
) -> None:
    """Slack was down for a moment; its stop button must not stay because of that."""
    direct = server.open_direct("U1")
    first, second = [place(direct, await thread_in(server, direct), "direct") for _ in range(2)]
    await messenger.post(working(), first)
    server.faults.inject("agents.sessions.setStatus", http_error(503), http_error(503))
    await messenger.post(reply("Done"), first)

    await messenger.post(reply("Elsewhere", key="r2"), second)

    ended = [call.arguments["thread_ts"] for call in server.calls_to("agents.sessions.setStatus")[-2:]]
    assert {first.thread, second.thread} == set(ended)
