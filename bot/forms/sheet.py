"""What the forms have in common: the shape of one, what it is worked with, and how its request and its texts are judged.

A form is made for a person, checked while they wait, and applied in the transaction that works what they sent. Each of the
three judges for itself: what was true when a form was opened may have changed since.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.conversation import Conversation
from bot.desk.desk import Desk
from bot.errors import Refused
from bot.form import Choice, Form, Submission
from bot.message import Message
from bot.person import Person
from bot.ports import Reader, UnitOfWork
from bot.wording import forms as wording

LONGEST = 3_000
"""Characters of a long text, which every platform's dialogue takes."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A form that somebody wants to see."""

    person: Person
    subject: str
    context: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A form that somebody sent."""

    person: Person
    conversation: Conversation
    """Where they are: where it was opened."""
    message: Message
    form: Submission

    def value(self, name: str) -> str:
        """Return a field's text without blanks around it; empty when it was left empty."""
        return self.form.values.get(name, "").strip()


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One kind of form."""

    make: Callable[[Reader, Desk, Asked], Awaitable[Form]]
    """Returns the form; raises `Refused` for somebody who may not send it."""
    check: Callable[[Reader, Desk, Person, Submission], Awaitable[dict[str, str]]]
    """Returns field → what is wrong with it; raises `Refused`."""
    apply: Callable[[UnitOfWork, Desk, Sent], Awaitable[str]]
    """Does what was sent and returns what its sender is told; raises `Refused` before anything is changed."""


def wrong_text(sent: Submission, name: str, *, longest: int = LONGEST, optional: bool = False) -> dict[str, str]:
    """Return what is wrong with a text: it is missing, or too long."""
    text = sent.values.get(name, "").strip()
    if not text and not optional:
        return {name: wording.missing()}
    return {name: wording.too_long(longest)} if len(text) > longest else {}


def wrong_choice(sent: Submission, name: str, choices: tuple[Choice, ...]) -> dict[str, str]:
    """Return what is wrong with a choice: it is none of those that there are."""
    return {} if sent.values.get(name) in {item.value for item in choices} else {name: wording.choose()}


def refuse_wrong(wrong: dict[str, str]) -> None:
    """Refuse what was sent with the first thing that is wrong with it."""
    if wrong:
        raise Refused(next(iter(wrong.values())))
