"""Somebody looks at their chat with Atom: the first time they are welcomed, and each time shown what they might ask."""

from bot.conversation import Conversation
from bot.desk.desk import Desk
from bot.message import Message
from bot.person import Person
from bot.ports import UnitOfWork


async def welcomed(uow: UnitOfWork, desk: Desk, conversation: Conversation, message: Message, person: Person) -> None:
    """Not written yet."""
    raise NotImplementedError
