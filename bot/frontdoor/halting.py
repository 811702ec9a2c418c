"""The stop button of a conversation: Atom's talk there ends at once, and work on the requests of that thread at its next step.

It is for whoever talks with Atom there, for the requester and the author of a request, and for agents.
"""

from collections.abc import Sequence

from bot.audit import Event
from bot.conversation import Conversation
from bot.desk.access import works_in
from bot.desk.asides import whisper
from bot.desk.concluding import end_run
from bot.desk.desk import Desk, person_actor
from bot.desk.own_thread import own_thread_at, requests_of
from bot.desk.posting import post
from bot.desk.stopping import is_stop, rest_stopped, stop_work, working_on
from bot.errors import Refused
from bot.ids import RequestId
from bot.labels import Visibility
from bot.mail import Said, mailbox_id
from bot.mailroom import take, waiting_mail
from bot.message import Message
from bot.person import Identity, Person
from bot.ports import UnitOfWork
from bot.request import Request
from bot.run import Run
from bot.wording import stopping as wording


async def halt(uow: UnitOfWork, desk: Desk, conversation: Conversation, message: Message, person: Person) -> None:
    """Stop what goes on in the conversation, and say so there; raises `Refused` when all of it is others'."""
    box = mailbox_id("conversation", message.conversation_id)
    runs = await uow.find(Run, mailbox_id=box, state="running")
    busy = [item for item in await _requests(uow, conversation, message) if await working_on(uow, item)]
    talks = [run for run in runs if await _may_stop_talk(uow, desk, run, person)]
    works = [item for item in busy if _may_stop_work(desk, item, person)]
    if not talks and not works:
        if runs or busy:
            raise Refused(wording.NOT_YOURS)
        await whisper(uow, desk, conversation, message.author_id, wording.NOTHING, cause=f"stop:{message.id}")
        return
    for run in talks:
        await end_run(uow, desk, run, "stopped", None)
        data = {"cause": message.id}
        await uow.audit(
            Event(kind="run.stop_asked", actor=person_actor(person), run_id=run.id, data=data, at=desk.now())
        )
        await _leave_unread(uow, run, message)
    for request in works:
        name = desk.coworker_actor(request.assignee.id).name
        running = await uow.find(Run, mailbox_id=mailbox_id("request", request.id), state="running", limit=1)
        stopped = await stop_work(uow, desk, request, person_actor(person), cause=message.id)
        if not running:
            await rest_stopped(uow, desk, stopped, name, cause=message.id)
    await _say(uow, desk, conversation, message, [item.number for item in works])


async def _say(
    uow: UnitOfWork, desk: Desk, conversation: Conversation, message: Message, numbers: Sequence[str]
) -> None:
    support = conversation.kind == "support"
    await post(
        uow,
        desk,
        conversation.id,
        wording.stopped(numbers),
        cause=f"stop:{message.id}",
        visibility=Visibility.PRIVATE if support else Visibility.PUBLIC,
        kind="notice" if support else "talk",
    )


async def _requests(uow: UnitOfWork, conversation: Conversation, message: Message) -> list[Request]:
    """Return the requests whose thread this is."""
    thread = await own_thread_at(uow, conversation, message.author_id)
    keys: list[RequestId] = list(conversation.request_ids)
    keys += [key for key in (requests_of(thread) if thread else ()) if key not in keys]
    found = [await uow.get(Request, key) for key in keys]
    return [item for item in found if item is not None]


async def _leave_unread(uow: UnitOfWork, run: Run, stop: Message) -> None:
    """Leave aside what was written before the stop and has not been read yet: it belongs to what was stopped."""
    for mail in await waiting_mail(uow, run.mailbox_id):
        said = await uow.get(Message, mail.trigger.message_id) if isinstance(mail.trigger, Said) else None
        if said is None or is_stop(said):
            break
        if said.kind == "text" and said.author_id == stop.author_id:
            await take(uow, [mail], "stopped")


async def _may_stop_talk(uow: UnitOfWork, desk: Desk, run: Run, person: Person) -> bool:
    """Tell whether the person is one of those who talk with Atom in this run, or an agent."""
    keys = [trigger.message_id for trigger in run.triggers if isinstance(trigger, Said)]
    authors = {message.author_id for message in await uow.find(Message, id=keys)}
    people = {identity.person_id for identity in await uow.find(Identity, id=list(authors))}
    return person.id in people or bool(works_in(desk, person))


def _may_stop_work(desk: Desk, request: Request, person: Person) -> bool:
    return person.id in {request.requester, request.author} or desk.is_agent(person, request.workspace)
