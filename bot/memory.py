"""What is remembered: per person, per coworker, per workspace; each entry with its source, author and expiry."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.ids import CoworkerId, RequestId
from bot.labels import Source

MemoryScope = Literal["person", "coworker", "workspace"]


@dataclass(frozen=True, kw_only=True)
class Memory:
    """One remembered fact."""

    id: str
    scope: MemoryScope
    subject: str
    """The person id, coworker id or workspace id that it is about or for: nobody else is served by it."""
    text: str
    source: Source
    author: CoworkerId
    request_id: RequestId
    """Where it was learnt."""
    at: datetime
    expires_at: datetime
