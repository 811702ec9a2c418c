"""What a model says and what comes back, in vendor-neutral words.

A run's ledger stores these, so a run that was cut off goes on from what was recorded instead of asking again.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from bot.labels import Source, Visibility

Effect = Literal["read", "write", "destructive"]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One tool call that a model asks for."""

    id: str
    """The model's id for the call, unique within the run."""
    name: str
    """`tool__capability`, or a desk tool's name."""
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What a model call cost."""

    input_tokens: int = 0
    """All input tokens, cached ones included."""
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    micro_usd: int = 0
    """Price in millionths of a US dollar."""

    @property
    def tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One answer of a model. Its text is never posted: only notes are."""

    text: str = ""
    calls: tuple[Call, ...] = ()
    """To be acted on only when `stop` is `tool_use`."""
    stop: Literal["tool_use", "end", "truncated", "refused"]
    model: str
    """The model id as the vendor reports it, or `playbook`."""
    usage: Usage = Usage()
    raw: tuple[dict[str, Any], ...] = ()
    """The vendor's own content blocks, sent back unchanged with the next call (thinking blocks must be)."""


@dataclass(frozen=True, kw_only=True)
class CallResult:
    """What a call brought back."""

    call_id: str
    text: str
    """What the model is shown; capped in size where it enters."""
    data: dict[str, Any] | None = None
    """The structured result, where the tool has one."""
    error: bool = False
    source: Source = Source.ORGANISATION
    visibility: Visibility = Visibility.PRIVATE
