"""The local Teams refuses what Teams refuses of a stream."""

from typing import Any

import pytest

from tests.fakes.faults import JsonObject
from tests.fakes.teams_state import Person, RefusalError, Tenant
from tests.fakes.teams_streams import Streams


class Chat:
    """Erin's chat with Atom, and a clock that a test moves."""

    def __init__(self) -> None:
        self.tenant = Tenant()
        self.tenant.people["29:erin"] = Person(id="29:erin", name="Erin", aad_object_id="e", email=None)
        self.id = self.tenant.personal("29:erin").id
        self.streams = Streams(self.tenant)
        self.now = 0.0
        self.streams.now = lambda: self.now

    def call(self, kind: str = "streaming", after: float = 1.0, text: str = "a", **about: object) -> Any:  # noqa: ANN401 -- an answer's document
        """Send one call `after` seconds; return what it is answered."""
        self.now += after
        body: JsonObject = {"type": "message" if kind == "final" else "typing", "text": text}
        return self.streams.take(self.id, {**body, "entities": [{"type": "streaminfo", "streamType": kind, **about}]})

    def begun(self) -> str:
        """Begin a stream with a line and return its id."""
        _, answer = self.call("informative", streamSequence=1)
        return str(answer["id"])

    def posts(self) -> list[str]:
        """Return what stands."""
        return [post["text"] for post in self.tenant.posts(self.id)]


def test_a_line_leaves_nothing_and_the_text_is_one_post() -> None:
    """However often it grows."""
    chat = Chat()
    stream = chat.begun()
    nothing = chat.posts()
    chat.call(text="a", streamId=stream, streamSequence=2)
    chat.call(text="ab", streamId=stream, streamSequence=3)
    chat.call("final", text="abc", streamId=stream)

    assert ([], ["abc"], False) == (nothing, chat.posts(), chat.streams.goes_on(stream))


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"after": 0.5, "streamSequence": 3}, 429),
        ({"text": "other", "streamSequence": 3}, 403),
        ({"text": "", "streamSequence": 3}, 400),
        ({"after": 120.0, "streamSequence": 3}, 403),
        ({"streamId": "", "streamSequence": 1}, 403),
        ({"streamId": "7", "streamSequence": 3}, 400),
        ({}, 400),
        ({"kind": "final", "streamSequence": 3}, 400),
        ({"kind": "final", "text": "other"}, 403),
    ],
)
def test_what_breaks_a_rule_is_refused_and_changes_nothing(wrong: dict[str, Any], status: int) -> None:
    """Too soon, another text, none, too late, a second stream, an unknown one, no sequence, and one on the final."""
    chat = Chat()
    stream = chat.begun()
    chat.call(text="a", streamId=stream, streamSequence=2)

    with pytest.raises(RefusalError) as refusal:
        chat.call(**{"streamId": stream, **wrong})

    assert (status, ["a"]) == (refusal.value.status, chat.posts())


def test_what_comes_out_of_order_is_taken_and_dropped() -> None:
    """As published."""
    chat = Chat()
    stream = chat.begun()
    chat.call(text="ab", streamId=stream, streamSequence=3)

    status, _ = chat.call(text="abc", streamId=stream, streamSequence=2)

    assert (202, ["ab"]) == (status, chat.posts())


@pytest.mark.parametrize("frozen", [0, 1])
def test_a_reader_can_stop_it(frozen: int) -> None:
    """Then it goes on no more, and may be changed unless it is frozen."""
    chat = Chat()
    stream = chat.begun()
    chat.streams.stops(chat.id, frozen=bool(frozen))

    with pytest.raises(RefusalError, match="ContentStreamNotAllowed"):
        chat.call("final", streamId=stream)

    refused = 0
    try:
        chat.streams.may_change(stream)
    except RefusalError:
        refused = 1
    assert frozen == refused
