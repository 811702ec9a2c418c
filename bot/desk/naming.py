"""What people and assignees are called, wherever somebody is told of them."""

from bot.desk.desk import Desk
from bot.person import Person
from bot.ports import Reader
from bot.request import Assignee, Request
from bot.wording import cards
from bot.wording import managing as wording
from bot.wording.requester import A_COLLEAGUE


async def person_name(reader: Reader, key: str) -> str:
    """Return a person's name without locking the record, which everybody's work reads."""
    found = await reader.find(Person, id=key, limit=1)
    return found[0].name if found else cards.SOMEBODY


async def assignee_name(reader: Reader, desk: Desk, assignee: Assignee) -> str:
    """Return an assignee as people know it."""
    if assignee.kind == "coworker":
        card = desk.coworker(assignee.id)
        return card.name if card else assignee.id
    if assignee.kind == "person":
        return await person_name(reader, assignee.id)
    group = assignee.id.partition("/")[2]
    return wording.group(group)


async def holder(reader: Reader, desk: Desk, request: Request) -> str:
    """Return who has the request as its requester is told: a coworker, a person, or the team."""
    if request.assignee.kind == "group":
        workspace = desk.known_workspace(request.workspace)
        return workspace.name if workspace else A_COLLEAGUE
    return await assignee_name(reader, desk, request.assignee)
