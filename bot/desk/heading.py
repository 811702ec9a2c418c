"""The header card of a request's private thread: what it says and offers now, read from what is stored.

It names people, coworkers and linked requests, and says what was promised and whether it was kept. It holds no private note, and of a
linked request only the number, since colleagues here may not work where that one lies.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.desk.desk import Desk
from bot.desk.naming import assignee_name, person_name
from bot.ports import Reader
from bot.reply import Button
from bot.request import FINAL, TABLE, UNDER_WAY, Request
from bot.sla import promised
from bot.split import split
from bot.wording import cards
from bot.workspace import Workspace

RESOLVED_AT = "resolved_at"
"""The field of a request that says when it was last resolved (ISO 8601)."""


@dataclass(frozen=True, kw_only=True)
class Heading:
    """The card as it should stand."""

    text: str
    buttons: tuple[Button, ...]


async def heading(reader: Reader, desk: Desk, request: Request) -> Heading:
    """Return the header of a request as it is now; its text is one post."""
    workspace = desk.workspace(request.workspace)
    held = request.assignee.kind == "person"
    assignee = await assignee_name(reader, desk, request.assignee)
    linked = await _linked(reader, request)
    head = cards.Header(
        request=request,
        workspace=workspace.name,
        assignee=assignee,
        held_by=assignee if held and request.status in UNDER_WAY else "",
        requester=await person_name(reader, request.requester),
        author="" if request.author == request.requester else await person_name(reader, request.author),
        promises=_promises(desk, request, workspace),
        linked=tuple(linked),
    )
    return Heading(text=split(cards.header(head))[0], buttons=_buttons(request, held=held))


def _buttons(request: Request, *, held: bool) -> tuple[Button, ...]:
    """Return what can be done about it; nothing once it is over."""
    if request.status in FINAL:
        return ()
    holding = (
        Button(action="hand_back", subject=request.id, label=cards.HAND_BACK)
        if held
        else Button(action="take_over", subject=request.id, label=cards.TAKE_OVER)
    )
    forms = [kind for kind in cards.FORMS if kind != "resolve" or "resolved" in TABLE[request.status]]
    return (
        holding,
        *(Button(action="form", subject=request.id, value=kind, label=cards.FORMS[kind]) for kind in forms),
    )


async def _linked(reader: Reader, request: Request) -> list[tuple[str, str]]:
    keys = [link.request_id for link in request.links]
    found = await reader.find(Request, id=keys, limit=len(keys)) if keys else ()
    numbers = {item.id: item.number for item in found}
    return [(link.relation, numbers[link.request_id]) for link in request.links if link.request_id in numbers]


def _promises(desk: Desk, request: Request, workspace: Workspace) -> tuple[cards.Promise, ...]:
    if request.status == "cancelled":
        return ()
    done = {"respond": request.responded_at, "resolve": resolved_at(request)}
    found = []
    for name in cards.PROMISES:
        at = promised(request, workspace, name)
        if at is not None:
            kept = done[name]
            late = (kept or desk.now()) > at
            local = cards.moment(at, workspace.time_zone)
            found.append(cards.Promise(name=name, due=local, late=late, done=kept is not None))
    return tuple(found)


def resolved_at(request: Request) -> datetime | None:
    """Return when the request was resolved, if it is."""
    if request.status not in {"resolved", "closed"}:
        return None
    said = request.fields.get(RESOLVED_AT)
    return datetime.fromisoformat(said) if said else request.changed_at
