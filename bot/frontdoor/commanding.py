"""Slash commands: what was typed is done, and answered where it was typed."""

from bot.conversation import Conversation
from bot.desk.desk import Desk
from bot.message import Message
from bot.person import Person
from bot.ports import UnitOfWork


async def commanded(uow: UnitOfWork, desk: Desk, conversation: Conversation, message: Message, person: Person) -> None:
    """Not written yet."""
    raise NotImplementedError
