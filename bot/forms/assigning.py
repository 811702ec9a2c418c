"""The form `assign`: an agent gives a request to a coworker, a colleague or a group of its workspace.

Only those are offered who could have it: active coworkers, agents other than the requester, the workspace's groups. The list ends
at what a dialogue shows; whoever is not on it can be named in a command.
"""

from bot.desk.access import request_for_agent
from bot.desk.assigning import AGENTS
from bot.desk.desk import Desk
from bot.desk.managing import assign_to
from bot.desk.naming import assignee_name
from bot.form import Choice, Field, Form, Submission
from bot.forms.sheet import Asked, Sent, Sheet, refuse_wrong
from bot.person import Person
from bot.ports import Reader, UnitOfWork
from bot.request import Assignee, Request
from bot.wording import forms as wording

_TO = "assignee"
MOST_CHOICES = 100
_LOOKED_AT = 2_000
"""People among whom agents by role are looked for: those that the organisation names are the first."""


async def _choices(reader: Reader, desk: Desk, request: Request, person: Person) -> tuple[Choice, ...]:
    workspace = desk.workspace(request.workspace)
    coworkers = [
        Choice(value=f"coworker:{card.id}", label=wording.coworker(card.name))
        for card in desk.directory.coworkers()
        if card.kind != "front_door" and card.state == "active" and card.workspace in {workspace.id, None}
    ]
    groups = [
        Choice(value=f"group:{workspace.id}/{name}", label=wording.group(name))
        for name in dict.fromkeys((AGENTS, *workspace.groups))
    ]
    people = [
        Choice(value=f"person:{agent.id}", label=wording.myself(agent.name) if agent.id == person.id else agent.name)
        for agent in await _agents(reader, desk, request)
    ]
    people.sort(key=lambda item: (item.value != f"person:{person.id}", item.label.casefold()))
    now = f"{request.assignee.kind}:{request.assignee.id}"
    return tuple(item for item in (*people[:1], *coworkers, *groups, *people[1:]) if item.value != now)[:MOST_CHOICES]


async def _agents(reader: Reader, desk: Desk, request: Request) -> list[Person]:
    emails = [one for members in desk.workspace(request.workspace).groups.values() for one in members if "@" in one]
    named = await reader.find(Person, email=emails, limit=_LOOKED_AT) if emails else ()
    known = {item.id: item for item in (*named, *await reader.find(Person, limit=_LOOKED_AT))}
    return [item for item in known.values() if desk.is_agent(item, request.workspace) and item.id != request.requester]


async def _make(reader: Reader, desk: Desk, asked: Asked) -> Form:
    request = await request_for_agent(reader, desk, asked.subject, asked.person)
    choices = await _choices(reader, desk, request, asked.person)
    return Form(
        kind="assign",
        subject=request.id,
        title=wording.ASSIGN_TITLE,
        send=wording.ASSIGN_TITLE,
        explanation=wording.about(request),
        fields=(Field(name=_TO, label=wording.ASSIGNEE, kind="choice", choices=choices),),
        context=asked.context,
    )


def _assignee(sent: Submission) -> Assignee | None:
    kind, _, key = sent.values.get(_TO, "").partition(":")
    if not key:
        return None
    match kind:
        case "coworker" | "person" | "group":
            return Assignee(kind=kind, id=key)
        case _:
            return None


async def _check(reader: Reader, desk: Desk, person: Person, sent: Submission) -> dict[str, str]:
    await request_for_agent(reader, desk, sent.subject, person)
    return {} if _assignee(sent) else {_TO: wording.choose()}


async def _apply(uow: UnitOfWork, desk: Desk, sent: Sent) -> str:
    refuse_wrong(await _check(uow, desk, sent.person, sent.form))
    request, assignee = await uow.get(Request, sent.form.subject), _assignee(sent.form)
    assert request is not None
    assert assignee is not None
    given = await assign_to(uow, desk, request, assignee, sent.person, cause=sent.message.id)
    return wording.assigned(given.number, await assignee_name(uow, desk, given.assignee))


ASSIGN = Sheet(make=_make, check=_check, apply=_apply)
