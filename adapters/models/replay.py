"""Turns the transcript of a run into the alternating messages that the Messages API insists on.

A turn goes back with the vendor's own blocks, unchanged, because thinking blocks must be. All results of a turn stand first
in the next user message, one for each call, then the news. A call whose result is not known (a crash, a dropped call) gets
an error result that says so: the API refuses a transcript with an unanswered call. A turn that is not followed by anything
is followed by a sentence of ours, since a conversation has to end with the user.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from adapters.models.fence import fenced
from bot.turn import CallResult, Turn
from coworkers.model import Exchange

Block: TypeAlias = dict[str, Any]

_GO_ON: Mapping[str, str] = {
    "truncated": "Your turn was cut off at its length limit, and nothing of it was done. Say less, and call the tool again.",
    "refused": "You declined to go on. If the request cannot be worked, end the run with `escalate` and say why.",
    "end": "Nothing was done in that turn. Go on, or end the run with exactly one ending tool.",
}


def replay(transcript: Sequence[Exchange]) -> Iterator[tuple[str, list[Block]]]:
    """Yield role and blocks, assistant and user in turn, for a transcript from its first exchange."""
    for exchange in transcript:
        blocks = _said(exchange.turn)
        yield "assistant", blocks
        asked = [str(block["id"]) for block in blocks if block["type"] == "tool_use"]
        answers = {result.call_id: result for result in exchange.results}
        user = [_result(call_id, answers.get(call_id)) for call_id in asked]
        user += [_text(fenced(news, kind="news", source="requester or colleague")) for news in exchange.news]
        yield "user", user or [_text(_GO_ON.get(exchange.turn.stop, _GO_ON["end"]))]


def _said(turn: Turn) -> list[Block]:
    blocks = [block for block in turn.raw or _rebuilt(turn) if _kept(block, turn)]
    return blocks or [_text("(no words)")]


def _rebuilt(turn: Turn) -> Sequence[Block]:
    calls = [{"type": "tool_use", "id": call.id, "name": call.name, "input": call.arguments} for call in turn.calls]
    return [_text(turn.text), *calls]


def _kept(block: Block, turn: Turn) -> bool:
    if block["type"] == "tool_use":
        return turn.stop == "tool_use"
    return block["type"] != "text" or bool(str(block.get("text", "")).strip())


def _result(call_id: str, result: CallResult | None) -> Block:
    block: Block = {"type": "tool_result", "tool_use_id": call_id}
    if result is None:
        return {**block, "content": "Not done: no result is known. Look before you call it again.", "is_error": True}
    text = fenced(result.text, kind="tool result", source=result.source, visibility=result.visibility)
    return {**block, "content": text, **({"is_error": True} if result.error else {})}


def _text(text: str) -> Block:
    return {"type": "text", "text": text}
