"""What colleagues write: replies in a request's private thread.

A reply in the private thread is a private note, whoever wrote it; one that starts with `reply:` is a public note, for agents only.
Only a colleague's words wake a coworker there, which takes them for a colleague's: a requester's or a guest's do not.
"""

import re

from bot.conversation import Conversation
from bot.desk.calling import names_assignee, wake_for
from bot.desk.desk import Desk, person_actor
from bot.desk.notes import human_public_note, private_note
from bot.desk.posting import post
from bot.frontdoor.refusing import refuse
from bot.labels import Source, Visibility
from bot.message import Message
from bot.person import Person
from bot.ports import UnitOfWork
from bot.request import Request
from bot.wording import cards
from bot.wording import managing as wording

_PUBLIC = re.compile(r"^\s*reply:\s*", re.IGNORECASE)


async def colleague_wrote(uow: UnitOfWork, desk: Desk, thread: Conversation, message: Message, person: Person) -> None:
    """Make a note of what a colleague wrote in a request's private thread."""
    request = await uow.get(Request, thread.request_ids[0])
    if request is None or not message.text.strip():
        return
    actor = person_actor(person, request.requester)
    own = person.id in {request.requester, request.author}
    public = _PUBLIC.match(message.text)
    if public and not desk.is_agent(person, request.workspace):
        await refuse(uow, desk, thread, message, person, wording.agents_reply(desk.workspace(request.workspace).name))
        return
    if public:
        text = message.text[public.end() :].strip()
        if not text:
            await refuse(uow, desk, thread, message, person, wording.empty_reply())
            return
        said_by = Source.REQUESTER if own else Source.COLLEAGUE
        await human_public_note(uow, desk, request, text, actor, cause=message.id, written_in=thread.id, source=said_by)
        return
    insider = Source.COLLEAGUE if person.email else Source.EXTERNAL
    source = Source.REQUESTER if own else insider
    note = await private_note(
        uow, desk, request, message.text, actor, cause=message.id, source=source, written_in=thread.id
    )
    speaks = message.addresses_atom or names_assignee(desk, request, message.text)
    if speaks and person.email is not None and person.id != request.requester:
        await wake_for(uow, desk, request, note, cause=message.id)
        if request.assignee.kind != "coworker":
            await _say_here(uow, desk, thread, message, cards.nobody_to_ask(request.number))


def bystander(desk: Desk, request: Request, person: Person) -> Source:
    """Return how far somebody who writes in another person's public thread is trusted: an agent alone speaks as a colleague."""
    if desk.is_agent(person, request.workspace):
        return Source.COLLEAGUE
    return Source.REQUESTER if person.email else Source.EXTERNAL


async def no_request_here(uow: UnitOfWork, desk: Desk, conversation: Conversation, message: Message) -> None:
    """Answer somebody who speaks to Atom in a support channel outside of any request's thread."""
    await _say_here(uow, desk, conversation, message, cards.no_request_here())


async def _say_here(uow: UnitOfWork, desk: Desk, conversation: Conversation, message: Message, text: str) -> None:
    await post(
        uow,
        desk,
        conversation.id,
        text,
        cause=f"nowhere:{message.id}",
        visibility=Visibility.PRIVATE,
        kind="notice",
    )
