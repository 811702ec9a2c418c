"""Which form is which: making one, and checking what was sent before it is taken."""

from bot.desk.desk import Desk
from bot.form import Form, FormKind, Submission
from bot.person import Person
from bot.ports import Reader


async def make_form(
    reader: Reader, desk: Desk, person: Person, kind: FormKind, subject: str, context: dict[str, str]
) -> Form:
    """Return the form for `person`; `Refused` when they may not send it."""
    raise NotImplementedError


async def wrong_fields(reader: Reader, desk: Desk, person: Person, sent: Submission) -> dict[str, str]:
    """Return field name -> what is wrong and what to write instead; empty when it can be taken. Raises `Refused`."""
    raise NotImplementedError
