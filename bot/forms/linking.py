"""The form `link`: an agent ties two requests together."""

from bot.desk.access import find_request, may_see, request_for_agent
from bot.desk.desk import Desk
from bot.desk.managing import link_requests
from bot.errors import Refused
from bot.form import Choice, Field, Form, Submission
from bot.forms.sheet import Asked, Sent, Sheet, refuse_wrong, wrong_choice, wrong_text
from bot.person import Person
from bot.ports import Reader, UnitOfWork
from bot.request import Request
from bot.wording import forms as wording
from bot.wording import managing

_NUMBER, _RELATION = "number", "relation"
_LONGEST = 40


def _relations() -> tuple[Choice, ...]:
    return tuple(Choice(value=value, label=label) for value, label in wording.RELATIONS.items())


async def _make(reader: Reader, desk: Desk, asked: Asked) -> Form:
    request = await request_for_agent(reader, desk, asked.subject, asked.person)
    relations = _relations()
    return Form(
        kind="link",
        subject=request.id,
        title=wording.LINK_TITLE,
        send=wording.SEND,
        explanation=wording.about(request),
        fields=(
            Field(
                name=_RELATION,
                label=wording.RELATION,
                kind="choice",
                choices=relations,
                initial=relations[0].value,
            ),
            Field(name=_NUMBER, label=wording.NUMBER, hint=wording.NUMBER_HINT, longest=_LONGEST),
        ),
        context=asked.context,
    )


async def _check(reader: Reader, desk: Desk, person: Person, sent: Submission) -> dict[str, str]:
    request = await request_for_agent(reader, desk, sent.subject, person)
    wrong = wrong_choice(sent, _RELATION, _relations()) | wrong_text(sent, _NUMBER, longest=_LONGEST)
    if _NUMBER in wrong:
        return wrong
    number = sent.values[_NUMBER].strip()
    other = await find_request(reader, number)
    if other is None or not may_see(desk, request, other, person):
        return wrong | {_NUMBER: wording.no_such_number(number)}
    return wrong | ({_NUMBER: managing.itself()} if other.id == request.id else {})


async def _apply(uow: UnitOfWork, desk: Desk, sent: Sent) -> str:
    refuse_wrong(await _check(uow, desk, sent.person, sent.form))
    request = await uow.get(Request, sent.form.subject)
    other = await find_request(uow, sent.value(_NUMBER))
    if request is None or other is None:
        raise Refused(wording.no_such_number(sent.value(_NUMBER)))
    how = sent.value(_RELATION)
    await link_requests(uow, desk, request, other, how, sent.person, cause=sent.message.id)
    return wording.linked(request.number, wording.RELATIONS[how], other.number)


LINK = Sheet(make=_make, check=_check, apply=_apply)
