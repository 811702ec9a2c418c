"""What people do in Slack becomes one arrival each, under the same id however it comes; what nobody said becomes none."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from adapters.slack.arrivals import Ignored
from adapters.slack.inbound import arrival
from bot.ids import WorkspaceId
from bot.message import Arrival, Press
from tests.unit.slack.payloads import TS, Payload, event, in_support, nowhere


def arrived(body: Payload, support: Callable[[str, str], WorkspaceId | None] = nowhere) -> Arrival:
    """Translate what must not be ignored."""
    came = arrival(body, support=support)
    assert isinstance(came, Arrival), came
    return came


def test_a_direct_message_begins_a_thread_of_its_own() -> None:
    """The reply to a top-level message in a direct channel goes into the thread under it."""
    came = arrived(event(channel="D1", channel_type="im"))

    assert came.message.id == "slack:T1:D1:1700000000.000100"
    assert "slack:T1:D1:1700000000.000100" == came.conversation.id == came.message.conversation_id
    assert (came.conversation.kind, came.conversation.thread) == ("direct", TS)
    assert came.message.addresses_atom
    assert datetime(2023, 11, 14, 22, 13, 20, 100, tzinfo=UTC) == came.message.at
    assert "slack:T1:U1" == came.author.id == came.message.author_id


def test_a_thread_reply_belongs_to_its_thread() -> None:
    """The conversation is the thread, the message is itself."""
    came = arrived(event(thread_ts="1600000000.000001"))

    assert came.conversation.id == "slack:T1:C1:1600000000.000001"
    assert came.message.id == "slack:T1:C1:1700000000.000100"
    assert not came.message.addresses_atom


def test_a_mention_is_the_same_message_however_it_arrives() -> None:
    """Slack sends `message` and `app_mention`, under two event ids, in any order."""
    body = event(text="<@U0ATOM> my laptop &lt;x1&gt; is slow")
    again = event(text="<@U0ATOM> my laptop &lt;x1&gt; is slow", type="app_mention", channel_type=None)

    first, second = arrived(body), arrived({**again, "event_id": "Ev2"})

    assert first.message.id == second.message.id
    assert first.message.text == second.message.text == "my laptop <x1> is slow"
    assert first.message.addresses_atom
    assert second.message.addresses_atom
    assert first.conversation == second.conversation


def test_a_support_channel_belongs_to_its_workspace() -> None:
    """The core finds the request by channel and thread; the adapter only says whose channel it is."""
    came = arrived(event(channel="C0SUPPORT", channel_type="group", thread_ts="1600000000.000001"), in_support)

    assert (came.conversation.kind, came.conversation.workspace) == ("support", "it-support")
    assert came.conversation.id == "slack:T1:C0SUPPORT:1600000000.000001"


def test_an_edit_names_the_message_that_it_changed() -> None:
    """Its id is its own, its post is the original's."""
    new = {
        "user": "U1",
        "text": "new",
        "ts": TS,
        "edited": {"ts": "1700000005.000000"},
        "thread_ts": "1600000000.000001",
    }
    body = event(subtype="message_changed", message=new, previous_message={**new, "text": "old"}, text=None)

    came = arrived(body)

    assert (came.message.kind, came.message.text, came.message.post) == ("edited", "new", TS)
    assert came.message.id == "slack:T1:C1:1700000000.000100:edited:1700000005.000000"
    assert came.conversation.id == "slack:T1:C1:1600000000.000001"


def test_a_preview_is_no_edit() -> None:
    """Slack changes a message when it unfurls a link in it; its words stay."""
    new = {"user": "U1", "text": "same", "ts": TS, "edited": {"ts": "1700000005.000000"}}

    came = arrival(event(subtype="message_changed", message=new, previous_message=new), support=nowhere)

    assert isinstance(came, Ignored)


@pytest.mark.parametrize("tombstone", [False, True])
def test_a_deletion_names_the_message_that_is_gone(*, tombstone: bool) -> None:
    """Also where Slack leaves a tombstone, because the message had replies."""
    old = {"user": "U1", "text": "secret", "ts": TS}
    gone = {"subtype": "tombstone", "user": "USLACKBOT", "ts": TS}
    plain = event(subtype="message_deleted", deleted_ts=TS, previous_message=old, ts="1700000009.000000", event_ts=None)
    body = event(subtype="message_changed", message=gone, previous_message=old) if tombstone else plain

    came = arrived(body)

    assert (came.message.kind, came.message.text, came.message.post) == ("deleted", "", TS)
    assert came.message.id == "slack:T1:C1:1700000000.000100:deleted"
    assert came.author.id == "slack:T1:U1"


def test_files_are_named() -> None:
    """A message may consist of nothing but files."""
    came = arrived(event(subtype="file_share", text="", files=[{"name": "screen.png"}, {"title": "Log"}, {}]))

    assert [file.name for file in came.message.files] == ["screen.png", "Log", "unnamed file"]


def test_a_forwarded_message_is_read() -> None:
    """Forwarding puts the words into an attachment; previews of links are not what somebody said."""
    shared = [{"is_share": True, "text": "the door is broken"}, {"text": "a preview"}]

    came = arrived(event(text="see below", attachments=shared))

    assert came.message.text == "see below\n\nthe door is broken"


@pytest.mark.parametrize("subtype", ["me_message", "thread_broadcast"])
def test_other_ways_of_typing_are_kept(subtype: str) -> None:
    """What somebody typed counts, however Slack files it."""
    assert arrived(event(subtype=subtype)).message.text == "hello"


@pytest.mark.parametrize(
    "fields",
    [
        {"bot_id": "B1"},
        {"user": "U0ATOM"},
        {"user": "USLACKBOT"},
        {"subtype": "bot_message"},
        {"subtype": "channel_join"},
        {"subtype": "message_replied"},
        {"type": "reaction_added"},
        {"user": None},
        {"ts": "soon"},
        {"channel": "C1:C2"},
        {"text": ""},
    ],
)
def test_what_nobody_said_is_ignored(fields: dict[str, object]) -> None:
    """Bots, Slack itself, our own posts, and what cannot be read; each with a reason."""
    came = arrival(event(**fields), support=nowhere)

    assert isinstance(came, Ignored)
    assert came.reason


def test_guests_and_strangers_are_marked() -> None:
    """Who is from another team, or a guest, is not linked to a person by e-mail later."""
    assert not arrived(event()).author.guest
    assert arrived(event(user_team="T9")).author.guest
    assert arrived(event(user_profile={"display_name": "Gus", "is_restricted": True})).author.guest


def test_looking_at_the_chat_is_a_message_and_looking_at_the_home_page_is_none() -> None:
    """The chat as a whole, not a thread, is what was opened."""
    opened = {"type": "app_home_opened", "channel": "D1", "channel_type": "", "event_ts": TS}
    came = arrived(event(**opened, tab="messages"))

    assert ("opened", "slack:T1:D1:opened:U1:1700000000.000100") == (came.message.kind, came.message.id)
    assert ("slack:T1:D1", "direct", None) == (came.conversation.id, came.conversation.kind, came.conversation.thread)
    assert isinstance(arrival(event(**opened, tab="home"), support=nowhere), Ignored)


def test_the_stop_button_is_a_press_in_its_thread() -> None:
    """Slack's own button names no message and no subject: what goes on in the thread is meant."""
    stopped = {"type": "agent_session_stopped", "channel": "D1", "channel_type": "", "event_ts": "1700000002.000001"}
    came = arrived(event(**stopped, thread_ts=TS, streaming_message_ts=[]))

    assert Press(action="stop", subject="") == came.message.press
    assert ("press", "slack:T1:D1:1700000000.000100") == (came.message.kind, came.conversation.id)
    assert isinstance(arrival(event(**stopped, thread_ts=None), support=nowhere), Ignored)


def test_what_no_database_takes_is_replaced() -> None:
    """NUL and half a surrogate pair would make storing fail, and Slack repeat the message for an hour."""
    assert arrived(event(text="a\x00b\ud800c")).message.text == "a\ufffdb\ufffdc"


def test_a_text_is_capped() -> None:
    """At the 40,000 characters that Slack itself allows."""
    assert len(arrived(event(text="é&amp;" * 60_000)).message.text) == 40_000
