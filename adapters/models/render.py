"""Renders what a model is told, a briefing, a transcript and tools on offer, as the parameters of a Messages API call.

What stays the same stands first and is marked for the vendor's cache: tools, how Deskmate works, who the coworker is. Then
comes the request, as the first user message, then the transcript. The functions are pure, and a longer transcript only
appends, so every call of a run finds the one before it in the cache; the last block is marked for that.
"""

from collections.abc import Sequence
from typing import TypedDict, cast

from anthropic.types import CacheControlEphemeralParam, ContentBlockParam, MessageParam, TextBlockParam, ToolParam
from anthropic.types.assistant_message_param import AssistantMessageParam
from anthropic.types.user_message_param import UserMessageParam

from adapters.models.instructions import FRONT_DOOR, WORKING
from adapters.models.opening import opening
from adapters.models.replay import Block, replay
from coworkers.briefing import Briefing
from coworkers.model import Exchange, Offer

_CACHED: CacheControlEphemeralParam = {"type": "ephemeral"}


class Question(TypedDict):
    """The part of a call's parameters that follows from what the model is told."""

    system: list[TextBlockParam]
    tools: list[ToolParam]
    messages: list[MessageParam]


def question(briefing: Briefing, transcript: Sequence[Exchange], offers: Sequence[Offer]) -> Question:
    """Return the parameters for the next turn."""
    first: list[Block] = [{"type": "text", "text": opening(briefing)}]
    messages: list[tuple[str, list[Block]]] = [("user", first), *replay(transcript)]
    messages[-1][1][-1] = {**messages[-1][1][-1], "cache_control": _CACHED}
    return {
        "system": system(briefing),
        "tools": [_tool(offer) for offer in sorted(offers, key=lambda offer: offer.name)],
        "messages": [_message(role, blocks) for role, blocks in messages],
    }


def continued(paused: Sequence[Sequence[Block]]) -> list[MessageParam]:
    """Return what to append to the messages after so many paused answers: all their blocks, as one assistant message."""
    said = [block for blocks in paused for block in blocks]
    return [_message("assistant", said)] if said else []


def system(briefing: Briefing) -> list[TextBlockParam]:
    """Return the system text: the same for every request of a coworker, whose last block ends the cached prefix."""
    rules = FRONT_DOOR if briefing.coworker.kind == "front_door" else WORKING
    return [
        {"type": "text", "text": rules},
        {"type": "text", "text": _who(briefing), "cache_control": _CACHED},
    ]


def _who(briefing: Briefing) -> str:
    coworker = briefing.coworker
    parts = [f"# You are {coworker.name} (`{coworker.id}`)"]
    texts = {"Goal": coworker.goal, "Identity": coworker.identity, "Soul": coworker.soul}
    parts += [f"# {heading}\n{text.strip()}" for heading, text in texts.items() if text.strip()]
    if briefing.skills:
        skills = sorted(briefing.skills, key=lambda skill: skill.name)
        rows = [f"- `{skill.name}`: {skill.description.strip()}" for skill in skills]
        parts.append("\n".join(["# Your skills (read one with `read_skill` before you follow it)", *rows]))
    return "\n\n".join(parts)


def _tool(offer: Offer) -> ToolParam:
    notes = [offer.description.strip()]
    if offer.effect == "destructive":
        notes.append("Destructive: it may not be possible to undo it.")
    if offer.needs_approval:
        notes.append("A human is asked before it runs; the run ends and waits for the decision.")
    schema = {"properties": {}, **offer.schema, "type": "object"}
    return {"name": offer.name, "description": " ".join(note for note in notes if note), "input_schema": schema}


def _message(role: str, blocks: Sequence[Block]) -> MessageParam:
    # The vendor's own blocks go back as they came; no type of the SDK describes all of them.
    content = cast("list[ContentBlockParam]", blocks)
    if role == "assistant":
        return AssistantMessageParam(role="assistant", content=content)
    return UserMessageParam(role="user", content=content)
