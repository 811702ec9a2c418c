"""Fires timers that are due.

A timer is a row; it is claimed by marking it as fired in the transaction that does what it is for, so it fires once, after a restart
too, and not at all when what it waited for happened first. Whoever calls this decides only when to look.
"""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.audit import Event
from bot.desk.approving import expire
from bot.desk.changing import blocked_by, change_status
from bot.desk.desk import Desk, bell_of
from bot.desk.private_threads import refresh_header
from bot.desk.surveying import ask_score
from bot.desk.telling import tell_colleagues, tell_requester
from bot.ids import RequestId
from bot.labels import SYSTEM
from bot.mail import TimerFired
from bot.mailroom import deliver
from bot.ports import AtMost, Reader, Storage, UnitOfWork
from bot.request import Request
from bot.timer import Timer
from bot.wording import cards
from bot.wording import requester as wording

_FAR = datetime.max.replace(tzinfo=UTC)
AT_ONCE = 50
"""Timers looked at in one round."""
AGAIN_BLOCKED = timedelta(days=1)
"""When a request that others block is looked at again."""
AGAIN = timedelta(minutes=5)
"""When a timer that could not be fired is tried again."""

log = logging.getLogger("deskmate.clock")


async def fire_due(storage: Storage, desk: Desk) -> int:
    """Fire every timer that is due now; return how many there were. One that cannot be fired is put off, so it holds up no other."""
    fired = 0
    while True:
        due = await storage.read(lambda reader: _due(reader, desk.now()))
        for timer in due:
            await _fire_or_put_off(storage, desk, timer.id)
        fired += len(due)
        if len(due) < AT_ONCE:
            return fired


async def next_due(storage: Storage) -> datetime | None:
    """Return when the earliest timer is due; None when none is set."""

    async def read(reader: Reader) -> datetime | None:
        found = await reader.find(Timer, state="set", due_at=AtMost(value=_FAR), limit=1)
        return found[0].due_at if found else None

    return await storage.read(read)


async def _due(reader: Reader, now: datetime) -> list[Timer]:
    return list(await reader.find(Timer, state="set", due_at=AtMost(value=now), limit=AT_ONCE))


async def _fire_or_put_off(storage: Storage, desk: Desk, key: str) -> None:
    try:
        await storage.transact(partial(_fire, desk, key))
    except Exception:
        log.exception("the timer %s could not be fired; it is tried again in %s", key, AGAIN)
        await storage.transact(partial(_put_off, desk, key))


async def _put_off(desk: Desk, key: str, uow: UnitOfWork) -> None:
    timer = await uow.get(Timer, key)
    if timer is not None and timer.state == "set" and timer.due_at <= desk.now():
        await uow.put(replace(timer, due_at=desk.now() + AGAIN))


async def _fire(desk: Desk, key: str, uow: UnitOfWork) -> None:
    timer = await uow.get(Timer, key)
    if timer is None or timer.state != "set" or timer.due_at > desk.now():
        return
    await uow.put(replace(timer, state="fired"))
    request = await uow.get(Request, RequestId(timer.request_id))
    if request is None:
        return
    await uow.audit(
        Event(kind="timer.fired", actor=SYSTEM, request_id=request.id, data={"timer": timer.name}, at=desk.now())
    )
    cause = f"{timer.id}:{timer.due_at}"
    match timer.name:
        case "approval_expires":
            await expire(uow, desk, timer.subject)
        case "sla":
            await refresh_header(uow, desk, request)
        case "remind" if request.status == "pending":
            await tell_requester(uow, desk, request, wording.reminder(request), cause=cause, kind="talk")
        case "look_again" if request.status == "on_hold":
            await _look_again(uow, desk, request, cause)
        case "resolve" if request.status == "pending":
            await _resolve(uow, desk, request, timer, cause)
        case "close" if request.status == "resolved":
            await change_status(uow, desk, request, "closed", SYSTEM, reason="resolved for long enough")
        case _:
            log.debug("%s of %s came too late: the request is %s", timer.name, request.number, request.status)


async def _resolve(uow: UnitOfWork, desk: Desk, request: Request, timer: Timer, cause: str) -> None:
    """Resolve what nobody answered; later, when other requests must be resolved first."""
    if await blocked_by(uow, request):
        await uow.put(replace(timer, due_at=desk.now() + AGAIN_BLOCKED))
        return
    request = await change_status(uow, desk, request, "resolved", SYSTEM, reason="no answer in time")
    await ask_score(uow, desk, request, wording.resolved_by_time(request), cause=cause)


async def _look_again(uow: UnitOfWork, desk: Desk, request: Request, cause: str) -> None:
    """Wake the assignee of a request that rests on hold; humans get a line in the private thread."""
    if request.assignee.kind == "coworker":
        await deliver(uow, bell_of(request), TimerFired(name="on_hold"), desk.now(), cause=cause)
    else:
        told = cards.still_on_hold(request.number)
        await tell_colleagues(uow, desk, request, told, cause=cause, kind="notice")
