"""Who gets a request, and waking them: every change of assignee puts a trigger into the mailbox of the request.

A coworker that is not active is given nothing: its work goes to the workspace's triage coworker or, failing that, to the agents.
"""

from dataclasses import replace

from bot.audit import Event, text_digest
from bot.desk.changing import change_status, keep
from bot.desk.desk import Desk, bell_of
from bot.desk.telling import tell_colleagues, tell_requester
from bot.labels import Actor
from bot.mail import Assigned
from bot.mailroom import deliver
from bot.packet import Packet
from bot.person import Person
from bot.ports import Reader, UnitOfWork
from bot.request import Assignee, Request
from bot.wording import cards
from bot.wording import requester as wording
from bot.workspace import Workspace

AGENTS = "agents"
"""The agent group that every workspace has: all of its human agents."""


def default_assignee(desk: Desk, workspace: Workspace) -> Assignee:
    """Return the workspace's triage coworker when it is active, else its agents."""
    card = desk.coworker(workspace.triage)
    if card is not None and card.state == "active":
        return Assignee(kind="coworker", id=card.id)
    return agents_of(workspace)


def agents_of(workspace: Workspace) -> Assignee:
    """Return all human agents of the workspace, as an assignee."""
    return Assignee(kind="group", id=f"{workspace.id}/{AGENTS}")


async def assign(
    uow: UnitOfWork,
    desk: Desk,
    request: Request,
    assignee: Assignee,
    actor: Actor,
    *,
    cause: str,
    packet: Packet | None = None,
) -> Request:
    """Give `request` to `assignee` and wake it; return the request as stored."""
    given = await keep(uow, desk, replace(request, assignee=assignee, changed_at=desk.now()))
    await uow.audit(
        Event(
            kind="request.assigned",
            actor=actor,
            request_id=request.id,
            reason=text_digest(packet.reason) if packet else "",
            data={"to": f"{assignee.kind}:{assignee.id}", "packet": packet.id if packet else None},
            at=desk.now(),
        )
    )
    if assignee.kind == "coworker":
        await deliver(uow, bell_of(request), Assigned(packet_id=packet.id if packet else None), desk.now(), cause=cause)
    return given


async def call_human(
    uow: UnitOfWork,
    desk: Desk,
    request: Request,
    reason: str,
    actor: Actor,
    *,
    cause: str,
    packet: Packet | None = None,
    tell: bool = True,
) -> Request:
    """Give `request` to the agents of its workspace, with a card that holds the reason in the support threads.

    Its status becomes open where it was worked; what waited or rested is in progress again, and an approval goes on waiting.

    The requester is told that a human is next, unless (`tell` False) that was just said.
    """
    workspace = desk.workspace(request.workspace)
    if request.status == "in_progress":
        request = await change_status(uow, desk, request, "open", actor, reason=reason)
    elif request.status not in {"open", "awaiting_approval"}:
        request = await change_status(uow, desk, request, "in_progress", actor, reason=reason)
    request = await assign(uow, desk, request, agents_of(workspace), actor, cause=cause, packet=packet)
    card = desk.coworker(actor.id) if actor.kind == "coworker" else None
    await tell_colleagues(
        uow,
        desk,
        request,
        cards.needs_human(request.number, reason, await _called(uow, card.manager) if card else ""),
        cause=f"human:{cause}",
        kind="card",
        speaker=actor.name,
    )
    if tell:
        told = wording.human_next(request.number)
        await tell_requester(uow, desk, request, told, cause=f"human:{cause}", kind="talk")
    return request


async def _called(reader: Reader, email: str) -> str:
    """Return the name of the person with this e-mail; the e-mail while they were never met."""
    known = await reader.find(Person, email=email.casefold(), limit=1) if email else ()
    return known[0].name if known else email
