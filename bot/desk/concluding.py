"""Applying a run's outcome: status, assignee, notes and timers, in the transaction that ends the run."""

from dataclasses import replace
from typing import assert_never

from bot.approval import Approval
from bot.audit import Event, text_digest
from bot.desk.approving import ask_approval
from bot.desk.assigning import call_human
from bot.desk.changing import blocked_by, change_status
from bot.desk.desk import Desk
from bot.desk.handoff import HandOff, hand_off
from bot.desk.notes import public_note
from bot.desk.spent import give_back
from bot.desk.surveying import ask_score
from bot.desk.telling import tell_colleagues
from bot.errors import Refused
from bot.ids import derived_id
from bot.labels import Actor, Source
from bot.mail import ColleagueAsked, RequesterReplied
from bot.outcome import (
    Action,
    Answer,
    ApprovalRequested,
    Clarification,
    Escalation,
    NothingToDo,
    Outcome,
    Route,
    Waiting,
)
from bot.packet import Packet
from bot.ports import UnitOfWork
from bot.request import Assignee, Request, Status
from bot.run import Run, RunState
from bot.wording import cards
from bot.wording import requester as wording

_RESTING: dict[str, Status] = {"resolved": "resolved", "on_hold": "on_hold"}
"""Where a request goes back to after a word of thanks; from anywhere else, it waits for the requester."""


async def conclude(
    uow: UnitOfWork,
    desk: Desk,
    run: Run,
    outcome: Outcome,
    *,
    approval: Approval | None = None,
    source: Source = Source.COLLEAGUE,
    budget_left: int | None = None,
) -> None:
    """End `run` with `outcome` and do what follows from it.

    A request that was taken away from the coworker meanwhile is left as it is. Raises `Refused` when the outcome breaks a rule
    (unknown receiver, a public text that repeats private material); nothing is stored then.
    """
    request = await uow.get(Request, run.request_id) if run.request_id else None
    if request is not None and request.assignee == Assignee(kind="coworker", id=run.coworker):
        await _apply(uow, desk, request, run, outcome, approval=approval, source=source, budget_left=budget_left)
        await end_run(uow, desk, run, "done", outcome)
    else:
        await end_run(uow, desk, run, "done" if request is None else "superseded", outcome)


async def end_run(
    uow: UnitOfWork, desk: Desk, run: Run, state: RunState, outcome: Outcome | None, *, error: str = ""
) -> None:
    """Store the end of a run; what was set aside for an answer that will not come is given back."""
    if state in {"failed", "stopped"}:
        await give_back(uow, run.id, run.request_id)
    await uow.put(replace(run, state=state, outcome=outcome, error=error, ended_at=desk.now()))
    await uow.audit(
        Event(
            kind="run.ended",
            actor=desk.coworker_actor(run.coworker),
            request_id=run.request_id,
            run_id=run.id,
            data={
                "state": state,
                "outcome": outcome.kind if outcome else None,
                "error": text_digest(error) if error else "",
            },
            at=desk.now(),
        )
    )


async def _apply(
    uow: UnitOfWork,
    desk: Desk,
    request: Request,
    run: Run,
    outcome: Outcome,
    *,
    approval: Approval | None,
    source: Source,
    budget_left: int | None,
) -> None:
    actor = desk.coworker_actor(run.coworker, request)
    match outcome:
        case Answer(summary=summary) | Action(summary=summary):
            await _refuse_blocked(uow, request)
            request = await change_status(uow, desk, request, "resolved", actor, reason=summary)
            if summary:
                await public_note(uow, desk, request, summary, actor, cause=f"{run.id}:end", run=run, source=source)
            await ask_score(uow, desk, request, wording.resolved(request.number), cause=f"{run.id}:resolved")
        case Route():
            wish = HandOff(
                to=outcome.to,
                reason=outcome.reason,
                facts=outcome.facts,
                open_questions=outcome.open_questions,
                budget_left_micro_usd=budget_left,
            )
            await hand_off(uow, desk, request, run, wish)
        case Clarification(question=question):
            request = await change_status(uow, desk, request, "pending", actor, reason="asked the requester")
            await public_note(uow, desk, request, question, actor, cause=f"{run.id}:end", run=run, source=source)
        case Waiting(status=status, reason=reason):
            await change_status(uow, desk, request, status, actor, reason=reason)
            told = cards.waits(request.number, status, reason)
            await tell_colleagues(uow, desk, request, told, cause=f"{run.id}:waits", kind="notice", speaker=actor.name)
        case ApprovalRequested():
            if approval is None:
                raise ValueError("an approval outcome needs its approval")
            await ask_approval(uow, desk, request, approval)
        case Escalation():
            await _escalate(uow, desk, request, run, outcome, budget_left)
        case NothingToDo():
            await _nothing(uow, desk, request, run, outcome, actor)
        case _:
            assert_never(outcome)


async def _refuse_blocked(uow: UnitOfWork, request: Request) -> None:
    """Refuse to resolve a request before those that block it (product page, Linked requests)."""
    open_ones = await blocked_by(uow, request)
    if open_ones:
        raise Refused(
            f"{', '.join(open_ones)} must be resolved first. Wait with set_status('on_hold', …), or hand the request over."
        )


async def _escalate(
    uow: UnitOfWork, desk: Desk, request: Request, run: Run, outcome: Escalation, budget_left: int | None
) -> None:
    """Hand to the agents, with the packet, and tell the requester that a human is next."""
    wish = HandOff(
        to="agents",
        reason=outcome.reason,
        facts=outcome.facts,
        open_questions=outcome.open_questions,
        budget_left_micro_usd=budget_left,
    )
    await hand_off(uow, desk, request, run, wish)


async def _nothing(uow: UnitOfWork, desk: Desk, request: Request, run: Run, outcome: NothingToDo, actor: Actor) -> None:
    """After words that need no work the request is as it was; work that was assigned and not done goes to a human."""
    replies = [trigger for trigger in run.triggers if isinstance(trigger, (RequesterReplied, ColleagueAsked))]
    if len(replies) == len(run.triggers) and request.status == "in_progress":
        before = _RESTING.get(replies[0].was, "pending")
        await change_status(uow, desk, request, before, actor, reason="nothing to do about the reply")
    elif request.status in {"in_progress", "open"}:
        reason = outcome.reason or cards.without_outcome(actor.name)
        await call_human(uow, desk, request, reason, actor, cause=f"{run.id}:end")


async def fail_run(uow: UnitOfWork, desk: Desk, run: Run, reason: str) -> None:
    """End a run that cannot be worked and call a human for its request; what it had done stays in the ledger."""
    await end_run(uow, desk, run, "failed", None, error=reason)
    request = await uow.get(Request, run.request_id) if run.request_id else None
    if request is None or request.assignee != Assignee(kind="coworker", id=run.coworker):
        return
    actor = desk.coworker_actor(run.coworker, request)
    packets = await uow.find(Packet, request_id=request.id, newest=True, limit=1)
    await call_human(
        uow,
        desk,
        request,
        cards.could_not_work(actor.name, reason),
        actor,
        cause=derived_id("failed", run.id),
        packet=packets[0] if packets else None,
    )
