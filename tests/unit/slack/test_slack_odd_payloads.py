"""No payload raises, whatever is missing, null, huge or of another type: one that did would come back for an hour.

Payloads that arrive are broken, and so are Slack's own recorded samples, whose blank values are filled in first.
"""

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.arrivals import Ignored
from adapters.slack.inbound import arrival
from adapters.slack.presses import press as press_of
from bot.message import Arrival
from tests.unit.slack.doors import setting
from tests.unit.slack.payloads import TS, Payload, event, in_support, nowhere, press

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "payloads" / "slack"


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
    if body.get("type") == "block_actions":
        pressed = press_of(body, setting=setting())
        came = pressed if isinstance(pressed, Arrival) else Ignored(reason="it only shows something")
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
