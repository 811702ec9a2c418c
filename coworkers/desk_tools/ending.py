"""Calls that end a run, as outcomes. Applying them is the desk's."""

from collections.abc import Iterable

from bot.approval import Approval
from bot.desk.approving import new_approval
from bot.desk.desk import Desk
from bot.errors import Refused
from bot.labels import Fact
from bot.outcome import (
    Action,
    Answer,
    ApprovalRequested,
    Clarification,
    Escalation,
    Outcome,
    Route,
    Waiting,
)
from bot.run import Step
from bot.turn import Call
from coworkers.case import Case
from coworkers.guarded import Denied, judge
from coworkers.ledger import taint


def ending(case: Case, desk: Desk, call: Call) -> tuple[Outcome, Approval | None]:
    """Return the outcome that `call`, whose arguments fit its schema, asks for, with the approval where it needs one.

    Raises `Refused` when a rule forbids it.
    """
    arguments = call.arguments
    match call.name:
        case "ask_requester":
            return Clarification(question=arguments["question"]), None
        case "hand_off":
            facts = _facts(case, arguments.get("verified_facts", ()))
            questions = tuple(arguments.get("open_questions", ()))
            route = Route(to=arguments["to"], reason=arguments["reason"], facts=facts, open_questions=questions)
            return route, None
        case "set_status":
            return Waiting(status=arguments["status"], reason=arguments["reason"]), None
        case "resolve":
            acted = any(_acted(step) for step in case.steps)
            summary: str = arguments["summary"]
            return (Action(summary=summary) if acted else Answer(summary=summary)), None
        case "escalate":
            return Escalation(reason=arguments["reason"]), None
        case "request_approval":
            return _approval(case, desk, call)
        case _:
            raise Refused(f"{call.name} does not end a run.")


def _facts(case: Case, texts: Iterable[str]) -> tuple[Fact, ...]:
    """Label what a coworker says it verified by what its run has read."""
    source, visibility = taint(case.steps)
    tools = dict.fromkeys(step.call.name for step in case.steps if step.kind == "tool" and step.call is not None)
    evidence = ", ".join(tools)
    return tuple(Fact(text=text, source=source, visibility=visibility, evidence=evidence) for text in texts)


def _acted(step: Step) -> bool:
    return step.kind == "tool" and step.effect != "read" and step.result is not None and not step.result.error


def _approval(case: Case, desk: Desk, call: Call) -> tuple[Outcome, Approval]:
    exact = Call(id=call.id, name=call.arguments["tool"], arguments=call.arguments["arguments"])
    source, visibility = taint(case.steps)
    verdict = judge(exact, case.granted, source=source, visibility=visibility)
    if isinstance(verdict, Denied):
        raise Refused(verdict.reason)
    return approval_outcome(case, desk, exact, call.arguments["reason"])


def approval_outcome(case: Case, desk: Desk, exact: Call, reason: str) -> tuple[ApprovalRequested, Approval]:
    """Return the outcome that has a human decide about `exact`."""
    if case.request is None:
        raise Refused("There is no request to approve anything for.")
    item = new_approval(desk, case.request, case.run, exact, reason)
    return ApprovalRequested(approval_id=item.id, reason=reason), item
