"""Commands: what was typed is done, and answered where it was typed."""

from bot.commands.dispatch import dispatch
from bot.commands.invocation import Invocation
from bot.conversation import Conversation
from bot.desk.desk import Desk
from bot.message import Message
from bot.person import Identity, Person
from bot.ports import UnitOfWork


async def commanded(uow: UnitOfWork, desk: Desk, conversation: Conversation, message: Message, person: Person) -> None:
    """Obey the command that a message holds, as the person whom its author is."""
    identity = await uow.get(Identity, message.author_id)
    if identity is None:
        raise LookupError(f"identity {message.author_id} was never stored")
    said = Invocation(person=person, identity=identity, conversation=conversation, text=message.text, cause=message.id)
    await dispatch(uow, desk, said)
