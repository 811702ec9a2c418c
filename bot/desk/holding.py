"""Taking a request over, and handing it back: while a human holds it, coworkers are silent to the requester.

Silence needs no rule of its own: a coworker may speak only for a request that is assigned to it.
"""

from dataclasses import replace

from bot.audit import Event
from bot.desk.access import request_for_agent
from bot.desk.assigning import assign, default_assignee
from bot.desk.changing import change_status, keep
from bot.desk.desk import Desk, bell_of, person_actor
from bot.desk.telling import tell_colleagues
from bot.errors import Refused
from bot.ids import CoworkerId
from bot.labels import Actor
from bot.mail import HandedBack
from bot.mailroom import deliver
from bot.person import Person
from bot.ports import UnitOfWork
from bot.request import Assignee, Request
from bot.wording import cards


async def take_over(uow: UnitOfWork, desk: Desk, key: str, person: Person, *, cause: str) -> Request:
    """Give the request to `person`; `Refused` for anybody but an agent of its workspace, and for a closed request."""
    request = await request_for_agent(uow, desk, key, person)
    if request.assignee == Assignee(kind="person", id=person.id):
        return request
    actor = person_actor(person, request.requester)
    assignee = Assignee(kind="person", id=person.id)
    request = await give_to_human(uow, desk, request, assignee, actor, cause=cause)
    await tell_colleagues(
        uow, desk, request, cards.taken_over(request.number, person.name), cause=f"taken:{cause}", kind="notice"
    )
    return request


async def give_to_human(
    uow: UnitOfWork, desk: Desk, request: Request, assignee: Assignee, actor: Actor, *, cause: str
) -> Request:
    """Give the request to a person, who works on it from now on; the coworker that had it is remembered."""
    held = held_by_coworker(request)
    if request.status not in {"in_progress", "awaiting_approval"}:
        request = await change_status(uow, desk, request, "in_progress", actor, reason="taken over")
    return await assign(uow, desk, replace(request, held_from=held), assignee, actor, cause=cause)


def held_by_coworker(request: Request) -> CoworkerId | None:
    """Return the coworker that gets the request back one day: the one that has it, or had it before a human did."""
    return CoworkerId(request.assignee.id) if request.assignee.kind == "coworker" else request.held_from


async def hand_back(uow: UnitOfWork, desk: Desk, key: str, person: Person, *, cause: str) -> Request:
    """Give the request back to the coworker that had it, or to triage; `Refused` for anybody but an agent."""
    request = await request_for_agent(uow, desk, key, person)
    if request.assignee.kind == "coworker":
        raise Refused(cards.not_held(request.number))
    workspace = desk.workspace(request.workspace)
    assignee = _former(desk, request) or default_assignee(desk, workspace)
    actor = person_actor(person, request.requester)
    if request.status == "in_progress":
        request = await change_status(uow, desk, request, "open", actor, reason="handed back")
    request = replace(request, held_from=None, assignee=assignee, changed_at=desk.now())
    request = await keep(uow, desk, request)
    await uow.audit(
        Event(kind="request.handed_back", actor=actor, request_id=request.id, data={"to": assignee.id}, at=desk.now())
    )
    await deliver(uow, bell_of(request), HandedBack(by=person.name), desk.now(), cause=cause)
    name = desk.coworker_actor(assignee.id).name
    await tell_colleagues(
        uow, desk, request, cards.handed_back(request.number, person.name, name), cause=f"back:{cause}", kind="notice"
    )
    return request


def _former(desk: Desk, request: Request) -> Assignee | None:
    """Return the coworker that had the request before, when it still works."""
    card = desk.coworker(request.held_from) if request.held_from else None
    return Assignee(kind="coworker", id=card.id) if card is not None and card.state == "active" else None
