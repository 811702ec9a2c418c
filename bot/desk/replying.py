"""What the requester's own words do to a request.

A reply re-opens what waits or is resolved and wakes the assignee; while an approval is awaited it is noted and changes nothing; on a
closed request it opens a linked one (the product's table and rulings).
"""

from functools import partial

from bot.desk.changing import change_status
from bot.desk.desk import Desk, bell_of, person_actor
from bot.desk.notes import requester_note
from bot.desk.opening import Wish, link, open_request
from bot.desk.telling import tell_requester
from bot.mail import RequesterReplied
from bot.mailroom import deliver
from bot.person import Person
from bot.ports import UnitOfWork
from bot.request import FINAL, Link, Request
from bot.wording import requester as wording


async def requester_replied(
    uow: UnitOfWork, desk: Desk, request: Request, person: Person, text: str, *, cause: str
) -> Request:
    """Note the reply and do what it does to the request; return the request that it belongs to now."""
    actor = person_actor(person)
    if request.status in FINAL:
        return await _open_again(uow, desk, request, person, text, cause=cause)
    note = await requester_note(uow, desk, request, text, actor, cause=cause)
    if request.status == "awaiting_approval":
        told = wording.noted_while_waiting(request.number)
        await tell_requester(uow, desk, request, told, cause=f"noted:{cause}", kind="talk")
        return request
    was = request.status
    if was in {"pending", "resolved", "on_hold"}:
        request = await change_status(uow, desk, request, "in_progress", actor, reason="the requester replied")
    if was == "resolved" and request.assignee.kind != "coworker":
        told = wording.open_again(request.number)
        await tell_requester(uow, desk, request, told, cause=f"again:{cause}", kind="talk")
    if request.assignee.kind == "coworker":
        await deliver(uow, bell_of(request), RequesterReplied(note_id=note.id, was=was), desk.now(), cause=cause)
    return request


async def _open_again(uow: UnitOfWork, desk: Desk, old: Request, person: Person, text: str, *, cause: str) -> Request:
    wish = Wish(
        title=old.title,
        description=text,
        workspace=old.workspace,
        priority=old.priority,
        type=old.type,
        requester=old.requester,
        author=person.id,
        conversation_id=old.conversation_id,
        links=(Link(request_id=old.id, relation="relates_to"),),
    )
    announce = partial(wording.reopened_as, old=old.number)
    fresh = await open_request(uow, desk, wish, person_actor(person), cause=f"again:{cause}", announce=announce)
    current = await uow.get(Request, old.id)
    if current is not None:
        back = Link(request_id=fresh.id, relation="relates_to")
        there = Link(request_id=old.id, relation="relates_to")
        await link(uow, desk, current, fresh, back, there, person_actor(person))
    return fresh
