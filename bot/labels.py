"""Where a text comes from and who may read it.

What a model, a tool, a document or a person writes is data. Its source and its visibility travel with it, through notes,
facts, tool results and packets, so that code (never a model) decides what may be done with it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Source(StrEnum):
    """Who wrote a text, from most to least trusted."""

    ORGANISATION = "organisation"
    COLLEAGUE = "colleague"
    REQUESTER = "requester"
    EXTERNAL = "external"


class Visibility(StrEnum):
    """Who may read a text: the requester too, or colleagues only."""

    PUBLIC = "public"
    PRIVATE = "private"


def least_trusted(*sources: Source) -> Source:
    """Return the least trusted of `sources`; organisation when there are none."""
    order = list(Source)
    return max(sources, key=order.index, default=Source.ORGANISATION)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something a coworker verified, with what it rests on."""

    text: str
    """One sentence."""
    source: Source
    """The least trusted thing it rests on."""
    visibility: Visibility
    """Private when anything it rests on is private."""
    evidence: str = ""
    """Where it was seen, for example `jumpcloud__get_device_logs`."""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who did something, and for whom."""

    kind: Literal["person", "coworker", "system"]
    """A human, an AI coworker (Atom included), or Deskmate itself (timers, recovery)."""
    id: str
    """A person id, a coworker id, or the name of the part of Deskmate."""
    name: str
    """As people are shown it."""
    on_behalf_of: str | None = None
    """The person id of the requester whom a coworker serves."""


SYSTEM = Actor(kind="system", id="deskmate", name="Deskmate")
