"""Timers: delayed work as rows. The clock claims what is due; a timer fires once, whatever happened meanwhile."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.ids import RequestId


@dataclass(frozen=True, kw_only=True)
class Timer:
    """Something to do for a request at a moment."""

    id: str
    """`request:name`, so that setting it again moves it."""
    request_id: RequestId
    name: Literal["remind", "resolve", "close", "look_again", "approval_expires", "sla"]
    subject: str = ""
    """The approval id, where it is about one; of `sla`, what was promised."""
    due_at: datetime
    state: Literal["set", "fired", "cancelled"] = "set"
