"""The audit trail: who did what, on whose behalf, why; each entry chained to the one before.

An entry holds ids, decisions and digests, never texts: a person's words can be erased while the chain stays whole. The storage gives each
event its number and its link when the transaction commits; the canonical form and the hash are decided here, so that anybody can
recompute them.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from bot.labels import Actor

GENESIS = "0" * 64
"""What the first entry is chained to."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that was decided or done."""

    kind: str
    """For example `request.opened`, `note.posted`, `model.called`, `approval.decided`."""
    actor: Actor
    reason: str = ""
    request_id: str | None = None
    run_id: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    """Ids, decisions, numbers and digests."""
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """An event in the chain."""

    number: int
    """1, 2, 3 … without gaps."""
    canonical: str
    """The event as canonical JSON (sorted keys, no spaces, ASCII with escapes)."""
    previous: str
    """The hash of the entry before; `GENESIS` for the first."""
    hash: str
    """SHA-256 of number, previous and canonical, joined by newlines, in hex."""


def canonical_form(event: Event) -> str:
    """Return the event as canonical JSON; times are ISO 8601 in UTC with microseconds."""
    plain = {one.name: getattr(event, one.name) for one in fields(event)}
    plain["at"] = event.at.isoformat(timespec="microseconds")
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), default=asdict)


def chained(event: Event, number: int, previous: str) -> AuditEntry:
    """Return `event` as the entry `number`, chained to the hash `previous`."""
    canonical = canonical_form(event)
    digest = hashlib.sha256(f"{number}\n{previous}\n{canonical}".encode()).hexdigest()
    return AuditEntry(number=number, canonical=canonical, previous=previous, hash=digest)


def text_digest(text: str) -> str:
    """Return what an audit entry holds in place of a text."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]
