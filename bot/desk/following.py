"""Followers: people besides the requester who are told of a request's public notes.

Each follower has a thread of their own with Atom, begun when they are first told something, on a platform where they are known; the
requester's platform is preferred. What they write there is read as any bystander's words in the request's public conversation.
Private notes have no way here: only `tell_followers` posts to these threads, and it posts public notes.
"""

from dataclasses import replace

from bot.audit import Event
from bot.desk.changing import keep
from bot.desk.desk import Desk
from bot.desk.own_thread import UNTHREADED, own_thread
from bot.desk.posting import post
from bot.ids import ConversationId, PersonId
from bot.labels import Actor, Visibility
from bot.note import Note
from bot.person import Identity, Person
from bot.ports import UnitOfWork
from bot.request import Request
from bot.wording import following as wording


async def follow(uow: UnitOfWork, desk: Desk, request: Request, person: Person, actor: Actor) -> Request:
    """Make `person` a follower; the requester is told everything anyway. Return the request as stored."""
    if person.id == request.requester or person.id in request.followers:
        return request
    followed = await keep(uow, desk, replace(request, followers=(*request.followers, person.id), changed_at=desk.now()))
    data = {"person": person.id}
    await uow.audit(Event(kind="request.followed", actor=actor, request_id=request.id, data=data, at=desk.now()))
    return followed


async def tell_followers(uow: UnitOfWork, desk: Desk, request: Request, note: Note) -> None:
    """Queue a public note for everybody who follows the request, except for whoever wrote it; a private one for nobody."""
    if note.visibility is not Visibility.PUBLIC:
        return
    for follower in request.followers:
        where = await _thread_of(uow, desk, request, follower) if follower != note.author.id else None
        if where is not None:
            await post(
                uow,
                desk,
                where,
                note.text,
                cause=note.id,
                visibility=Visibility.PUBLIC,
                kind="note",
                speaker=note.author.name,
                request=request,
                note=note.id,
            )


async def _thread_of(uow: UnitOfWork, desk: Desk, request: Request, follower: PersonId) -> ConversationId | None:
    """Return the follower's thread, begun if it is new; None when they have no account on a connected platform."""
    accounts = [item for item in await uow.find(Identity, person_id=follower) if item.platform in desk.platforms]
    if not accounts:
        return None
    home = request.conversation_id.partition(":")[0]
    account = min(accounts, key=lambda item: item.platform != home)
    thread = await own_thread(uow, request.id, account)
    await post(
        uow,
        desk,
        thread.id,
        wording.following(request, threaded=account.platform not in UNTHREADED),
        cause=f"following:{request.id}",
        visibility=Visibility.PUBLIC,
        kind="header",
        request=request,
    )
    return thread.id
