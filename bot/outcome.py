"""What a run ends in: exactly one outcome, applied by the desk in one transaction."""

from dataclasses import dataclass
from typing import Literal

from bot.ids import ApprovalId
from bot.labels import Fact


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The request is resolved by what was said."""

    summary: str
    kind: Literal["answer"] = "answer"


@dataclass(frozen=True, kw_only=True)
class Action:
    """The request is resolved by what was done."""

    summary: str
    kind: Literal["action"] = "action"


@dataclass(frozen=True, kw_only=True)
class Route:
    """The request moves to another assignee."""

    to: str
    reason: str
    facts: tuple[Fact, ...] = ()
    open_questions: tuple[str, ...] = ()
    kind: Literal["route"] = "route"


@dataclass(frozen=True, kw_only=True)
class Clarification:
    """The requester is asked; the request is pending."""

    question: str
    kind: Literal["clarification"] = "clarification"


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """The coworker set the request to pending or on hold and said why."""

    status: Literal["pending", "on_hold"]
    reason: str
    kind: Literal["waiting"] = "waiting"


@dataclass(frozen=True, kw_only=True)
class ApprovalRequested:
    """One exact call waits for a human's decision."""

    approval_id: ApprovalId
    reason: str
    kind: Literal["approval_requested"] = "approval_requested"


@dataclass(frozen=True, kw_only=True)
class Escalation:
    """A human takes it from here, with the whole packet."""

    reason: str
    facts: tuple[Fact, ...] = ()
    open_questions: tuple[str, ...] = ()
    kind: Literal["escalation"] = "escalation"


@dataclass(frozen=True, kw_only=True)
class NothingToDo:
    """The run found nothing to do."""

    reason: str = ""
    kind: Literal["nothing_to_do"] = "nothing_to_do"


Outcome = Answer | Action | Route | Clarification | Waiting | ApprovalRequested | Escalation | NothingToDo
