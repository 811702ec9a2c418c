"""Changing a request's status, with its timers and its audit entry: the only caller of `transition` for stored requests."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

from bot.audit import Event, text_digest
from bot.desk.desk import Desk
from bot.desk.heading import RESOLVED_AT
from bot.desk.private_threads import refresh_header
from bot.labels import Actor
from bot.ports import Reader, UnitOfWork
from bot.request import FINAL, Change, Request, Status, transition
from bot.sla import Promised, promised
from bot.timer import Timer
from bot.workspace import Timers

_OWN = frozenset({"approval_expires", "sla"})
"""Timers that a change of status leaves alone."""
_DONE = FINAL | {"resolved"}
_BEHIND = timedelta(seconds=1)


async def change_status(
    uow: UnitOfWork, desk: Desk, request: Request, to: Status, actor: Actor, *, reason: str
) -> Request:
    """Change the status, set the timers that belong to it, and return the request as stored.

    A request that has the status already is returned as it is. Raises `TransitionRefused`.
    """
    if request.status == to:
        return request
    changed = transition(request, Change(to=to, at=desk.now(), reason=reason), actor)
    changed = await keep(uow, desk, replace(changed, fields=_fields(changed)))
    await uow.audit(
        Event(
            kind="request.status",
            actor=actor,
            reason=text_digest(reason),
            request_id=request.id,
            data={"from": request.status, "to": to},
            at=desk.now(),
        )
    )
    await _set_timers(uow, desk, changed)
    return changed


async def keep(uow: UnitOfWork, desk: Desk, request: Request) -> Request:
    """Store a request that has changed, and have the header of its private threads say so; return it as stored.

    Every change of a stored request goes through here, so that no header is forgotten. That it was answered is never unlearnt, though
    the caller may hold the request as it was before.
    """
    known = await uow.get(Request, request.id)
    if known is not None and known.responded_at is not None:
        request = replace(request, responded_at=known.responded_at)
    await uow.put(request)
    if known is None or _promise_of(known) != _promise_of(request):
        await set_promises(uow, desk, request)
    await refresh_header(uow, desk, request)
    return request


def _promise_of(request: Request) -> tuple[object, ...]:
    """Return what the moments depend on that were promised and still matter."""
    return request.priority, request.workspace, request.responded_at is None, request.status in _DONE


async def set_promises(uow: UnitOfWork, desk: Desk, request: Request) -> None:
    """Set a timer just behind each promised moment that is still to come: the header says then that it has passed."""
    kept: dict[Promised, bool] = {
        "respond": request.responded_at is not None or request.status in _DONE,
        "resolve": request.status in _DONE,
    }
    workspace = desk.workspace(request.workspace)
    for name, done in kept.items():
        at = None if done else promised(request, workspace, name)
        key = f"{request.id}:sla:{name}"
        known = await uow.get(Timer, key)
        if at is not None and at >= desk.now():
            timer = Timer(id=key, request_id=request.id, name="sla", subject=name, due_at=at + _BEHIND)
            if timer != known:
                await set_timer(uow, timer)
        elif known is not None and known.state == "set":
            await uow.put(replace(known, state="cancelled"))


def _fields(request: Request) -> dict[str, str]:
    """Return the request's fields with the moment at which it was resolved, which is forgotten when work begins again."""
    fields = {
        name: value for name, value in request.fields.items() if name != RESOLVED_AT or request.status == "closed"
    }
    return {**fields, RESOLVED_AT: request.changed_at.isoformat()} if request.status == "resolved" else fields


async def _set_timers(uow: UnitOfWork, desk: Desk, request: Request) -> None:
    """Set what is due from the new status on, and cancel what belonged to the old one."""
    due = _due(request.status, desk.workspace(request.workspace).timers)
    for timer in await uow.find(Timer, request_id=request.id, state="set"):
        if timer.name not in due and timer.name not in _OWN:
            await uow.put(replace(timer, state="cancelled"))
    for name, after in due.items():
        await set_timer(
            uow, Timer(id=f"{request.id}:{name}", request_id=request.id, name=name, due_at=desk.now() + after)
        )


def _due(status: Status, timers: Timers) -> dict[Literal["remind", "resolve", "close", "look_again"], timedelta]:
    if status == "pending":
        return {"remind": timers.remind_after, "resolve": timers.resolve_after}
    if status == "resolved":
        return {"close": timers.close_after}
    if status == "on_hold":
        return {"look_again": timers.look_again_after}
    return {}


async def blocked_by(reader: Reader, request: Request) -> list[str]:
    """Return the numbers of the requests that must be resolved before this one."""
    keys = [link.request_id for link in request.links if link.relation == "blocked_by"]
    blocking = await reader.find(Request, id=keys) if keys else ()
    return [item.number for item in blocking if item.status not in FINAL | {"resolved"}]


async def set_timer(uow: UnitOfWork, timer: Timer) -> None:
    """Store a timer, or move the one with the same id."""
    if await uow.get(Timer, timer.id) is None:
        await uow.add(timer)
    else:
        await uow.put(timer)
