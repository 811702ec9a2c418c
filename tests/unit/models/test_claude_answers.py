"""Reading answers: what is well formed is acted on, everything else is asked again.

The fuzz tests bend a good answer in any way that JSON allows.
"""

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.models.answers import HopelessAnswer, SpoiledAnswer, joined, read
from bot.turn import Call, Turn, Usage

MODEL = "claude-sonnet-5-5"
GOOD: dict[str, Any] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-sonnet-5-5-20260901",
    "content": [
        {"type": "thinking", "thinking": "hm", "signature": "s1"},
        {"type": "text", "text": "Let me look."},
        {"type": "tool_use", "id": "toolu_1", "name": "jumpcloud__get_device", "input": {"id": "MBP-7"}},
    ],
    "stop_reason": "tool_use",
    "stop_sequence": None,
    "usage": {
        "input_tokens": 100,
        "output_tokens": 20,
        "cache_read_input_tokens": 300,
        "cache_creation_input_tokens": 50,
    },
}
USED = Usage(input_tokens=450, output_tokens=20, cache_read_tokens=300, cache_write_tokens=50)


def bent(**changes: object) -> bytes:
    """Give a good answer with other fields."""
    return json.dumps({**GOOD, **changes}).encode()


def calls_with(**changes: object) -> bytes:
    """Give a good answer whose tool call has other fields."""
    content = deepcopy(GOOD["content"])
    content[-1].update(changes)
    return bent(content=content)


def test_good_answer_is_read_whole() -> None:
    """Text, calls, usage and the vendor's own blocks all arrive."""
    expected = Turn(
        text="Let me look.",
        calls=(Call(id="toolu_1", name="jumpcloud__get_device", arguments={"id": "MBP-7"}),),
        stop="tool_use",
        model="claude-sonnet-5-5-20260901",
        usage=USED,
        raw=tuple(GOOD["content"]),
    )

    assert expected == read(bent(), MODEL).turn


@pytest.mark.parametrize(
    ("reason", "stop"),
    [("max_tokens", "truncated"), ("refusal", "refused"), ("end_turn", "end"), ("stop_sequence", "end")],
)
def test_calls_count_only_when_stopped_for(reason: str, stop: str) -> None:
    """An answer that was cut off, refused or ended never acts, although it holds a call that looks whole."""
    turn = read(bent(stop_reason=reason), MODEL).turn

    assert (stop, (), USED) == (turn.stop, turn.calls, turn.usage)
    assert "tool_use" not in {block["type"] for block in turn.raw}


@pytest.mark.parametrize(
    ("body", "usage"),
    [
        pytest.param(bent()[:-20], Usage(), id="cut off"),
        pytest.param(b"[]", Usage(), id="a list"),
        pytest.param(b"[" * 100_000, Usage(), id="endless"),
        pytest.param(b"<html>", Usage(), id="a page"),
        pytest.param(bent(content=[{"type": "text", "text": "\ud800"}]), Usage(), id="half a character"),
        pytest.param(bent(extra=float("nan")), Usage(), id="no number"),
        pytest.param(bent(usage=None), Usage(), id="no usage"),
        pytest.param(bent(usage={"input_tokens": -1, "output_tokens": 1}), Usage(), id="negative usage"),
        pytest.param(bent(stop_reason=None), USED, id="no stop reason"),
        pytest.param(bent(stop_reason="new_one"), USED, id="unknown stop reason"),
        pytest.param(bent(content=[], stop_reason="end_turn"), USED, id="empty"),
        pytest.param(bent(content=GOOD["content"][-1:], stop_reason="pause_turn"), USED, id="pauses with a call only"),
        pytest.param(bent(content=None), USED, id="no content"),
        pytest.param(bent(content=["text"]), USED, id="a part that is no object"),
        pytest.param(bent(content=[{"type": "text", "text": None}]), USED, id="a text that is none"),
        pytest.param(bent(content=GOOD["content"][:2]), USED, id="stops for no call"),
        pytest.param(bent(content=GOOD["content"] + GOOD["content"][-1:]), USED, id="one id twice"),
        pytest.param(calls_with(input="no object"), USED, id="arguments that are no object"),
        pytest.param(calls_with(input=None), USED, id="no arguments"),
        pytest.param(calls_with(id=""), USED, id="no id"),
        pytest.param(calls_with(name="a tool"), USED, id="a name that the API refuses"),
    ],
)
def test_malformed_answer_is_asked_again(body: bytes, usage: Usage) -> None:
    """What was paid for is told where it is known."""
    with pytest.raises(SpoiledAnswer) as caught:
        read(body, MODEL)

    assert usage == caught.value.usage


def test_full_context_is_hopeless() -> None:
    """The same question would fill the context again."""
    with pytest.raises(HopelessAnswer, match=f"too long for the context of {MODEL}") as caught:
        read(bent(stop_reason="model_context_window_exceeded"), MODEL)

    assert caught.value.usage == USED


def test_pause_is_told() -> None:
    """A paused answer keeps its blocks, without calls, to be sent back."""
    answer = read(bent(stop_reason="pause_turn"), MODEL)

    assert (answer.paused, answer.turn.calls) == (True, ())
    assert tuple(GOOD["content"][:2]) == answer.turn.raw


def test_pauses_are_joined() -> None:
    """Words, blocks and usage of all passes make one turn."""
    parts = [read(bent(stop_reason="pause_turn"), MODEL).turn, read(bent(), MODEL).turn]

    turn = joined(parts)

    assert turn.text == "Let me look.\nLet me look."
    assert (*GOOD["content"][:2], *GOOD["content"]) == turn.raw
    assert turn.usage.tokens == 940
    assert parts[1].calls == turn.calls


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["tool_use", "text", "end_turn"]),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=6,
)


def paths(document: object, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Give the places in a JSON document."""
    if isinstance(document, dict):
        return [at, *(path for key in document for path in paths(document[key], (*at, key)))]
    if isinstance(document, list):
        return [at, *(path for key, part in enumerate(document) for path in paths(part, (*at, key)))]
    return [at]


@given(data=st.data(), count=st.integers(1, 3))
def test_bent_answer_is_read_or_refused(data: st.DataObject, count: int) -> None:
    """Whatever is put in any place of a good answer, a turn or one of the two errors comes out, and a turn is sound."""
    document: Any = {"root": deepcopy(GOOD)}
    for _ in range(count):
        *way, last = data.draw(st.sampled_from([path for path in paths(document) if path]))
        place = document
        for key in way:
            place = place[key]
        if isinstance(place, dict) and last != "root" and data.draw(st.booleans()):
            del place[last]
        else:
            place[last] = data.draw(JSON)
    try:
        turn = read(json.dumps(document.get("root")).encode(), MODEL).turn
    except (SpoiledAnswer, HopelessAnswer):
        return

    assert (turn.stop == "tool_use") == bool(turn.calls)
    assert all(call.id and call.name for call in turn.calls)
    assert turn.usage.input_tokens >= turn.usage.cache_read_tokens >= 0


@given(body=st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_anything_else_is_refused(body: bytes) -> None:
    """No body that is not an answer gets through."""
    with pytest.raises(SpoiledAnswer):
        read(body, MODEL)
