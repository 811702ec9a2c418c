"""Saying why what somebody pressed, sent or wrote came to nothing, and keeping the attempt in the audit.

It is said where they are: to the team in a private support channel, anywhere else to them alone.
"""

from bot.audit import Event
from bot.conversation import Conversation
from bot.desk.asides import whisper
from bot.desk.desk import Desk, person_actor
from bot.desk.posting import post
from bot.desk.private_threads import support_thread_at
from bot.ids import RequestId
from bot.labels import Visibility
from bot.message import Message
from bot.person import Person
from bot.ports import Reader, UnitOfWork
from bot.request import Request
from bot.wording import cards
from bot.wording import requester as wording


async def refuse(
    uow: UnitOfWork, desk: Desk, conversation: Conversation, message: Message, person: Person, reason: str
) -> None:
    """Say why nothing happened, and keep the attempt in the audit."""
    thread = await support_thread_at(uow, conversation)
    await uow.audit(
        Event(
            kind="form.refused" if message.form else "press.refused",
            actor=person_actor(person),
            request_id=await _about(uow, thread, message),
            data={"action": _attempted(message), "message": message.id},
            at=desk.now(),
        )
    )
    cause = f"refused:{message.id}"
    if thread is not None:
        told = cards.refused(person.name, reason)
        await post(uow, desk, thread.id, told, cause=cause, visibility=Visibility.PRIVATE, kind="notice")
    else:
        await whisper(uow, desk, conversation, message.author_id, wording.refused(reason), cause=cause)


async def _about(reader: Reader, thread: Conversation | None, message: Message) -> RequestId | None:
    """Return the request that the attempt was about, where that is known."""
    named = await reader.get(Request, message.form.subject) if message.form and message.form.subject else None
    if named is not None:
        return named.id
    return thread.request_ids[0] if thread is not None else None


def _attempted(message: Message) -> str:
    if message.form is not None:
        return message.form.kind
    return message.press.action if message.press is not None else "reply"


async def not_worked(uow: UnitOfWork, desk: Desk, conversation: Conversation, message: Message) -> None:
    """Say that what somebody wrote, pressed or sent came to nothing, so that they do it again: in the private thread, or to them alone."""
    thread = await support_thread_at(uow, conversation)
    alone = conversation if conversation.kind in {"aside", "direct"} else None
    where = thread or alone
    if where is not None:
        await post(
            uow,
            desk,
            where.id,
            cards.not_worked(message.author_name),
            cause=f"not worked:{message.id}",
            visibility=Visibility.PRIVATE if thread is not None else Visibility.PUBLIC,
            kind="notice",
        )
