"""Runs and their ledgers.

A run is one bounded pass of a coworker over a request (or of Atom over a conversation). Its steps are the ledger: for each
model call and tool call the intent is stored before it is made and the result after. What is known about a step whose result is missing
decides what happens after a crash (see `coworkers/run.py`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.ids import ConversationId, CoworkerId, MailboxId, RequestId, RunId
from bot.mail import Trigger
from bot.outcome import Outcome
from bot.turn import Call, CallResult, Effect, Turn

RunState = Literal["running", "done", "failed", "superseded", "stopped"]
StepKind = Literal["model", "tool", "desk", "mail"]
StepState = Literal["intent", "done", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Run:
    """One bounded pass over a request or a conversation."""

    id: RunId
    mailbox_id: MailboxId
    request_id: RequestId | None = None
    conversation_id: ConversationId | None = None
    coworker: CoworkerId
    version: str
    """Digest of the coworker's definition at the start of the run."""
    model: str
    """The model that the run was started with; it never changes within a run."""
    triggers: tuple[Trigger, ...]
    """What started it; several quick replies are one run."""
    state: RunState = "running"
    outcome: Outcome | None = None
    error: str = ""
    started_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """One entry of a run's ledger."""

    id: str
    """`run_id:seq`; also the idempotency key that a tool is given."""
    run_id: RunId
    seq: int
    """0, 1, 2 … within the run."""
    kind: StepKind
    """`mail` is news that reached the run while it worked."""
    state: StepState
    call: Call | None = None
    """For `tool` and `desk`."""
    effect: Effect = "read"
    idempotent: bool = True
    """Whether the call may be repeated when its result is not known."""
    turn: Turn | None = None
    """For `model`, once done."""
    result: CallResult | None = None
    """For `tool` and `desk`, once done; for `mail`, the news."""
    reserved_tokens: int = 0
    """For `model`: set aside with the intent, given back with the result."""
    reserved_micro_usd: int = 0
    begun_at: datetime
    ended_at: datetime | None = None


def step_id(run_id: str, seq: int) -> str:
    """Return the key of a step."""
    return f"{run_id}:{seq}"
