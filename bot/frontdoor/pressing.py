"""Buttons: what a press does, or why it does nothing.

A button does something only for a person with the authority, however it came to be pressed; what was refused is audited, and told to
the presser alone where that is possible.
"""

from bot.audit import Event
from bot.conversation import Conversation
from bot.desk.approving import decide
from bot.desk.asides import whisper
from bot.desk.desk import Desk, person_actor
from bot.desk.holding import hand_back, take_over
from bot.desk.judging import judge
from bot.desk.satisfying import rate
from bot.desk.settling import solved, still_needs_help
from bot.errors import Refused
from bot.frontdoor.halting import halt
from bot.frontdoor.support import refuse, thread_at
from bot.message import Message, Press
from bot.person import Person
from bot.ports import UnitOfWork
from bot.wording import requester as wording


async def pressed(
    uow: UnitOfWork, desk: Desk, conversation: Conversation, message: Message, press: Press, person: Person
) -> None:
    """Do what a button says, or say why not."""
    thread = await thread_at(uow, conversation)
    try:
        await _do(uow, desk, thread or conversation, message, press, person)
    except Refused as refusal:
        if thread is not None:
            await refuse(uow, desk, thread, person, refusal, message)
        else:
            await _refuse(uow, desk, conversation, message, press, person, refusal)


async def _do(
    uow: UnitOfWork, desk: Desk, conversation: Conversation, message: Message, press: Press, person: Person
) -> None:
    cause = message.id
    match press.action:
        case "approve" | "deny":
            await decide(uow, desk, press.subject, person, approve=press.action == "approve")
        case "take_over":
            await take_over(uow, desk, press.subject, person, cause=cause)
        case "hand_back":
            await hand_back(uow, desk, press.subject, person, cause=cause)
        case "solved":
            await solved(uow, desk, press.subject, person, cause=cause)
        case "help":
            await still_needs_help(uow, desk, press.subject, person, cause=cause)
        case "rate":
            await rate(uow, desk, press.subject, person, press.value, cause=cause, on_post=press.post)
        case "feedback":
            who = message.author_id
            await judge(uow, desk, conversation, press.subject, press.value, person, who, cause=cause)
        case "stop":
            await halt(uow, desk, conversation, message, person)


async def _refuse(
    uow: UnitOfWork,
    desk: Desk,
    conversation: Conversation,
    message: Message,
    press: Press,
    person: Person,
    refusal: Refused,
) -> None:
    """Keep the attempt in the audit, and tell whoever pressed; not in a support channel's thread that is no request's."""
    data = {"action": press.action, "message": message.id}
    await uow.audit(Event(kind="press.refused", actor=person_actor(person), data=data, at=desk.now()))
    if conversation.kind != "support":
        text = wording.pressed_in_vain(str(refusal))
        await whisper(uow, desk, conversation, message.author_id, text, cause=f"refused:{message.id}")
