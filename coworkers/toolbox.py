"""Tools as a coworker meets them, before any permission is applied (see `coworkers/guarded.py` for that)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.turn import CallResult


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A capability as its server describes it: a hint, never a permission."""

    name: str
    description: str
    schema: dict[str, Any] = field(default_factory=dict)
    """JSON Schema of the arguments; checked to be a valid schema, capped in size."""


class ToolServers(Protocol):
    """All configured tool servers."""

    async def capabilities(self, tool: str) -> Sequence[Offered]:
        """Return what the server offers now; `TemporaryError` when it cannot be reached."""
        ...

    async def call(self, tool: str, capability: str, arguments: dict[str, Any], *, key: str) -> CallResult:
        """Call and return the result, cut to size; the call id of the result is `key`, its labels are the caller's to set.

        `key` is passed on to the server as the idempotency key. An error that the tool itself reports is a result with `error` set.
        Raises `TemporaryError` (`maybe_done` unless it is certain that the call never reached the server) or `PermanentError`.
        """
        ...
