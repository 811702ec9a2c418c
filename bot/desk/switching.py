"""Switching coworkers at run time, and finding somebody else for what they leave.

A switch is stored with who set it; it takes effect once the roster has been told, which happens after the transaction (and again at
every start and every look of the clock). What a coworker that takes no work still had goes to its workspace's triage coworker or, failing
that, to the agents: with the next mail of the request, or at once where nothing is on its way that would move it.
"""

from bot.audit import Event, text_digest
from bot.desk.assigning import assign, call_human, default_assignee
from bot.desk.desk import Desk, person_actor
from bot.ids import derived_id
from bot.labels import SYSTEM
from bot.mail import Mail, mailbox_id
from bot.person import Person
from bot.ports import Reader, Storage, UnitOfWork
from bot.request import Request
from bot.run import Run
from bot.switch import Switch, SwitchState
from bot.wording import cards

SWITCHED = "coworker.switched"
"""The audit event after which the roster is to be told."""


async def set_switch(
    uow: UnitOfWork, desk: Desk, key: str, state: SwitchState, person: Person, reason: str, *, cause: str
) -> Switch:
    """Store the switch of a coworker, or of `all`; whoever calls has checked that `person` may. Returns it as stored."""
    known = await uow.get(Switch, key)
    switch = Switch(id=key, state=state, by=person.id, reason=desk.redact(reason), at=desk.now())
    if known is None:
        await uow.add(switch)
    else:
        await uow.put(switch)
    await uow.audit(
        Event(
            kind=SWITCHED,
            actor=person_actor(person),
            reason=text_digest(reason) if reason else "",
            data={"coworker": key, "from": known.state if known else "on", "to": state, "message": cause},
            at=switch.at,
        )
    )
    return switch


async def move_on(uow: UnitOfWork, desk: Desk, request: Request, *, cause: str) -> Request:
    """Give the work of a coworker that takes none to triage or, failing that, to the agents."""
    assignee = default_assignee(desk, desk.workspace(request.workspace))
    if assignee.kind == "coworker" and assignee != request.assignee:
        return await assign(uow, desk, request, assignee, SYSTEM, cause=cause)
    card = desk.coworker(request.assignee.id)
    reason = cards.takes_no_work(card.name if card else request.assignee.id)
    return await call_human(uow, desk, request, reason, SYSTEM, cause=cause)


async def leave_nothing_behind(storage: Storage, desk: Desk) -> list[str]:
    """Move what is open with coworkers that take no work, and that no run and no mail will move; return the numbers.

    A request whose workspace is gone is left to those who take in orphans. Raises `TemporaryError` as soon as a team cannot be told.
    """
    known = {workspace.id for workspace in desk.directory.workspaces()}

    async def find(reader: Reader) -> list[str]:
        found = await reader.find(Request, status=["open", "in_progress"])
        return [item.id for item in found if item.workspace in known and _with_nobody(desk, item)]

    moved: list[str] = []
    for key in await storage.read(find):

        async def move(uow: UnitOfWork, key: str = key) -> str | None:
            request = await uow.get(Request, key)
            if request is None or not await _lies_idle(uow, desk, request):
                return None
            cause = derived_id("left behind", key, request.assignee.id, request.changed_at.isoformat())
            await move_on(uow, desk, request, cause=cause)
            return request.number

        number = await storage.transact(move)
        moved += [number] if number else []
    return moved


def _with_nobody(desk: Desk, request: Request) -> bool:
    card = desk.coworker(request.assignee.id) if request.assignee.kind == "coworker" else None
    return request.assignee.kind == "coworker" and (card is None or card.state != "active")


async def _lies_idle(uow: UnitOfWork, desk: Desk, request: Request) -> bool:
    """Tell whether nothing would ever happen to an open request of a coworker that takes no work."""
    if request.status not in {"open", "in_progress"} or not _with_nobody(desk, request):
        return False
    box = mailbox_id("request", request.id)
    if await uow.find(Run, mailbox_id=box, state="running", limit=1):
        return False
    return not await uow.find(Mail, mailbox_id=box, taken_by=None, limit=1)
