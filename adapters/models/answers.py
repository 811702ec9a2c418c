"""Reads an answer of the Messages API, as JSON, into what a run acts on; suspicious of all of it.

The SDK's own models let missing fields pass as None, so the JSON itself is read here. Tool calls count only when the answer
stopped to make them and all of it is well formed: an answer that was cut off can hold a call with half of its arguments
that looks whole. Anything else that is odd is a `SpoiledAnswer`: asking again is safe, because nothing was done.
Whoever keeps the accounts finds in these errors what the lost answers cost.
"""

import json
import re
from dataclasses import dataclass, replace
from typing import Any, Literal, NoReturn

from bot.errors import PermanentError, TemporaryError
from bot.turn import Call, Turn, Usage

_ID = re.compile(r"[a-zA-Z0-9_-]{1,256}")
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")
_STOPS: dict[str, Literal["tool_use", "end", "truncated", "refused"]] = {
    "tool_use": "tool_use",
    "end_turn": "end",
    "stop_sequence": "end",
    "max_tokens": "truncated",
    "refusal": "refused",
}
_MOST_TOKENS = 10**9
SPOILED_DELAY = 1.0
"""Seconds before the same question is put again."""


class SpoiledAnswer(TemporaryError):
    """The model's answer cannot be used; ask again. `usage` is what it cost, as far as that is known."""

    def __init__(self, message: str, *, usage: Usage = Usage(), delay: float = SPOILED_DELAY) -> None:
        super().__init__(message, delay=delay)
        self.usage = usage


class HopelessAnswer(PermanentError):
    """The model's answer shows that asking again will not help. `usage` is what it cost."""

    def __init__(self, message: str, *, usage: Usage = Usage()) -> None:
        super().__init__(message)
        self.usage = usage


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer: a turn, or the part of a turn after which the model wants to be called again at once."""

    turn: Turn
    """Without its price. When `paused`, only `text`, `raw` and `usage` mean something."""
    paused: bool = False


def read(body: bytes, model: str) -> Answer:
    """Return the answer in the JSON document `body`; `model` is the model that was asked.

    Raises `SpoiledAnswer` for anything malformed and `HopelessAnswer` when the model's context is full.
    """
    document = _parsed(body)
    usage = _usage(document.get("usage"))
    stop = document.get("stop_reason")
    if stop == "model_context_window_exceeded":
        raise HopelessAnswer(
            f"The request is too long for the context of {model}: let a human take it, or give its coworker a lower run_tokens"
            " budget or a model with a larger context.",
            usage=usage,
        )
    blocks = _blocks(document.get("content"), usage)
    calls = _calls(blocks, usage)
    if not blocks and stop not in ("refusal", "max_tokens"):
        _spoiled("it is empty", usage)
    if stop != "tool_use":
        blocks, calls = [block for block in blocks if block["type"] != "tool_use"], ()
    elif not calls:
        _spoiled("it stops for a tool call and has none", usage)
    if stop == "pause_turn" and not blocks:
        _spoiled("it pauses with nothing to go on from", usage)
    named = document.get("model")
    turn = Turn(
        text="\n".join(block["text"] for block in blocks if block["type"] == "text").strip(),
        calls=calls,
        stop="end" if stop == "pause_turn" else _stop(stop, usage),
        model=named if isinstance(named, str) and named else model,
        usage=usage,
        raw=tuple(blocks),
    )
    return Answer(turn=turn, paused=stop == "pause_turn")


def joined(passes: list[Turn]) -> Turn:
    """Return the turn that several answers make when all but the last were paused; usage is added up."""
    last, usage = passes[-1], total(*(part.usage for part in passes))
    text = "\n".join(part.text for part in passes if part.text)
    return replace(last, text=text, usage=usage, raw=tuple(block for part in passes for block in part.raw))


def total(*usages: Usage) -> Usage:
    """Return the sum of what several calls used."""
    return Usage(
        input_tokens=sum(usage.input_tokens for usage in usages),
        output_tokens=sum(usage.output_tokens for usage in usages),
        cache_read_tokens=sum(usage.cache_read_tokens for usage in usages),
        cache_write_tokens=sum(usage.cache_write_tokens for usage in usages),
        micro_usd=sum(usage.micro_usd for usage in usages),
    )


def _spoiled(why: str, usage: Usage = Usage()) -> NoReturn:
    raise SpoiledAnswer(f"The model gave a malformed answer ({why}); ask it again.", usage=usage)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body, parse_constant=_no_constant)
        json.dumps(document, ensure_ascii=False).encode()  # lone surrogates can neither be stored nor sent back
    except (ValueError, RecursionError):
        _spoiled("it is not JSON")
    if not isinstance(document, dict):
        _spoiled("it is not a JSON object")
    return document


def _usage(found: object) -> Usage:
    if not isinstance(found, dict):
        _spoiled("it does not say what it used")
    names = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "output_tokens")
    counts = [0 if found.get(name) is None else found[name] for name in names]
    if found.get("input_tokens") is None or found.get("output_tokens") is None or not all(map(_is_count, counts)):
        _spoiled("it does not say what it used")
    fresh, read_, written, output = counts
    return Usage(
        input_tokens=fresh + read_ + written, output_tokens=output, cache_read_tokens=read_, cache_write_tokens=written
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_TOKENS


def _blocks(content: object, usage: Usage) -> list[dict[str, Any]]:
    if not isinstance(content, list):
        _spoiled("it has no content", usage)
    for block in content:
        if not isinstance(block, dict) or not isinstance(block.get("type"), str) or not block["type"]:
            _spoiled("a part of it has no type", usage)
        if block["type"] == "text" and not isinstance(block.get("text"), str):
            _spoiled("a text in it is none", usage)
    return content


def _calls(blocks: list[dict[str, Any]], usage: Usage) -> tuple[Call, ...]:
    calls = tuple(_call(block, usage) for block in blocks if block["type"] == "tool_use")
    if len({call.id for call in calls}) != len(calls):
        _spoiled("two tool calls have one id", usage)
    return calls


def _call(block: dict[str, Any], usage: Usage) -> Call:
    call_id, name, arguments = block.get("id"), block.get("name"), block.get("input")
    if not isinstance(call_id, str) or not _ID.fullmatch(call_id):
        _spoiled("a tool call has no id", usage)
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        _spoiled("a tool call names no tool", usage)
    if not isinstance(arguments, dict):
        _spoiled("the arguments of a tool call are no object", usage)
    return Call(id=call_id, name=name, arguments=arguments)


def _stop(stop: object, usage: Usage) -> Literal["tool_use", "end", "truncated", "refused"]:
    if not isinstance(stop, str) or stop not in _STOPS:
        _spoiled("it does not say why it stopped", usage)
    return _STOPS[stop]
