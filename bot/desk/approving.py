"""Approvals: asked with the exact call, decided once by a human with authority who is not the requester, good for a while.

The decision is mail in the request's mailbox; the stored call is checked again and made as the first step of the next run,
so the model never repeats it and cannot change it.
"""

from dataclasses import replace
from datetime import datetime

from bot.approval import Approval, call_digest
from bot.audit import Event
from bot.desk.changing import change_status, set_timer
from bot.desk.desk import Desk, bell_of, person_actor
from bot.desk.posting import last_part, post
from bot.desk.private_threads import support_threads
from bot.desk.telling import tell_colleagues
from bot.errors import Refused
from bot.ids import ApprovalId, derived_id
from bot.labels import SYSTEM, Actor, Visibility
from bot.mail import ApprovalDecided
from bot.mailroom import deliver
from bot.person import Person
from bot.ports import UnitOfWork
from bot.reply import Button
from bot.request import Assignee, Request
from bot.run import Run
from bot.timer import Timer
from bot.turn import Call
from bot.wording import approvals


def new_approval(desk: Desk, request: Request, run: Run, call: Call, reason: str) -> Approval:
    """Return the approval for one exact call; the same call of the same run gives the same approval."""
    expires = desk.workspace(request.workspace).timers.approval_expires
    return Approval(
        id=ApprovalId(derived_id("approval", run.id, call.id)),
        request_id=request.id,
        run_id=run.id,
        coworker=run.coworker,
        version=run.version,
        call=call,
        digest=call_digest(call, request.id, run.coworker, run.version),
        reason=reason,
        asked_at=desk.now(),
        expires_at=desk.now() + expires,
    )


async def ask_approval(uow: UnitOfWork, desk: Desk, request: Request, item: Approval) -> Request:
    """Store the approval, show it to the workspace's agents, set its expiry and the request's status."""
    actor = desk.coworker_actor(item.coworker, request)
    if await uow.get(Approval, item.id) is None:
        await uow.add(item)
    await uow.audit(_event(item, "approval.asked", actor, item.asked_at))
    await set_timer(
        uow,
        Timer(
            id=f"{request.id}:approval:{item.id}",
            request_id=request.id,
            name="approval_expires",
            subject=item.id,
            due_at=item.expires_at,
        ),
    )
    await tell_colleagues(
        uow,
        desk,
        request,
        approvals.question(item, request.number, actor.name),
        cause=f"approval:{item.id}",
        kind="card",
        buttons=(
            Button(action="approve", subject=item.id, label=approvals.APPROVE, style="primary"),
            Button(action="deny", subject=item.id, label=approvals.DENY, style="danger"),
        ),
    )
    return await change_status(uow, desk, request, "awaiting_approval", actor, reason=item.reason)


async def decide(uow: UnitOfWork, desk: Desk, key: str, decider: Person, *, approve: bool) -> Approval:
    """Decide an approval, once.

    Raises `Refused` when it is decided, expired or unknown, when the decider is the requester or the author, or no agent of the
    workspace; nothing is changed then, but the attempt is for the caller to audit.
    """
    item = await uow.get(Approval, key)
    request = await uow.get(Request, item.request_id) if item else None
    if item is None or request is None:
        raise Refused(approvals.unknown())
    if decider.id in {request.requester, request.author}:
        raise Refused(approvals.own_request())
    if not desk.is_agent(decider, request.workspace):
        raise Refused(approvals.agents_only(desk.workspace(request.workspace).name))
    if item.state == "waiting" and desk.now() >= item.expires_at:
        raise Refused(approvals.expired())
    if item.state != "waiting":
        raise Refused(approvals.decided_before(item.state))
    if approve and request.assignee != Assignee(kind="coworker", id=item.coworker):
        raise Refused(approvals.not_theirs_now(request.number))
    decided = replace(item, state="approved" if approve else "denied", decided_by=decider.id, decided_at=desk.now())
    await _settle(uow, desk, request, decided, person_actor(decider, request.requester))
    return decided


async def expire(uow: UnitOfWork, desk: Desk, key: str) -> None:
    """Expire an approval that nobody decided; does nothing when it was."""
    item = await uow.get(Approval, key)
    request = await uow.get(Request, item.request_id) if item else None
    if item is not None and request is not None and item.state == "waiting" and desk.now() >= item.expires_at:
        await _settle(uow, desk, request, replace(item, state="expired", decided_at=desk.now()), SYSTEM)


async def _settle(uow: UnitOfWork, desk: Desk, request: Request, decided: Approval, actor: Actor) -> None:
    await uow.put(decided)
    await uow.audit(_event(decided, f"approval.{decided.state}", actor, desk.now()))
    if request.status == "awaiting_approval" and not await uow.find(
        Approval, request_id=request.id, state="waiting", limit=1
    ):
        request = await change_status(uow, desk, request, "in_progress", actor, reason=decided.state)
    timer = await uow.get(Timer, f"{request.id}:approval:{decided.id}")
    if timer is not None and timer.state == "set":
        await uow.put(replace(timer, state="cancelled"))
    await deliver(uow, bell_of(request), ApprovalDecided(approval_id=decided.id), desk.now(), cause=decided.id)
    name = desk.coworker_actor(decided.coworker).name
    for thread in await support_threads(uow, desk, request):
        await post(
            uow,
            desk,
            thread,
            approvals.decided(decided, request.number, name, actor.name),
            cause=f"decided:{decided.id}",
            visibility=Visibility.PRIVATE,
            kind="card",
            request=request,
            replaces=await last_part(uow, thread, f"approval:{decided.id}"),
        )


def still_good(item: Approval, request: Request, version: str) -> str:
    """Return why an approved call must not be made after all; empty when it may.

    The caller checks grant and schema besides.
    """
    if item.state != "approved":
        return f"it was {item.state}"
    if call_digest(item.call, request.id, item.coworker, version) != item.digest:
        return "the coworker's definition or the call has changed since it was asked"
    return ""


def _event(item: Approval, kind: str, actor: Actor, at: datetime) -> Event:
    return Event(
        kind=kind,
        actor=actor,
        request_id=item.request_id,
        run_id=item.run_id,
        data={"approval": item.id, "tool": item.call.name, "digest": item.digest},
        at=at,
    )
