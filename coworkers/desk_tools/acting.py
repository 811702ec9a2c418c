"""Calls that act at once, inside the transaction that records them."""

from collections.abc import Sequence

from bot.desk.access import find_workspace
from bot.desk.desk import Desk
from bot.desk.notes import private_note, public_note, refuse_leak
from bot.desk.opening import Wish, link, open_request
from bot.desk.remembering import recall, remember
from bot.errors import Refused
from bot.frontdoor.decisions import (
    AnswerIt,
    ContinueIt,
    Decision,
    OpenIt,
    ReportIt,
    SayIt,
    Talk,
    follow,
)
from bot.labels import Source, Visibility, least_trusted
from bot.ports import Knowledge, UnitOfWork
from bot.request import Link, Request
from bot.turn import Call, CallResult
from coworkers.case import Case
from coworkers.ledger import taint
from coworkers.similarity import Similarity, Texts

PAST = 100
"""Past requests that a search looks at."""
LINKED = 10
"""Links of one request, from which on a coworker opens no further ones."""
LINKED_DEPTH = 2
"""A part of a part is the last that coworkers open by themselves."""
_DEPTH = "linked_depth"
FOUND = 5
"""Passages or requests that a search brings."""


async def act(uow: UnitOfWork, desk: Desk, knowledge: Knowledge, case: Case, call: Call) -> CallResult:
    """Do what `call`, whose arguments fit its schema, asks for. Raises `Refused`."""
    cause = f"{case.run.id}:{call.id}"
    if call.name == "search_knowledge":
        return await _search_knowledge(knowledge, call)
    if case.front_door:
        text = await follow(uow, desk, _talk(case), _decision(call), cause=cause)
        return _said(call, text)
    request = await _request(uow, case)
    match call.name:
        case "post_public_note" | "post_private_note":
            return await _note(uow, desk, case, request, call, cause)
        case "open_linked_request":
            return await _open_linked(uow, desk, case, request, call, cause)
        case "search_requests":
            return await _search_requests(uow, request, call)
        case "read_skill":
            return _read_skill(case, call)
        case "remember":
            return await _remember(uow, desk, case, request, call, cause)
        case "recall":
            return await _recall(uow, desk, case, request, call)
        case _:
            raise Refused(f"The desk has no tool {call.name}.")


def _said(call: Call, text: str, *, visibility: Visibility = Visibility.PUBLIC) -> CallResult:
    return CallResult(call_id=call.id, text=text, visibility=visibility)


async def _request(uow: UnitOfWork, case: Case) -> Request:
    request = await uow.get(Request, case.request.id) if case.request else None
    if request is None:
        raise Refused("There is no request here.")
    return request


async def _note(uow: UnitOfWork, desk: Desk, case: Case, request: Request, call: Call, cause: str) -> CallResult:
    author = desk.coworker_actor(case.run.coworker, request)
    text = call.arguments["text"]
    source = taint(case.steps)[0]
    if call.name == "post_public_note":
        await public_note(uow, desk, request, text, author, cause=cause, run=case.run, source=source)
        return _said(call, "Posted to the requester.")
    await private_note(uow, desk, request, text, author, cause=cause, run=case.run, source=source)
    return _said(call, "Posted to colleagues.")


async def _open_linked(uow: UnitOfWork, desk: Desk, case: Case, request: Request, call: Call, cause: str) -> CallResult:
    arguments = call.arguments
    depth = _room_for_more(request)
    workspace = find_workspace(desk, arguments["workspace"])
    await refuse_leak(uow, request, f"{arguments['title']}\n{arguments['description']}")
    wish = Wish(
        title=arguments["title"],
        description=arguments["description"],
        workspace=workspace.id,
        priority=request.priority,
        type=request.type,
        requester=request.requester,
        author=request.author,
        conversation_id=request.conversation_id,
        fields={_DEPTH: str(depth + 1)},
    )
    actor = desk.coworker_actor(case.run.coworker, request)
    opened = await open_request(uow, desk, wish, actor, cause=cause)
    there, back = _relation(arguments["relation"], request, opened)
    first, second = await uow.get(Request, request.id), await uow.get(Request, opened.id)
    if first is not None and second is not None:
        await link(uow, desk, first, second, there, back, actor)
    return _said(call, f"Opened {opened.number} with {workspace.name}, linked to {request.number}.")


def _room_for_more(request: Request) -> int:
    """Return how deep the request is linked; refuse where requests would beget requests without end."""
    depth = int(request.fields.get(_DEPTH, "0"))
    if depth >= LINKED_DEPTH:
        raise Refused(f"{request.number} was itself opened as a part of another; hand it over or escalate instead.")
    if len(request.links) >= LINKED:
        raise Refused(f"{request.number} has {LINKED} linked requests already; use those, or escalate.")
    return depth


def _relation(relation: str, request: Request, opened: Request) -> tuple[Link, Link]:
    """Return the link in this request and the one back, where the opened request is this one's `relation`."""
    match relation:
        case "child":
            return Link(request_id=opened.id, relation="child"), Link(request_id=request.id, relation="parent")
        case "blocks":
            return Link(request_id=opened.id, relation="blocked_by"), Link(request_id=request.id, relation="blocks")
        case "duplicate":
            return Link(request_id=opened.id, relation="duplicate"), Link(request_id=request.id, relation="duplicate")
        case _:
            return Link(request_id=opened.id, relation="relates_to"), Link(request_id=request.id, relation="relates_to")


async def _search_knowledge(knowledge: Knowledge, call: Call) -> CallResult:
    passages = await knowledge.search(call.arguments["query"], FOUND)
    lines = [f"[{item.document}, {item.section}] {item.text}" for item in passages]
    data = {
        "passages": [
            {"document": item.document, "section": item.section, "text": item.text, "score": item.score}
            for item in passages
        ]
    }
    return CallResult(
        call_id=call.id,
        text="\n\n".join(lines) or "The knowledge does not cover this.",
        data=data,
        visibility=Visibility.PUBLIC,
    )


async def _search_requests(uow: UnitOfWork, request: Request, call: Call) -> CallResult:
    """Search by title and description among the newest requests of the workspace."""
    newest = await uow.find(Request, workspace=request.workspace, newest=True, limit=PAST)
    past = {item.number: item for item in newest if item.id != request.id}
    index = Similarity({number: Texts(about=(item.title, item.description)) for number, item in past.items()})
    best = [match.label for match in index.rank(call.arguments["query"]) if match.score > 0][:FOUND]
    lines = [f"- {number} ({past[number].status}): {past[number].title}" for number in best]
    return _said(call, "\n".join(lines) or "No request resembles that.", visibility=Visibility.PRIVATE)


def _read_skill(case: Case, call: Call) -> CallResult:
    skills: Sequence[str] = case.profile.skills
    name = call.arguments["name"]
    found = next((s for s in (case.briefing.skills if case.briefing else ()) if s.name == name), None)
    if found is None:
        raise Refused(f"You have no skill {name!r}. Yours are: {', '.join(skills) or 'none'}.")
    return _said(call, found.body)


async def _remember(uow: UnitOfWork, desk: Desk, case: Case, request: Request, call: Call, cause: str) -> CallResult:
    source = least_trusted(Source.REQUESTER, taint(case.steps)[0])
    await remember(
        uow,
        desk,
        request,
        case.run.coworker,
        fact=call.arguments["fact"],
        scope=call.arguments["scope"],
        source=source,
        cause=cause,
    )
    return _said(call, "Remembered.")


async def _recall(uow: UnitOfWork, desk: Desk, case: Case, request: Request, call: Call) -> CallResult:
    """Recall in confidence: what was learnt from somebody's request may not be for this requester's eyes."""
    found = await recall(uow, desk, case.run.coworker, request, call.arguments["query"])
    if not found:
        return _said(call, "Nothing is remembered about that.")
    return _said(call, "\n".join(f"- {item}" for item in found), visibility=Visibility.PRIVATE)


def _talk(case: Case) -> Talk:
    if case.conversation is None:
        raise Refused("There is nobody to talk to here.")
    return Talk(conversation=case.conversation, person=case.person, run=case.run)


def _decision(call: Call) -> Decision:
    arguments = call.arguments
    match call.name:
        case "answer":
            return AnswerIt(text=arguments["text"], citations=tuple(arguments.get("citations", ())))
        case "open_request":
            return OpenIt(
                title=arguments["title"],
                description=arguments["description"],
                workspace=arguments["workspace"],
                priority=arguments.get("priority", "normal"),
            )
        case "continue_request":
            return ContinueIt(number=arguments["number"], text=arguments["text"])
        case "request_status":
            return ReportIt(number=arguments.get("number", ""))
        case "say":
            return SayIt(text=arguments["text"])
        case _:
            raise Refused(f"The front door has no tool {call.name}.")
