"""What people do in Slack becomes one arrival each; what nobody said becomes none; and no payload raises.

The events come from the local Slack's shapes and from Slack's own recorded samples, whose values are blank, so a test fills
them in and then breaks them.
"""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.arrivals import Ignored
from adapters.slack.inbound import arrival
from bot.ids import WorkspaceId
from bot.message import Arrival, Press

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "payloads" / "slack"
TS = "1700000000.000100"
Payload = dict[str, Any]


def nowhere(_team: str, _channel: str) -> WorkspaceId | None:
    return None


def in_support(_team: str, channel: str) -> WorkspaceId | None:
    return WorkspaceId("it-support") if channel == "C0SUPPORT" else None


def event(**fields: object) -> Payload:
    """Give the envelope of a message in C1, with `fields` changed."""
    said = {"type": "message", "channel": "C1", "channel_type": "channel", "user": "U1", "text": "hello", "ts": TS}
    ours = {"team_id": "T1", "user_id": "U0ATOM", "is_bot": True}
    return {
        "type": "event_callback",
        "event_id": "Ev1",
        "team_id": "T1",
        "authorizations": [ours],
        "event": {**said, "event_ts": TS, "team": "T1", **fields},
    }


def press(**fields: object) -> Payload:
    """Give the payload of a press in C0SUPPORT, with `fields` changed."""
    return {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U2", "name": "sam", "team_id": "T1"},
        "channel": {"id": "C0SUPPORT", "name": "it-private"},
        "container": {"type": "message", "message_ts": TS, "channel_id": "C0SUPPORT", "thread_ts": "1600000000.000001"},
        "actions": [{"action_id": "approve", "value": "approval-7", "action_ts": "1700000009.000002"}],
        **fields,
    }


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

    assert came.files == ("screen.png", "Log", "unnamed file")


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


def test_a_press_carries_its_button() -> None:
    """It is derived from the message, the moment and the person, and belongs to the thread of the button."""
    came = arrived(press(), in_support)

    assert Press(action="approve", subject="approval-7", post=TS) == came.message.press
    assert came.message.id == "slack:T1:C0SUPPORT:1700000000.000100:press:1700000009.000002:U2"
    assert (came.conversation.kind, came.conversation.thread) == ("support", "1600000000.000001")
    assert came.message.kind == "press"


def test_a_press_of_something_else_is_ignored() -> None:
    """Only our four actions are, and only with the id that they carry."""
    other = [{"action_id": "feedback", "value": "1", "action_ts": TS}]
    empty = [{"action_id": "approve", "value": "", "action_ts": TS}]

    assert isinstance(arrival(press(actions=other), support=nowhere), Ignored)
    assert isinstance(arrival(press(actions=empty), support=nowhere), Ignored)


def test_what_no_database_takes_is_replaced() -> None:
    """NUL and half a surrogate pair would make storing fail, and Slack repeat the message for an hour."""
    assert arrived(event(text="a\x00b\ud800c")).message.text == "a\ufffdb\ufffdc"


def test_a_text_is_capped() -> None:
    """At the 40,000 characters that Slack itself allows."""
    assert len(arrived(event(text="é&amp;" * 60_000)).message.text) == 40_000


def paths(document: object, before: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """List the places in a document."""
    found = [before] if before else []
    if isinstance(document, dict):
        for key, value in document.items():
            found += paths(value, (*before, key))
    elif isinstance(document, list):
        for index, value in enumerate(document[:2]):
            found += paths(value, (*before, index))
    return found


def ours() -> list[Payload]:
    """Give payloads that arrive."""
    made = [event(), event(type="app_mention"), press(), event(subtype="file_share", files=[{"name": "a"}])]
    changed = {"user": "U1", "text": "new", "ts": TS, "edited": {"ts": TS}}
    made += [event(subtype="message_changed", message=changed, previous_message={"user": "U1", "text": "old"})]
    return [*made, event(subtype="message_deleted", deleted_ts=TS, previous_message=changed)]


@cache
def recorded() -> list[Payload]:
    """Give Slack's recorded payloads, with the ids without which none gets far."""
    found = [json.loads(path.read_text()) for path in sorted(SAMPLES.glob("*/**/*.json"))]
    for body in found:
        body["type"] = body.get("type") or "event_callback"
        body["team_id"] = "T1"
        for said in (body.get("event", {}), body.get("event", {}).get("message", {})):
            said.update({name: value for name, value in event()["event"].items() if said.get(name) == ""})
    return found


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.just("x" * 100_000),
    st.just(["a", None, {"b": 1}]),
    st.just({"id": {"deep": []}}),
    st.sampled_from(["U1", "D1", "1700000000.1", "99999999999.999999", "<@U0ATOM>", "<!channel|", "message_changed"]),
)


def broken(data: st.DataObject, body: Payload) -> Payload:
    """Give a copy of `body` in which some fields are missing or odd."""
    body = copy.deepcopy(body)
    for _ in range(data.draw(st.integers(1, 3))):
        if not (places := paths(body)):
            break
        *path, last = data.draw(st.sampled_from(places))
        target: Any = body
        for step in path:
            target = target[step]
        if isinstance(target, dict) and data.draw(st.booleans()):
            del target[last]
        else:
            target[last] = copy.deepcopy(data.draw(ODD))
    return body


def check(body: Payload) -> None:
    """Whatever comes of it can be stored, or says why it is ignored."""
    came = arrival(body, support=in_support)
    if isinstance(came, Ignored):
        assert came.reason
        return
    assert came.message.conversation_id == came.conversation.id
    assert came.message.author_id == came.author.id
    assert len(came.message.id) < 400
    came.message.text.encode()


@given(data=st.data())
def test_no_payload_raises(data: st.DataObject) -> None:
    """A field that is missing, null, of another type or huge makes an arrival or a reason."""
    check(broken(data, data.draw(st.sampled_from(ours()))))


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="Slack's recorded samples are not beside the repository")
@given(data=st.data())
def test_no_recorded_payload_raises(data: st.DataObject) -> None:
    """The same for everything that Slack's own SDK has recorded."""
    bodies = recorded()
    number = data.draw(st.integers(0, len(bodies) - 1))
    check(bodies[number])
    check(broken(data, bodies[number]))


@given(st.text(alphabet="<>@#!|&;^UC1 abamp:/.\n", max_size=60))
def test_no_markup_raises(text: str) -> None:
    """Broken markup is text."""
    arrival(event(text=text, channel_type="im"), support=nowhere)
