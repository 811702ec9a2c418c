"""What a scripted Claude can answer, and each way in which an answer can be bad.

`turn(text("…"), tool_use("name", {…}))` is a good answer. The others are the failures that were seen with the real SDK:
an answer cut off by its token limit in the middle of a tool call, a refusal, a stream that breaks or ends too early, an
error inside a stream that began with 200, a document that is no JSON. An answer knows nothing of streaming; the server
renders the same answer either way.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Literal, TypeAlias

from tests.fakes.faults import Fault, JsonObject

Trouble: TypeAlias = Literal["", "truncated", "malformed", "bad_input", "no_usage", "dropped", "error_event", "no_end"]
_numbers = count(1)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One answer of the model."""

    content: tuple[JsonObject, ...]
    """Blocks as `text` and `tool_use` build them."""
    stop_reason: str | None = "end_turn"
    """As the Messages API names them."""
    usage: JsonObject | None = None
    """None: counted from the size of request and answer, four characters to a token."""
    trouble: Trouble = ""
    """What goes wrong while it is sent."""
    error: str = "overloaded_error"
    """The error type that `error_event` carries."""


Answer: TypeAlias = Turn | Fault
Brain: TypeAlias = Callable[[JsonObject], Answer | Awaitable[Answer]]
"""From the request's JSON to the answer."""


def text(words: str) -> JsonObject:
    """Build a text block."""
    return {"type": "text", "text": words}


def tool_use(name: str, arguments: JsonObject, *, id: str | None = None) -> JsonObject:  # noqa: A002 -- the API's word
    """Build a tool call with an id of its own."""
    return {"type": "tool_use", "id": id or f"toolu_{next(_numbers):08d}", "name": name, "input": arguments}


def turn(
    *blocks: JsonObject,
    stop_reason: str | None = None,
    input_tokens: int | None = None,
    output_tokens: int | None = None,
    cache_read: int = 0,
    cache_creation: int = 0,
) -> Turn:
    """Build an answer; the stop reason follows from the blocks, and usage is counted, unless given."""
    calls = any(block["type"] == "tool_use" for block in blocks)
    usage = None
    if input_tokens is not None or output_tokens is not None:
        usage = {
            "input_tokens": input_tokens or 0,
            "output_tokens": output_tokens or 0,
            "cache_read_input_tokens": cache_read,
            "cache_creation_input_tokens": cache_creation,
        }
    return Turn(content=blocks, stop_reason=stop_reason or ("tool_use" if calls else "end_turn"), usage=usage)


def truncated(*blocks: JsonObject) -> Turn:
    """Stop at max_tokens in the middle of the last block: half of its text, or half of its tool call's arguments."""
    return Turn(content=blocks, stop_reason="max_tokens", trouble="truncated")


def refusal(words: str = "I can't help with that.") -> Turn:
    """Decline, as the API's classifiers do: HTTP 200 and stop_reason `refusal`."""
    return turn(text(words), stop_reason="refusal")


def malformed() -> Turn:
    """Answer 200 with something that is no JSON."""
    return Turn(content=(text("…"),), trouble="malformed")


def bad_input(name: str) -> Turn:
    """Call a tool with arguments that are no JSON (streamed) or no object."""
    return Turn(content=(tool_use(name, {"argument": "value"}),), stop_reason="tool_use", trouble="bad_input")


def without_usage(answer: Turn) -> Turn:
    """Leave the usage out."""
    return replace(answer, trouble="no_usage")


def dropped(answer: Turn) -> Turn:
    """Break the connection in the middle of the answer."""
    return replace(answer, trouble="dropped")


def error_event(answer: Turn, error: str = "overloaded_error") -> Turn:
    """Fail inside a stream that began with 200; an answer that is not streamed fails with the error's own status."""
    return replace(answer, trouble="error_event", error=error)


def no_end(answer: Turn) -> Turn:
    """End the stream cleanly before `message_delta`, so that there is no stop reason."""
    return replace(answer, trouble="no_end")


def overloaded() -> Fault:
    """Answer 529."""
    return Fault(kind="status", status=529, error="overloaded_error")


def limited(retry_after: float = 1, error: str = "rate_limit_error") -> Fault:
    """Answer 429 with Retry-After."""
    return Fault(kind="status", status=429, error=error, retry_after=retry_after)


def failed(status: int = 500) -> Fault:
    """Answer an HTTP error."""
    return Fault(kind="status", status=status, error="api_error")


def answer_from_json(document: JsonObject) -> Answer:
    """Read an answer that another process scripted: the fields of a Turn, or those of a Fault (it has a `kind`)."""
    if "kind" in document:
        return Fault(**document)
    calls = any(block["type"] == "tool_use" for block in document["content"])
    fields = {"stop_reason": "tool_use" if calls else "end_turn", **document, "content": tuple(document["content"])}
    return Turn(**fields)
