"""What runs and requests have spent, and what they have reserved.

A reservation is made in the same transaction as the intent of a model call, so that calls in flight count;
the result settles it.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Spending:
    """The account of one run or one request."""

    id: str
    """`run:<id>` or `request:<id>`."""
    scope: Literal["run", "request"]
    tokens: int = 0
    micro_usd: int = 0
    model_calls: int = 0
    tool_calls: int = 0
    reserved_tokens: int = 0
    reserved_micro_usd: int = 0


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Ceilings; None: no ceiling."""

    tokens: int | None = None
    micro_usd: int | None = None
    model_calls: int | None = None
    tool_calls: int | None = None
