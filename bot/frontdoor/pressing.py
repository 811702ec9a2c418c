"""Buttons: what a press does, or why it does nothing.

A button does something only for a person with the authority, however it came to be pressed; what was refused is audited, and told to
the presser alone where that is possible.
"""

from bot.conversation import Conversation
from bot.desk.approving import decide
from bot.desk.desk import Desk
from bot.desk.holding import hand_back, take_over
from bot.desk.judging import judge
from bot.desk.private_threads import support_thread_at
from bot.desk.satisfying import rate
from bot.desk.settling import solved, still_needs_help
from bot.errors import Refused
from bot.frontdoor.halting import halt
from bot.frontdoor.refusing import refuse
from bot.message import Message, Press
from bot.person import Person
from bot.ports import UnitOfWork


async def pressed(
    uow: UnitOfWork, desk: Desk, conversation: Conversation, message: Message, press: Press, person: Person
) -> None:
    """Do what a button says, or say why not."""
    place = await support_thread_at(uow, conversation) or conversation
    try:
        await _do(uow, desk, place, message, press, person)
    except Refused as refusal:
        await refuse(uow, desk, place, message, person, str(refusal))


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
