"""Opening requests: the number is given, the requester told, and the workspace's triage coworker woken."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.audit import Event, text_digest
from bot.conversation import Conversation
from bot.counter import Counter
from bot.desk.assigning import assign, default_assignee
from bot.desk.changing import keep, set_promises
from bot.desk.desk import Desk
from bot.desk.own_thread import unbegun
from bot.desk.posting import post
from bot.desk.private_threads import refresh_header
from bot.desk.showing_files import show_files
from bot.ids import ConversationId, PersonId, RequestId, WorkspaceId, derived_id
from bot.labels import Actor, Source, Visibility
from bot.mail import Priority
from bot.ports import UnitOfWork
from bot.request import Link, Request, RequestType
from bot.wording import requester as wording
from bot.workspace import Workspace

FIRST_NUMBER = 1000
"""The number before the first."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants opened."""

    title: str
    description: str
    workspace: WorkspaceId
    priority: Priority = "normal"
    type: RequestType = "incident"
    requester: PersonId
    author: PersonId
    conversation_id: ConversationId
    links: tuple[Link, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    source_link: str = ""
    followers: tuple[PersonId, ...] = ()


async def open_request(
    uow: UnitOfWork,
    desk: Desk,
    wish: Wish,
    actor: Actor,
    *,
    cause: str,
    announce: Callable[[Request], str] | None = None,
) -> Request:
    """Open a request for `cause`, or return the one that was opened for it before.

    `announce` makes the sentence that the requester is told, in place of the usual one.
    """
    key = request_key(cause)
    known = await uow.get(Request, key)
    if known is not None:
        return known
    workspace = desk.workspace(wish.workspace)
    request = await _numbered(uow, desk, wish, key, workspace)
    await uow.add(request)
    place = await _tie(uow, request)
    await uow.audit(_opened(request, actor))
    await set_promises(uow, desk, request)
    await refresh_header(uow, desk, request)
    await post(
        uow,
        desk,
        wish.conversation_id,
        announce(request) if announce else wording.opened(request, workspace.name),
        cause=f"opened:{key}",
        visibility=Visibility.PUBLIC,
        kind="header" if place is not None and unbegun(place) else "talk",
        request=request,
    )
    await show_files(uow, desk, request)
    await assign(uow, desk, request, request.assignee, actor, cause=f"opened:{key}")
    return request


async def _numbered(uow: UnitOfWork, desk: Desk, wish: Wish, key: RequestId, workspace: Workspace) -> Request:
    """Return the new request, with the next number of its workspace."""
    now = desk.now()
    return Request(
        id=key,
        number=f"{workspace.prefix}-{await _next_number(uow, workspace.prefix)}",
        type=wish.type,
        title=wish.title.strip()[:200] or "Request",
        description=wish.description,
        priority=wish.priority,
        requester=wish.requester,
        author=wish.author,
        workspace=workspace.id,
        assignee=default_assignee(desk, workspace),
        conversation_id=wish.conversation_id,
        links=wish.links,
        fields=wish.fields,
        source_link=wish.source_link,
        followers=wish.followers,
        opened_at=now,
        changed_at=now,
    )


def request_key(cause: str) -> RequestId:
    """Return the id of the request that is opened for `cause`."""
    return RequestId(derived_id("request", cause))


def _opened(request: Request, actor: Actor) -> Event:
    return Event(
        kind="request.opened",
        actor=actor,
        request_id=request.id,
        data={
            "number": request.number,
            "workspace": request.workspace,
            "priority": request.priority,
            "source": Source.REQUESTER.value,
            "digest": text_digest(request.description),
        },
        at=request.opened_at,
    )


async def link(
    uow: UnitOfWork, desk: Desk, first: Request, second: Request, item: Link, back: Link, actor: Actor
) -> None:
    """Tie two stored requests to each other."""
    await uow.audit(
        Event(
            kind="request.linked",
            actor=actor,
            request_id=first.id,
            data={"to": second.id, "relation": item.relation},
            at=desk.now(),
        )
    )
    await keep(uow, desk, replace(first, links=_with(first.links, item)))
    await keep(uow, desk, replace(second, links=_with(second.links, back)))


def _with(links: tuple[Link, ...], item: Link) -> tuple[Link, ...]:
    return links if item in links else (*links, item)


async def _next_number(uow: UnitOfWork, prefix: str) -> int:
    counter = await uow.get(Counter, prefix)
    if counter is None:
        await uow.add(Counter(id=prefix, value=FIRST_NUMBER + 1))
        return FIRST_NUMBER + 1
    await uow.put(replace(counter, value=counter.value + 1))
    return counter.value + 1


async def _tie(uow: UnitOfWork, request: Request) -> Conversation | None:
    """Remember in the conversation that the request was opened there, and return it."""
    conversation = await uow.get(Conversation, request.conversation_id)
    if conversation is not None and request.id not in conversation.request_ids:
        conversation = replace(conversation, request_ids=(*conversation.request_ids, request.id))
        await uow.put(conversation)
    return conversation
