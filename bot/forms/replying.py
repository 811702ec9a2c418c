"""The form `reply`: an agent answers the requester with a public note."""

from bot.desk.access import request_for_agent
from bot.desk.desk import Desk, person_actor
from bot.desk.notes import human_public_note
from bot.form import Field, Form, Submission
from bot.forms.sheet import LONGEST, Asked, Sent, Sheet, refuse_wrong, wrong_text
from bot.person import Person
from bot.ports import Reader, UnitOfWork
from bot.request import Request
from bot.wording import forms as wording

_TEXT = "text"


async def _make(reader: Reader, desk: Desk, asked: Asked) -> Form:
    request = await request_for_agent(reader, desk, asked.subject, asked.person)
    return Form(
        kind="reply",
        subject=request.id,
        title=wording.REPLY_TITLE,
        send=wording.SEND,
        explanation=wording.about(request),
        fields=(Field(name=_TEXT, label=wording.ANSWER, kind="long_text", longest=LONGEST),),
        context=asked.context,
    )


async def _check(reader: Reader, desk: Desk, person: Person, sent: Submission) -> dict[str, str]:
    await request_for_agent(reader, desk, sent.subject, person)
    return wrong_text(sent, _TEXT)


async def _apply(uow: UnitOfWork, desk: Desk, sent: Sent) -> str:
    refuse_wrong(await _check(uow, desk, sent.person, sent.form))
    request = await uow.get(Request, sent.form.subject)
    assert request is not None
    actor = person_actor(sent.person, request.requester)
    await human_public_note(uow, desk, request, sent.value(_TEXT), actor, cause=sent.message.id)
    return wording.replied(request.number)


REPLY = Sheet(make=_make, check=_check, apply=_apply)
