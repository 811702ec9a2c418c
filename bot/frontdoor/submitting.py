"""Forms that were sent: each is judged anew when it is worked, and its sender told what became of it.

They are told where they are: in the private thread from which the form was opened, or aside, where nobody else reads it. In a private
thread the change tells itself to everybody there, so only a refusal is said. A form is worked in the transaction that takes
its mail, so it is done once or not at all.
"""

from bot.conversation import Conversation
from bot.desk.asides import whisper
from bot.desk.desk import Desk
from bot.errors import Refused
from bot.form import Submission
from bot.forms.making import apply_form
from bot.forms.sheet import Sent
from bot.frontdoor.refusing import refuse
from bot.message import Message
from bot.person import Person
from bot.ports import UnitOfWork


async def submitted(
    uow: UnitOfWork, desk: Desk, conversation: Conversation, message: Message, form: Submission, person: Person
) -> None:
    """Do what a form says, or say why not."""
    sent = Sent(person=person, conversation=conversation, message=message, form=form)
    try:
        told = await apply_form(uow, desk, sent)
    except Refused as refusal:
        await refuse(uow, desk, conversation, message, person, str(refusal))
        return
    if told and conversation.kind != "support":
        await whisper(uow, desk, conversation, message.author_id, told, cause=f"form:{message.id}")
