"""What a brain must do: given the briefing, the transcript and the tools on offer, the next turn.

Both brains (Claude and the playbook) satisfy `Model`; everything else, from grants to audit, is the same code for both.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.turn import CallResult, Effect, Turn
from coworkers.briefing import Briefing


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A tool that a model may call."""

    name: str
    """`tool__capability` or a desk tool's name; matches `[a-zA-Z0-9_-]{1,64}`."""
    description: str
    schema: dict[str, Any] = field(default_factory=dict)
    """JSON Schema of the arguments, an object."""
    effect: Effect = "read"
    needs_approval: bool = False
    """The call will be shown to a human first."""


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One turn of the model and what came back for it."""

    turn: Turn
    results: tuple[CallResult, ...] = ()
    """One for each call of the turn, in order."""
    news: tuple[str, ...] = ()
    """What the requester or a colleague wrote meanwhile."""


class Model(Protocol):
    """A brain."""

    async def next_turn(self, briefing: Briefing, transcript: Sequence[Exchange], tools: Sequence[Offer]) -> Turn:
        """Return the next turn.

        Raises `TemporaryError` when the model is overloaded or cannot be reached (nothing was used up, or it is in the error),
        `PermanentError` when the same question will never be answered (refused key, spent contract, malformed request).
        """
        ...
