"""Stopping work: a person's stop button, and an admin's switch.

A stop ends the run at its next step. It may come while a model or a tool is being called: what that brings is stored first, then the run
ends as `stopped`, its request waits for the requester, and colleagues are told. Atom's own talk ends where the stop is read, and while a
stop waits to be read Atom does nothing further. What a coworker had not begun yet is not begun.
"""

from dataclasses import replace

from bot.audit import Event
from bot.desk.assigning import call_human
from bot.desk.changing import change_status
from bot.desk.concluding import end_run
from bot.desk.desk import Desk, bell_of
from bot.desk.telling import tell_colleagues
from bot.ids import MailboxId, derived_id
from bot.labels import SYSTEM, Actor
from bot.mail import Said, mailbox_id
from bot.mailroom import ring, take, waiting_mail
from bot.message import Message
from bot.ports import UnitOfWork
from bot.request import Request
from bot.run import Run
from bot.wording import stopping as wording


async def stop_waits(uow: UnitOfWork, box: MailboxId) -> bool:
    """Tell whether somebody's stop waits to be read in a conversation's mailbox."""
    mail = await waiting_mail(uow, box)
    keys = [item.trigger.message_id for item in mail if isinstance(item.trigger, Said)]
    return any(is_stop(message) for message in await uow.find(Message, id=keys)) if keys else False


def is_stop(message: Message) -> bool:
    """Tell whether a message is a press of the stop button."""
    return message.press is not None and message.press.action == "stop"


async def stop_work(uow: UnitOfWork, desk: Desk, request: Request, actor: Actor, *, cause: str) -> Request:
    """Have a coworker's run of this request end at its next step, and begin none for what waits; return the request as stored.

    The status is left to the caller, or to the run's end.
    """
    box = bell_of(request).key
    runs = await uow.find(Run, mailbox_id=box, state="running")
    waiting = await waiting_mail(uow, box) if request.assignee.kind == "coworker" else []
    if not runs and not waiting:
        return request
    await take(uow, waiting, "stopped")
    stopped = replace(request, stopped_run=runs[0].id) if runs else request
    await uow.put(stopped)
    await uow.audit(
        Event(
            kind="run.stop_asked",
            actor=actor,
            request_id=request.id,
            run_id=runs[0].id if runs else None,
            data={"cause": cause, "mail": len(waiting)},
            at=desk.now(),
        )
    )
    await ring(uow, desk.now(), bell_of(request))
    return stopped


async def working_on(uow: UnitOfWork, request: Request) -> bool:
    """Tell whether a coworker works on the request, or is about to."""
    if request.assignee.kind != "coworker" or request.status not in {"open", "in_progress"}:
        return False
    box = mailbox_id("request", request.id)
    return bool(await uow.find(Run, mailbox_id=box, state="running", limit=1) or await waiting_mail(uow, box))


async def rest_stopped(uow: UnitOfWork, desk: Desk, request: Request, name: str, *, cause: str) -> Request:
    """Let a stopped request wait for its requester, and tell colleagues; one that is resolved by now stays so."""
    if request.status not in {"open", "in_progress"}:
        return request
    request = await change_status(uow, desk, request, "pending", SYSTEM, reason="stopped by a person")
    told = wording.stopped_line(request.number, name)
    await tell_colleagues(uow, desk, request, told, cause=f"stopped:{cause}", kind="notice")
    return request


def halted(desk: Desk, run: Run, request: Request | None) -> bool:
    """Tell whether a run must end at this step: a person has stopped it, or an admin its coworker."""
    card = desk.coworker(run.coworker)
    return (card is not None and card.killed) or (request is not None and request.stopped_run == run.id)


async def end_halted(uow: UnitOfWork, desk: Desk, run: Run, request: Request | None) -> None:
    """End a run that was halted; a person's stop leaves the request to its requester, an admin's switch to a human."""
    await end_run(uow, desk, run, "stopped", None)
    if request is None:
        return
    name = desk.coworker_actor(run.coworker).name
    if request.stopped_run == run.id:
        await rest_stopped(uow, desk, request, name, cause=run.id)
    else:
        reason = wording.switched_off(name)
        await call_human(uow, desk, request, reason, SYSTEM, cause=derived_id("switched off", run.id))
