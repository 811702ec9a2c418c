"""What agents do with a request by command or form: assign it, set its priority, resolve it, link it.

Each use case reads the request anew inside the transaction and judges the person's authority there, whatever was shown to them
before. A refusal (`Refused`) changes nothing and names the role or the way that is needed; the caller tells and audits it.
"""

from dataclasses import replace
from typing import Literal, get_args

from bot.audit import Event
from bot.desk.access import may_see, request_for_agent
from bot.desk.assigning import AGENTS, assign
from bot.desk.changing import blocked_by, change_status, keep
from bot.desk.desk import Desk, person_actor
from bot.desk.holding import give_to_human, held_by_coworker, take_over
from bot.desk.notes import human_public_note
from bot.desk.opening import link
from bot.desk.surveying import ask_score
from bot.desk.telling import tell_colleagues
from bot.errors import Refused
from bot.ids import RequestId
from bot.mail import PRIORITIES
from bot.person import Person
from bot.ports import UnitOfWork
from bot.request import Assignee, Link, Request
from bot.wording import managing as wording
from bot.wording import requester as to_requester

Relation = Literal["parent", "child", "blocks", "blocked_by", "relates_to", "duplicate"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)
"""How the first request is related to the second: `parent` says that the second is the first one's parent."""
_BACK: dict[Relation, Relation] = {
    "parent": "child",
    "child": "parent",
    "blocks": "blocked_by",
    "blocked_by": "blocks",
    "relates_to": "relates_to",
    "duplicate": "duplicate",
}
MOST_LINKS = 50
_FAR = 100
"""Requests that are looked at for a circle of requests that wait for each other."""


async def assign_to(
    uow: UnitOfWork, desk: Desk, request: Request, assignee: Assignee, person: Person, *, cause: str
) -> Request:
    """Give the request to a coworker, an agent (`Assignee.id` a person id) or a group of its workspace; wake a coworker."""
    request = await request_for_agent(uow, desk, request.id, person)
    if request.assignee == assignee:
        return request
    name = await _may_have(uow, desk, request, assignee)
    if assignee == Assignee(kind="person", id=person.id):
        return await take_over(uow, desk, request.id, person, cause=cause)
    actor = person_actor(person, request.requester)
    if assignee.kind == "person":
        given = await give_to_human(uow, desk, request, assignee, actor, cause=cause)
    else:
        held = held_by_coworker(request) if assignee.kind == "group" else None
        if request.status == "in_progress":
            request = await change_status(uow, desk, request, "open", actor, reason="assigned")
        elif request.status not in {"open", "awaiting_approval"}:
            request = await change_status(uow, desk, request, "in_progress", actor, reason="assigned")
        given = await assign(uow, desk, replace(request, held_from=held), assignee, actor, cause=cause)
    told = wording.assigned(request.number, person.name, name)
    await tell_colleagues(uow, desk, given, told, cause=f"assigned:{cause}", kind="notice")
    return given


async def set_priority(
    uow: UnitOfWork, desk: Desk, request: Request, priority: str, person: Person, *, cause: str
) -> Request:
    """Set the priority."""
    request = await request_for_agent(uow, desk, request.id, person)
    if priority not in PRIORITIES:
        raise Refused(wording.no_such_priority(priority, list(PRIORITIES)))
    if request.priority == priority:
        return request
    changed = replace(request, priority=priority, changed_at=desk.now())
    changed = await keep(uow, desk, changed)
    await uow.audit(
        Event(
            kind="request.priority",
            actor=person_actor(person, request.requester),
            request_id=request.id,
            data={"from": request.priority, "to": priority},
            at=desk.now(),
        )
    )
    told = wording.priority_set(request.number, person.name, request.priority, priority)
    await tell_colleagues(uow, desk, changed, told, cause=f"priority:{cause}", kind="notice")
    return changed


async def resolve_by(
    uow: UnitOfWork, desk: Desk, request: Request, summary: str, person: Person, *, cause: str
) -> Request:
    """Resolve the request; the summary, where there is one, is a public note. Whoever resolves a coworker's request takes it."""
    request = await request_for_agent(uow, desk, request.id, person)
    if request.status == "resolved":
        raise Refused(wording.resolved_already(request.number))
    blocking = await blocked_by(uow, request)
    if blocking:
        raise Refused(wording.blocked(request.number, blocking))
    actor = person_actor(person, request.requester)
    resolved = await change_status(uow, desk, request, "resolved", actor, reason=summary)
    if resolved.assignee.kind != "person":
        taken = replace(resolved, held_from=held_by_coworker(request))
        resolved = await assign(uow, desk, taken, Assignee(kind="person", id=person.id), actor, cause=cause)
    if summary.strip():
        await human_public_note(uow, desk, resolved, summary.strip(), actor, cause=cause)
    await tell_colleagues(
        uow, desk, resolved, wording.resolved(request.number, person.name), cause=f"resolved:{cause}", kind="notice"
    )
    await ask_score(uow, desk, resolved, to_requester.resolved(request.number), cause=f"resolved:{cause}")
    return resolved


async def link_requests(
    uow: UnitOfWork, desk: Desk, request: Request, other: Request, relation: str, person: Person, *, cause: str
) -> Request:
    """Link two requests: the first … (`bot.wording.managing.relation`) the second. Return the first as stored.

    A request that is only seen, because another workspace's agents work on it, cannot be made to wait.
    """
    first = await request_for_agent(uow, desk, request.id, person, even_over=True)
    second = await uow.get(Request, other.id)
    if relation not in RELATIONS:
        raise Refused(wording.no_such_relation(relation, RELATIONS))
    if second is None or not may_see(desk, first, second, person):
        raise Refused(wording.no_request(other.number))
    if first.id == second.id:
        raise Refused(wording.itself())
    how = relation
    there, back = Link(request_id=second.id, relation=how), Link(request_id=first.id, relation=_BACK[how])
    if there in first.links:
        return first
    for item in (first, second):
        if len(item.links) >= MOST_LINKS:
            raise Refused(wording.too_many_links(item.number, MOST_LINKS))
    if how in {"blocks", "blocked_by"}:
        waits, waited = (first, second) if how == "blocked_by" else (second, first)
        await _may_wait(uow, desk, waits, waited, person)
    await link(uow, desk, first, second, there, back, person_actor(person, first.requester))
    for item in (first, second):
        told = wording.linked(first.number, person.name, how, second.number)
        await tell_colleagues(uow, desk, item, told, cause=f"linked:{cause}", kind="notice")
    return await uow.get(Request, first.id) or first


async def _may_have(uow: UnitOfWork, desk: Desk, request: Request, assignee: Assignee) -> str:
    """Return the assignee's name; `Refused` when it cannot have the request."""
    workspace = desk.workspace(request.workspace)
    if assignee.kind == "coworker":
        card = desk.coworker(assignee.id)
        if card is None or card.kind == "front_door":
            raise Refused(wording.no_such_coworker(assignee.id))
        if card.state != "active":
            raise Refused(wording.not_working(card.name, card.state))
        if card.workspace not in {workspace.id, None}:
            raise Refused(wording.elsewhere(card.name, workspace.name))
        return card.name
    if assignee.kind == "group":
        home, _, group = assignee.id.partition("/")
        if home != workspace.id or group not in {*workspace.groups, AGENTS}:
            raise Refused(wording.no_such_group(group or assignee.id, workspace.name))
        return wording.group(group)
    person = await uow.get(Person, assignee.id)
    if person is None or not desk.is_agent(person, workspace.id):
        raise Refused(wording.no_agent(person.name if person else assignee.id, workspace.name))
    if person.id == request.requester:
        raise Refused(wording.their_own(person.name))
    return person.name


async def _may_wait(uow: UnitOfWork, desk: Desk, waits: Request, waited: Request, person: Person) -> None:
    """Refuse that `waits` is blocked by `waited`: for anybody but its own agents, and where they would wait for each other."""
    if not desk.is_agent(person, waits.workspace):
        raise Refused(wording.agents_only(desk.workspace(waits.workspace).name))
    if await _waits_for(uow, waited, waits.id):
        raise Refused(wording.in_a_circle(waited.number, waits.number))


async def _waits_for(uow: UnitOfWork, request: Request, key: RequestId) -> bool:
    """Tell whether `request` is blocked, through whichever others, by the request `key`."""
    seen: set[RequestId] = set()
    waiting = [request]
    while waiting and len(seen) < _FAR:
        item = waiting.pop()
        if item.id == key:
            return True
        fresh = [one.request_id for one in item.links if one.relation == "blocked_by" and one.request_id not in seen]
        seen.update(fresh)
        waiting += await uow.find(Request, id=fresh, limit=len(fresh)) if fresh else ()
    return False
