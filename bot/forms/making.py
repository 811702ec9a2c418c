"""Which form is which: making one, checking what was sent before it is taken, and doing it."""

from bot.desk.desk import Desk
from bot.errors import Refused
from bot.form import Form, FormKind, Submission
from bot.forms.assigning import ASSIGN
from bot.forms.commenting import COMMENT
from bot.forms.linking import LINK
from bot.forms.opening import NEW
from bot.forms.prioritising import PRIORITY
from bot.forms.replying import REPLY
from bot.forms.resolving import RESOLVE
from bot.forms.sheet import Asked, Sent, Sheet
from bot.person import Person
from bot.ports import Reader, UnitOfWork
from bot.wording import forms as wording

_SHEETS: dict[FormKind, Sheet] = {
    "new": NEW,
    "reply": REPLY,
    "assign": ASSIGN,
    "resolve": RESOLVE,
    "priority": PRIORITY,
    "link": LINK,
    "comment": COMMENT,
}


def _sheet(kind: FormKind) -> Sheet:
    """Return what is known of a kind of form; `Refused` for one that came from outside and does not exist."""
    found = _SHEETS.get(kind)
    if found is None:
        raise Refused(wording.unknown_form())
    return found


async def make_form(
    reader: Reader, desk: Desk, person: Person, kind: FormKind, subject: str, context: dict[str, str]
) -> Form:
    """Return the form for `person`; `Refused` when they may not send it."""
    return await _sheet(kind).make(reader, desk, Asked(person=person, subject=subject, context=context))


async def wrong_fields(reader: Reader, desk: Desk, person: Person, sent: Submission) -> dict[str, str]:
    """Return field name -> what is wrong and what to write instead; empty when it can be taken. Raises `Refused`."""
    return await _sheet(sent.kind).check(reader, desk, person, sent)


async def apply_form(uow: UnitOfWork, desk: Desk, sent: Sent) -> str:
    """Do what was sent and return what its sender is told, which may be nothing; `Refused` before anything is changed."""
    return await _sheet(sent.form.kind).apply(uow, desk, sent)
