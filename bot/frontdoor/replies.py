"""A reply to one request: what was written in its thread, or with a quote of what was said about it.

It needs no judgement. The requester's words, and those of who wrote for them, are a reply; anybody else's are a public note of theirs,
for everybody in the thread has read them already. A bare score answers the survey.
"""

from bot.conversation import Conversation
from bot.desk.desk import Desk, person_actor
from bot.desk.notes import human_public_note
from bot.desk.replying import requester_replied
from bot.desk.satisfying import is_score, rate
from bot.frontdoor.support import bystander
from bot.message import Message
from bot.person import Person
from bot.ports import UnitOfWork
from bot.request import Request


async def replied(
    uow: UnitOfWork, desk: Desk, where: Conversation, request: Request, message: Message, person: Person
) -> None:
    """Note a reply to `request` that was written in `where`, and do what it does to the request."""
    if request.status == "resolved" and is_score(message.text) and person.id == request.requester:
        await rate(uow, desk, request.id, person, message.text.strip(), cause=message.id)
    elif person.id in {request.requester, request.author}:
        await requester_replied(uow, desk, request, person, message.text, cause=message.id)
    else:
        await human_public_note(
            uow,
            desk,
            request,
            message.text,
            person_actor(person),
            cause=message.id,
            written_in=where.id,
            source=bystander(desk, request, person),
        )
