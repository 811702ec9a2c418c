"""Commands about one's own requests: open one, list them, ask where one stands.

Nobody learns by asking whether a request of somebody else exists. Where others read along, only what was opened there is spoken of.
What is said is number, title, status and who has it; never a note.
"""

from collections.abc import Sequence

from bot.commands.arguments import about
from bot.commands.invocation import Invocation, Unclear
from bot.commands.roles import gives_out, home_of
from bot.desk.access import find_request, find_workspace, told_here
from bot.desk.desk import Desk, person_actor
from bot.desk.naming import assignee_name
from bot.desk.opening import Wish, open_request, request_key
from bot.desk.own_thread import own_thread
from bot.errors import Refused
from bot.person import Person
from bot.ports import Reader, UnitOfWork
from bot.reply import Button
from bot.request import FINAL, Assignee, Request
from bot.wording import commands as wording
from bot.wording.forms import NEW_TITLE
from bot.wording.requester import rest_in_private

SHOWN, LOOKED_AT = 15, 100
_NOT_FOR_REQUESTS = frozenset({"aside", "support", "admin"})
"""Places where a requester is not talked with: the request gets a thread in their own chat instead."""
TITLE = 100
"""Characters of a first line that becomes a title."""


async def new(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """Open a request with the default workspace, whose triage coworker routes it on; in a chat with Atom, that is told by itself."""
    text = said.arguments
    if not text:
        form = Button(action="form", subject="", value="new", label=NEW_TITLE)
        raise Unclear(wording.form_opens(), buttons=(form,))
    workspace = find_workspace(desk, "")
    cause = f"command:{said.cause}"
    thread = said.conversation
    if thread.kind in _NOT_FOR_REQUESTS:
        thread = await own_thread(uow, request_key(cause), said.identity)
    wish = Wish(
        title=text.splitlines()[0][:TITLE],
        description=text,
        workspace=workspace.id,
        requester=said.person.id,
        author=said.person.id,
        conversation_id=thread.id,
    )
    request = await open_request(uow, desk, wish, person_actor(said.person), cause=cause)
    return wording.opened(request, workspace.name) if thread.id != said.conversation.id else ""


async def mine(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """List the person's open requests, newest first."""
    found = await uow.find(Request, requester=said.person.id, newest=True, limit=LOOKED_AT)
    alive = [item for item in _spoken_of(found, said) if item.status not in FINAL]
    lines = [wording.line(item, _stands(desk, item)) for item in alive[:SHOWN]]
    text = wording.mine(lines, more=len(alive) - len(lines))
    return text if said.alone else f"{text}\n\n{rest_in_private()}"


async def show_status(uow: UnitOfWork, desk: Desk, said: Invocation) -> str:
    """Say where one request stands; without a number, list the person's own."""
    if not said.arguments:
        return await mine(uow, desk, said)
    number = about(said.arguments, "status").number
    request = await find_request(uow, number)
    if request is None or not _may_ask(desk, request, said):
        raise _unseen(desk, request, number, said)
    workspace = _workspace_name(desk, request)
    since = f"{request.changed_at:%Y-%m-%d %H:%M} UTC"
    own = request.requester == said.person.id
    return wording.one_status(request, workspace, await held_by(uow, desk, request, said.person), since, own=own)


async def held_by(reader: Reader, desk: Desk, request: Request, asking: Person) -> str:
    """Return who has a request, as `asking` is told."""
    if request.assignee == Assignee(kind="person", id=asking.id):
        return wording.ME
    return await assignee_name(reader, desk, request.assignee)


def _stands(desk: Desk, request: Request) -> str:
    return f"{wording.stands(request, own=True).lower()}, {_workspace_name(desk, request)}"


def _workspace_name(desk: Desk, request: Request) -> str:
    """Return its name; of one that the files have no more, its id."""
    workspace = desk.known_workspace(request.workspace)
    return workspace.name if workspace else request.workspace


def _spoken_of(requests: Sequence[Request], said: Invocation) -> Sequence[Request]:
    return requests if said.alone else told_here(requests, said.conversation)


def _may_ask(desk: Desk, request: Request, said: Invocation) -> bool:
    """Tell whether the person may hear of the request in this place."""
    works_there = desk.is_agent(said.person, request.workspace)
    if said.conversation.kind == "support":
        return works_there and said.conversation.workspace == request.workspace
    own = said.person.id in {request.requester, request.author, *request.followers}
    return (own or works_there) and bool(_spoken_of([request], said))


def _unseen(desk: Desk, request: Request | None, number: str, said: Invocation) -> Refused | Unclear:
    """Return what is answered about a request that the person may not hear of here; what exists is for agents to know."""
    if not gives_out(desk, said.person, number):
        home = home_of(desk, number)
        return Refused(wording.agents_only_see(number, home.name if home else ""))
    if request is None:
        return Refused(wording.no_request(number))
    if desk.is_agent(said.person, request.workspace):
        return Unclear(wording.others_read_here(f"status {number}"))
    return Refused(wording.moved(number, _workspace_name(desk, request)))
