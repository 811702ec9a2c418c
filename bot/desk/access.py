"""Finding a request or a workspace, and who may work on it or know of it.

Every button, form and command that works on a request asks here, in the transaction that changes it and whatever was shown to the person
before. A refusal (`Refused`) names the role or the way that is needed; it is raised before anything is changed.
"""

from collections.abc import Sequence

from bot.conversation import Conversation
from bot.desk.desk import Desk
from bot.errors import Refused
from bot.person import Person
from bot.ports import Reader
from bot.request import FINAL, Request
from bot.wording import managing as wording
from bot.workspace import Workspace


async def find_request(reader: Reader, number: str) -> Request | None:
    """Return the request with this number, in any case; None when there is none."""
    found = await reader.find(Request, number=number.strip().upper(), limit=1)
    return found[0] if found else None


async def request_for_agent(
    reader: Reader, desk: Desk, key: str, person: Person, *, even_over: bool = False
) -> Request:
    """Return the request with the id `key` as it is now; `Refused` for anybody who may not work on it, and when it is over."""
    request = await reader.get(Request, key)
    if request is None:
        raise Refused(wording.no_request(""))
    agent_for(desk, request, person)
    if request.status in FINAL and not even_over:
        raise Refused(wording.final(request.number, request.status))
    return request


def agent_for(desk: Desk, request: Request, person: Person) -> None:
    """Refuse anybody but an agent of the request's workspace who did not ask for it themselves."""
    if not desk.is_agent(person, request.workspace):
        raise Refused(wording.agents_only(desk.workspace(request.workspace).name))
    if person.id == request.requester:
        raise Refused(wording.own_request())


def may_see(desk: Desk, first: Request, second: Request, person: Person) -> bool:
    """Tell whether an agent of the first request may know of the second: it lies where they work, or where their workspace looks."""
    return desk.is_agent(person, second.workspace) or second.workspace in desk.workspace(first.workspace).sees


def led_by(desk: Desk, person: Person) -> Sequence[Workspace]:
    """Return the workspaces that `person` is an admin of."""
    return [item for item in desk.directory.workspaces() if person.has_role("workspace_admin", item.id)]


def works_in(desk: Desk, person: Person) -> Sequence[Workspace]:
    """Return the workspaces that `person` is an agent of."""
    return [item for item in desk.directory.workspaces() if desk.is_agent(person, item.id)]


def find_workspace(desk: Desk, name: str) -> Workspace:
    """Return the workspace with that id or name; `Refused`, naming all, when there is none. Empty: the default one."""
    wish = name.strip().casefold()
    workspaces = desk.directory.workspaces()
    for workspace in workspaces:
        if wish in {workspace.id, workspace.name.casefold()} or (not wish and workspace.default):
            return workspace
    raise Refused(f"There is no workspace {name!r}; use one of: {', '.join(item.id for item in workspaces)}.")


def told_here(requests: Sequence[Request], conversation: Conversation) -> list[Request]:
    """Return the requests that may be spoken of in a conversation: where others read along, only those that were opened there."""
    return [item for item in requests if conversation.kind == "direct" or item.conversation_id == conversation.id]
