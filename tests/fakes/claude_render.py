"""An answer as the Messages API writes it: one JSON document, or a stream of server-sent events.

The order of events and the fields that clients insist on follow the published protocol. Trouble that belongs to the
document (a truncated tool call, a missing usage) is put in here; trouble that belongs to the connection is the server's.
"""

import json
from collections.abc import Iterator
from itertools import count

from tests.fakes.claude_answers import Turn
from tests.fakes.faults import JsonObject

CHUNK = 24
_numbers = count(1)


def usage_of(turn: Turn, request: JsonObject) -> JsonObject:
    """Give the usage that an answer states, or count it."""
    if turn.usage is not None:
        return dict(turn.usage)
    counted = {"input_tokens": count_tokens(request), "output_tokens": max(1, len(json.dumps(turn.content)) // 4)}
    return {**counted, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0}


def count_tokens(request: JsonObject) -> int:
    """Count a request's input tokens, at four characters to a token."""
    parts = [request.get(name) for name in ("system", "messages", "tools")]
    return max(1, len(json.dumps(parts)) // 4)


def _half(block: JsonObject) -> JsonObject:
    if block["type"] == "tool_use":
        arguments = list(block["input"].items())
        return {**block, "input": dict(arguments[: len(arguments) // 2])}
    return {**block, "text": block["text"][: len(block["text"]) // 2]}


def as_document(turn: Turn, request: JsonObject) -> JsonObject:
    """Give the answer as one JSON document."""
    content = [dict(block) for block in turn.content]
    if turn.trouble == "truncated" and content:
        content[-1] = _half(content[-1])
    if turn.trouble == "bad_input":
        content[-1]["input"] = "no object"
    document: JsonObject = {
        "id": f"msg_{next(_numbers):08d}",
        "type": "message",
        "role": "assistant",
        "model": request.get("model", ""),
        "content": content,
        "stop_reason": None if turn.trouble == "no_end" else turn.stop_reason,
        "stop_sequence": None,
        "usage": usage_of(turn, request),
    }
    if turn.trouble == "no_usage":
        del document["usage"]
    return document


def _pieces(words: str) -> Iterator[str]:
    for start in range(0, len(words), CHUNK):
        yield words[start : start + CHUNK]


def _block_events(index: int, block: JsonObject, *, cut: bool, spoil: bool) -> Iterator[JsonObject]:
    if block["type"] == "tool_use":
        kind, field, words = "input_json_delta", "partial_json", json.dumps(block["input"])
        empty = {**block, "input": {}}
    else:
        kind, field, words = "text_delta", "text", block["text"]
        empty = {**block, "text": ""}
    if cut:
        words = words[: len(words) // 2]
    if spoil:
        words = words.replace(":", "", 1)
    yield {"type": "content_block_start", "index": index, "content_block": empty}
    for piece in _pieces(words):
        yield {"type": "content_block_delta", "index": index, "delta": {"type": kind, field: piece}}
    yield {"type": "content_block_stop", "index": index}


def as_events(turn: Turn, request: JsonObject) -> Iterator[JsonObject]:
    """Give the answer as stream events, in order; each one's `type` is its event name."""
    document = as_document(turn, request)
    usage = document.pop("usage", None)
    start = {**document, "content": [], "stop_reason": None}
    if usage is not None:
        start["usage"] = {**usage, "output_tokens": 1}
    yield {"type": "message_start", "message": start}
    yield {"type": "ping"}
    for index, block in enumerate(turn.content):
        last = index == len(turn.content) - 1
        cut = last and turn.trouble == "truncated"
        yield from _block_events(index, block, cut=cut, spoil=turn.trouble == "bad_input")
    if turn.trouble == "no_end":
        return
    end: JsonObject = {"type": "message_delta", "delta": {"stop_reason": turn.stop_reason, "stop_sequence": None}}
    if usage is not None:
        end["usage"] = {"output_tokens": usage["output_tokens"]}
    yield end
    yield {"type": "message_stop"}


def as_line(event: JsonObject) -> bytes:
    """Give an event as it goes over the wire."""
    return f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()
