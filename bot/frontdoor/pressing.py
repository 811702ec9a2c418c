"""Buttons: what a press does, or why it does nothing.

A button does something only for a person with the authority, however it came to be pressed; what was refused is audited.
"""

from bot.conversation import Conversation
from bot.desk.approving import decide
from bot.desk.desk import Desk
from bot.desk.holding import hand_back, take_over
from bot.errors import Refused
from bot.frontdoor.support import refuse, thread_at
from bot.message import Message, Press
from bot.person import Person
from bot.ports import UnitOfWork


async def pressed(
    uow: UnitOfWork, desk: Desk, conversation: Conversation, message: Message, press: Press, person: Person
) -> None:
    """Do what a button says, or say why not."""
    thread = await thread_at(uow, conversation) or conversation
    try:
        match press.action:
            case "approve" | "deny":
                await decide(uow, desk, press.subject, person, approve=press.action == "approve")
            case "take_over":
                await take_over(uow, desk, press.subject, person, cause=message.id)
            case "hand_back":
                await hand_back(uow, desk, press.subject, person, cause=message.id)
            case "solved" | "help" | "rate" | "feedback" | "stop":
                raise NotImplementedError
    except Refused as refusal:
        await refuse(uow, desk, thread, person, refusal, message)
