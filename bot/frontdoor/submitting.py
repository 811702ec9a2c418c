"""Forms that were sent: what each of them does, judged anew when it is worked."""

from bot.conversation import Conversation
from bot.desk.desk import Desk
from bot.form import Submission
from bot.message import Message
from bot.person import Person
from bot.ports import UnitOfWork


async def submitted(
    uow: UnitOfWork, desk: Desk, conversation: Conversation, message: Message, form: Submission, person: Person
) -> None:
    """Not written yet."""
    raise NotImplementedError
