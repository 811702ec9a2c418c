"""Satisfaction: what the requester thought of how a request was resolved. One for each request; giving it again replaces it."""

from dataclasses import dataclass
from datetime import datetime

from bot.ids import PersonId, RequestId


@dataclass(frozen=True, kw_only=True)
class Satisfaction:
    """One answer to the survey."""

    id: str
    """The request id."""
    request_id: RequestId
    person_id: PersonId
    score: int
    """1 (bad) to 5 (good)."""
    comment: str = ""
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """A thumb up or down on one answer of Atom."""

    id: str
    """`reply:person`."""
    reply_id: str
    person_id: PersonId
    helpful: bool
    at: datetime
