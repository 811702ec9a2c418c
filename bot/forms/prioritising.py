"""The form `priority`: an agent says how urgent a request is."""

from bot.desk.access import request_for_agent
from bot.desk.desk import Desk
from bot.desk.managing import set_priority
from bot.form import Choice, Field, Form, Submission
from bot.forms.sheet import Asked, Sent, Sheet, refuse_wrong, wrong_choice
from bot.person import Person
from bot.ports import Reader, UnitOfWork
from bot.request import Request
from bot.wording import forms as wording

PRIORITY_FIELD = "priority"


def priorities() -> tuple[Choice, ...]:
    """Return the priorities as choices, most urgent first."""
    return tuple(Choice(value=value, label=label) for value, label in wording.PRIORITIES.items())


async def _make(reader: Reader, desk: Desk, asked: Asked) -> Form:
    request = await request_for_agent(reader, desk, asked.subject, asked.person)
    field = Field(
        name=PRIORITY_FIELD, label=wording.PRIORITY, kind="choice", choices=priorities(), initial=request.priority
    )
    return Form(
        kind="priority",
        subject=request.id,
        title=wording.PRIORITY_TITLE,
        send=wording.SEND,
        explanation=wording.about(request),
        fields=(field,),
        context=asked.context,
    )


async def _check(reader: Reader, desk: Desk, person: Person, sent: Submission) -> dict[str, str]:
    await request_for_agent(reader, desk, sent.subject, person)
    return wrong_choice(sent, PRIORITY_FIELD, priorities())


async def _apply(uow: UnitOfWork, desk: Desk, sent: Sent) -> str:
    refuse_wrong(await _check(uow, desk, sent.person, sent.form))
    request = await uow.get(Request, sent.form.subject)
    assert request is not None
    wish = sent.value(PRIORITY_FIELD)
    changed = await set_priority(uow, desk, request, wish, sent.person, cause=sent.message.id)
    return wording.prioritised(changed.number, changed.priority)


PRIORITY = Sheet(make=_make, check=_check, apply=_apply)
