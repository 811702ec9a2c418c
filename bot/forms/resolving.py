"""The form `resolve`: an agent resolves a request and tells the requester what was done."""

from bot.desk.access import request_for_agent
from bot.desk.changing import blocked_by
from bot.desk.desk import Desk
from bot.desk.managing import resolve_by
from bot.errors import Refused
from bot.form import Field, Form, Submission
from bot.forms.sheet import LONGEST, Asked, Sent, Sheet, refuse_wrong, wrong_text
from bot.person import Person
from bot.ports import Reader, UnitOfWork
from bot.request import Request
from bot.wording import forms as wording
from bot.wording import managing

_SUMMARY = "summary"


async def _resolvable(reader: Reader, desk: Desk, subject: str, person: Person) -> Request:
    request = await request_for_agent(reader, desk, subject, person)
    if request.status == "resolved":
        raise Refused(managing.resolved_already(request.number))
    blocking = await blocked_by(reader, request)
    if blocking:
        raise Refused(managing.blocked(request.number, blocking))
    return request


async def _make(reader: Reader, desk: Desk, asked: Asked) -> Form:
    request = await _resolvable(reader, desk, asked.subject, asked.person)
    field = Field(name=_SUMMARY, label=wording.SUMMARY, kind="long_text", hint=wording.SUMMARY_HINT, longest=LONGEST)
    return Form(
        kind="resolve",
        subject=request.id,
        title=wording.RESOLVE_TITLE,
        send=wording.RESOLVE_TITLE,
        explanation=wording.about(request),
        fields=(field,),
        context=asked.context,
    )


async def _check(reader: Reader, desk: Desk, person: Person, sent: Submission) -> dict[str, str]:
    await _resolvable(reader, desk, sent.subject, person)
    return wrong_text(sent, _SUMMARY)


async def _apply(uow: UnitOfWork, desk: Desk, sent: Sent) -> str:
    refuse_wrong(await _check(uow, desk, sent.person, sent.form))
    request = await uow.get(Request, sent.form.subject)
    assert request is not None
    await resolve_by(uow, desk, request, sent.value(_SUMMARY), sent.person, cause=sent.message.id)
    return wording.resolved(request.number)


RESOLVE = Sheet(make=_make, check=_check, apply=_apply)
