"""The packet that a hand-off carries: the receiver, coworker or human, starts from it and asks nobody again."""

from dataclasses import dataclass
from datetime import datetime

from bot.ids import RequestId
from bot.labels import Fact


@dataclass(frozen=True, kw_only=True)
class Packet:
    """What moves with a request."""

    id: str
    request_id: RequestId
    asked: str
    """What the requester wants, in one or two sentences."""
    sender: str
    """The coworker id or person id that hands off."""
    receiver: str
    """The coworker id, person id or agent group (`workspace/group`) that receives."""
    reason: str
    """Why it moves."""
    wanted: str = ""
    """Whom the sender named, when it went through global triage because the sender's workspace cannot see them."""
    facts: tuple[Fact, ...] = ()
    """Verified so far, by anyone."""
    actions: tuple[str, ...] = ()
    """What was done, tool calls that acted included."""
    open_questions: tuple[str, ...] = ()
    hop: int = 0
    """Which hand-off between specialists this is; those from or to a triage coworker do not count."""
    budget_left_micro_usd: int | None = None
    at: datetime
