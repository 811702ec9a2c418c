"""Forms that were sent: each is judged anew when it is worked, and its sender told what became of it.

They are told where they are: in the private thread from which the form was opened, or aside, where nobody else reads it. In a private
thread the change tells itself to everybody there, so only a refusal is said. A form is worked in the transaction that takes
its mail, so it is done once or not at all.
"""

from bot.audit import Event
from bot.conversation import Conversation
from bot.desk.desk import Desk, person_actor
from bot.desk.posting import post
from bot.errors import Refused
from bot.form import Submission
from bot.forms.making import apply_form
from bot.forms.sheet import Sent
from bot.frontdoor.support import thread_at
from bot.labels import Visibility
from bot.message import Message
from bot.person import Person
from bot.ports import UnitOfWork
from bot.request import Request
from bot.wording import cards
from bot.wording import forms as wording


async def submitted(
    uow: UnitOfWork, desk: Desk, conversation: Conversation, message: Message, form: Submission, person: Person
) -> None:
    """Do what a form says, or say why not."""
    sent = Sent(person=person, conversation=conversation, message=message, form=form)
    try:
        told = await apply_form(uow, desk, sent)
    except Refused as refusal:
        await _refuse(uow, desk, sent, str(refusal))
        return
    if told and conversation.kind in {"aside", "direct"}:
        await post(
            uow,
            desk,
            conversation.id,
            told,
            cause=f"form:{message.id}",
            visibility=Visibility.PUBLIC,
            kind="talk",
        )


async def _refuse(uow: UnitOfWork, desk: Desk, sent: Sent, reason: str) -> None:
    """Say why nothing happened, and keep the attempt in the audit; where others would read it, it is only kept."""
    subject = sent.form.subject
    about = await uow.get(Request, subject) if subject else None
    await uow.audit(
        Event(
            kind="form.refused",
            actor=person_actor(sent.person),
            request_id=about.id if about else None,
            data={"form": sent.form.kind, "message": sent.message.id},
            at=desk.now(),
        )
    )
    place = sent.conversation
    if place.kind == "support":
        thread = await thread_at(uow, place) or place
        told, visibility = cards.refused_press(sent.person.name, reason), Visibility.PRIVATE
        await post(uow, desk, thread.id, told, cause=f"refused:{sent.message.id}", visibility=visibility, kind="notice")
    elif place.kind in {"aside", "direct"}:
        told = wording.refused(reason)
        await post(
            uow,
            desk,
            place.id,
            told,
            cause=f"refused:{sent.message.id}",
            visibility=Visibility.PUBLIC,
            kind="talk",
        )
