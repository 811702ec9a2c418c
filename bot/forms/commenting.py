"""The form `comment`: the requester says more about how it went than a score does."""

from bot.desk.desk import Desk
from bot.desk.satisfying import comment_on
from bot.errors import Refused
from bot.form import Field, Form, Submission
from bot.forms.sheet import LONGEST, Asked, Sent, Sheet, refuse_wrong, wrong_text
from bot.person import Person
from bot.ports import Reader, UnitOfWork
from bot.request import Request
from bot.satisfaction import Satisfaction
from bot.wording import forms as wording

_TEXT = "text"


async def _own(reader: Reader, subject: str, person: Person) -> Request:
    """Return the requester's own request; to anybody else it might as well not exist."""
    request = await reader.get(Request, subject)
    if request is None or request.requester != person.id:
        raise Refused(wording.requester_only())
    return request


async def _make(reader: Reader, desk: Desk, asked: Asked) -> Form:  # noqa: ARG001  # each form's maker is given the desk
    request = await _own(reader, asked.subject, asked.person)
    said = await reader.get(Satisfaction, request.id)
    before = said.comment if said else ""
    return Form(
        kind="comment",
        subject=request.id,
        title=wording.COMMENT_TITLE,
        send=wording.SEND,
        explanation=wording.about(request),
        fields=(Field(name=_TEXT, label=wording.COMMENT, kind="long_text", initial=before, longest=LONGEST),),
        context=asked.context,
    )


async def _check(reader: Reader, desk: Desk, person: Person, sent: Submission) -> dict[str, str]:  # noqa: ARG001
    await _own(reader, sent.subject, person)
    return wrong_text(sent, _TEXT)


async def _apply(uow: UnitOfWork, desk: Desk, sent: Sent) -> str:
    refuse_wrong(await _check(uow, desk, sent.person, sent.form))
    await comment_on(uow, desk, sent.form.subject, sent.person, sent.value(_TEXT), cause=sent.message.id)
    return ""


COMMENT = Sheet(make=_make, check=_check, apply=_apply)
