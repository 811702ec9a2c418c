"""Slack's messenger against a Slack that behaves: where posts land, and how a lost one is found.

The local Slack loses answers and puts replies to a deleted thread at the channel's root, as Slack does.
"""

from dataclasses import replace

import pytest

from bot.errors import PermanentError, TemporaryError
from bot.ports import Messenger
from bot.reply import Button
from tests.contract.slack.connected import StillClock, connected, place, reply, thread_in
from tests.fakes.faults import drop_after_commit, http_error, rate_limited
from tests.fakes.slack import LocalSlack


async def test_a_reply_lands_in_its_thread(server: LocalSlack, messenger: Messenger) -> None:
    """With its id in the metadata, and without previews."""
    thread = await thread_in(server)

    post = await messenger.post(reply(), place(thread=thread))

    (sent,) = server.posts("C1", thread)
    assert post == sent["ts"]
    assert sent["metadata"]["event_payload"] == {"reply_id": "r1"}
    assert server.calls_to("chat.postMessage")[0].arguments["unfurl_links"] is False


async def test_a_first_post_begins_a_thread(server: LocalSlack, messenger: Messenger) -> None:
    """A request's header is posted into the channel; what follows goes under it."""
    header = place()

    post = await messenger.post(reply("IT-1042"), header)
    under = messenger.thread_of(header, post)
    await messenger.post(reply(key="r2"), under)

    assert under == replace(header, thread=post)
    assert [message["text"] for message in server.thread("C1", post)] == ["IT-1042", "On it"]


async def test_a_post_is_changed_in_place(server: LocalSlack, messenger: Messenger) -> None:
    """Buttons go when the text that replaces them has none."""
    yes = Button(action="approve", subject="a-7", label="Approve")
    post = await messenger.post(replace(reply("Wipe it?"), buttons=(yes,)), place())

    await messenger.change(reply("Approved by Sam", key="r2"), place(), post)

    (sent,) = server.posts("C1")
    assert (sent["ts"], sent["text"]) == (post, "Approved by Sam")
    assert [block["type"] for block in sent["blocks"]] == ["section"]


async def test_a_reply_to_a_deleted_thread_is_taken_back(server: LocalSlack, messenger: Messenger) -> None:
    """Slack would show it to the whole channel."""
    thread = await thread_in(server)
    del server.workspace.messages["C1"][thread]

    with pytest.raises(PermanentError, match="taken back"):
        await messenger.post(reply("private"), place(thread=thread))

    assert server.posts("C1") == []


async def test_a_lost_stray_is_found_and_taken_back(server: LocalSlack, messenger: Messenger) -> None:
    """The answer was lost and the thread was gone: the post stands at the root until it is looked for."""
    thread = await thread_in(server)
    del server.workspace.messages["C1"][thread]
    server.faults.inject("chat.postMessage", drop_after_commit())
    with pytest.raises(TemporaryError) as lost:
        await messenger.post(reply("private"), place(thread=thread))

    with pytest.raises(PermanentError):
        await messenger.find(reply("private"), place(thread=thread))

    assert lost.value.maybe_done
    assert server.posts("C1") == []


async def test_a_stray_that_cannot_be_taken_back_now_is_looked_for_again(
    server: LocalSlack, messenger: Messenger, clock: StillClock
) -> None:
    """The failure says that something stands, so `find` comes first, and that takes it back."""
    thread = await thread_in(server)
    del server.workspace.messages["C1"][thread]
    server.faults.inject("chat.delete", rate_limited(3))

    with pytest.raises(TemporaryError) as failed:
        await messenger.post(reply(), place(thread=thread))
    await clock.sleep(failed.value.delay)
    with pytest.raises(PermanentError):
        await messenger.find(reply(), place(thread=thread))

    assert (failed.value.maybe_done, failed.value.delay) == (True, 3)
    assert server.posts("C1") == []


@pytest.mark.parametrize("threaded", [False, True])
async def test_a_lost_post_is_found(server: LocalSlack, messenger: Messenger, *, threaded: bool) -> None:
    """By its id, page after page, among our own posts only."""
    where = place(thread=await thread_in(server) if threaded else None)
    server.workspace.page_size = 2
    for number in range(5):
        await messenger.post(reply(key=f"before-{number}"), where)
    server.faults.inject("chat.postMessage", drop_after_commit())

    with pytest.raises(TemporaryError) as lost:
        await messenger.post(reply(), where)
    post = await messenger.find(reply(), where)

    assert lost.value.maybe_done
    assert post == server.posts("C1")[-1]["ts"]
    assert await messenger.find(reply(key="never"), where) is None


async def test_somebody_elses_metadata_is_not_ours(server: LocalSlack, messenger: Messenger) -> None:
    """Another app may copy an id; only our own posts count."""
    forged = {"event_type": "deskmate_reply", "event_payload": {"reply_id": "r1"}}
    server.workspace.add("C1", {"user": "U1", "bot_id": "B9", "text": "x", "metadata": forged})

    assert await messenger.find(reply(), place()) is None


async def test_it_is_not_certain_while_slack_cannot_be_asked(server: LocalSlack, messenger: Messenger) -> None:
    """Not found is said only after everything has been read."""
    server.workspace.page_size = 1
    await messenger.post(reply(key="other"), place())
    await thread_in(server)
    server.faults.inject("conversations.history", http_error(500), rate_limited(7))

    with pytest.raises(TemporaryError):
        await messenger.find(reply(), place())
    with pytest.raises(TemporaryError) as limited:
        await messenger.find(reply(), place())

    assert limited.value.delay == 7


async def test_it_is_not_certain_before_slack_has_named_the_bot(server: LocalSlack) -> None:
    """Without knowing who we are, no post can be told to be ours."""
    connection = connected(server, StillClock())

    with pytest.raises(TemporaryError):
        await connection.messenger.find(reply(), place())

    await connection.close()
