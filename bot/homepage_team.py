"""The parts of a home page that agents and admins see: what waits in their workspaces, and how their coworkers are doing.

The queue is asked of the database step by step, the most urgent first, until the page is full. Within one workspace and priority the oldest
request is due first, so what is read oldest first holds all that can come before the rest.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.approval import Approval
from bot.desk.access import led_by, works_in
from bot.desk.desk import Desk
from bot.desk.naming import holder
from bot.desk.standing import zone_of
from bot.home import HomeRow, HomeSection
from bot.ids import WorkspaceId
from bot.mail import PRIORITIES
from bot.person import Person
from bot.ports import Reader
from bot.reply import Button
from bot.request import UNDER_WAY, Assignee, Request, Status
from bot.sla import promised
from bot.wording import home as wording
from bot.wording.cards import TAKE_OVER
from bot.workspace import CoworkerCard

ROWS = 10
"""Requests of the queue that are shown."""
LOOKED_AT = 50
"""Requests of one step that are put in order."""
COUNTED = 5_000
"""Requests under way that are counted; from there on it is said that there are more."""
_STEPS: tuple[tuple[Status, ...], ...] = (("open",), ("in_progress", "awaiting_approval", "pending", "on_hold"))
_NEVER = datetime.max.replace(tzinfo=UTC)


async def queue(reader: Reader, desk: Desk, person: Person) -> HomeSection | None:
    """Return what waits in the person's workspaces, open requests first; None for whoever is no agent."""
    places = [item.id for item in works_in(desk, person)]
    if not places:
        return None
    found: list[Request] = []
    for statuses in _STEPS:
        for priority in PRIORITIES:
            if len(found) < ROWS:
                found += await _step(reader, desk, places, statuses, priority)
    rows = [await _row(reader, desk, person, item) for item in found[:ROWS]]
    return HomeSection(title=wording.QUEUE, rows=tuple(rows), empty=wording.NONE_WAITING)


async def _step(
    reader: Reader, desk: Desk, places: Sequence[WorkspaceId], statuses: Sequence[Status], priority: str
) -> list[Request]:
    """Return requests of one priority, those that are due first in front."""
    found: list[Request] = []
    for place in places:
        found += await reader.find(Request, workspace=place, status=statuses, priority=priority, limit=LOOKED_AT)
    return sorted(found, key=lambda item: (_due(desk, item) or _NEVER, item.opened_at))[:ROWS]


def _due(desk: Desk, request: Request) -> datetime | None:
    """Return what is due next: an answer, and after that a resolution."""
    workspace = desk.workspace(request.workspace)
    return promised(request, workspace, "resolve" if request.responded_at else "respond")


async def _row(reader: Reader, desk: Desk, person: Person, request: Request) -> HomeRow:
    asker = await reader.find(Person, id=request.requester, limit=1)
    own = person.id in {request.requester, request.author}
    held = request.assignee == Assignee(kind="person", id=person.id)
    take = Button(action="take_over", subject=request.id, label=TAKE_OVER)
    detail = wording.waiting(
        request,
        asker[0].name if asker else "",
        await holder(reader, desk, request),
        _due(desk, request),
        desk.now(),
        zone_of(desk, request),
    )
    return HomeRow(title=wording.title(request), detail=detail, buttons=() if own or held else (take,))


async def workforce(reader: Reader, desk: Desk, person: Person) -> HomeSection | None:
    """Return the coworkers of the workspaces that the person administers; None for whoever is no admin."""
    places = [item.id for item in led_by(desk, person)]
    everywhere = person.has_role("organisation_admin")
    if not places and not everywhere:
        return None
    shown = [card for card in desk.directory.coworkers() if _shown(card, places, everywhere=everywhere)]
    alive = await reader.find(Request, status=UNDER_WAY, newest=True, limit=COUNTED)
    held = Counter(item.assignee.id for item in alive if item.assignee.kind == "coworker")
    asked = Counter(item.coworker for item in await reader.find(Approval, state="waiting", limit=COUNTED))
    rows = [
        HomeRow(
            title=card.name,
            detail=wording.coworker(
                card.state,
                killed=card.killed,
                requests=held[card.id],
                approvals=asked[card.id],
                more=len(alive) == COUNTED,
            ),
        )
        for card in shown
    ]
    return HomeSection(title=wording.WORKFORCE, rows=tuple(rows), empty=wording.NO_COWORKERS)


def _shown(card: CoworkerCard, places: Sequence[WorkspaceId], *, everywhere: bool) -> bool:
    return card.kind != "front_door" and (everywhere or card.workspace in places)
