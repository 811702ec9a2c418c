"""Forms: what is asked of a person in a dialogue (a modal in Slack, a task module in Teams), and what they sent.

A form is made when it is opened and shows what is true at that moment; what was sent is stored like any message before the platform is told
that it arrived, and judged anew when it is worked. `subject` and `context` come back with what was sent and prove nothing.
"""

from dataclasses import dataclass, field
from typing import Literal

from bot.file import File

FormKind = Literal["new", "reply", "assign", "resolve", "priority", "link", "comment"]
FieldKind = Literal["text", "long_text", "choice", "person", "files"]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of the values that a field of choices offers."""

    value: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question of a form."""

    name: str
    """How its value is called in what is sent."""
    label: str
    kind: FieldKind = "text"
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    """For `choice`: at most 100."""
    initial: str = ""
    """What stands there at first: a text, a choice's value, or (person) an identity id."""
    optional: bool = False
    longest: int = 3_000
    """Characters of a text."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """A dialogue with one person."""

    kind: FormKind
    subject: str = ""
    """The request id that it is about; empty for a new request."""
    title: str
    """At most 24 characters (Slack's limit for a modal)."""
    send: str
    """What the button says that sends it; at most 24 characters."""
    explanation: str = ""
    """Markdown above the fields."""
    fields: tuple[Field, ...] = ()
    context: dict[str, str] = field(default_factory=dict)
    """What must come back with the answer, such as the message that a shortcut was used on; at most 2,000 characters in all."""


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What somebody sent."""

    kind: FormKind
    subject: str = ""
    values: dict[str, str] = field(default_factory=dict)
    """Field name → text, choice value, or (person) identity id; a field that was left empty is missing."""
    context: dict[str, str] = field(default_factory=dict)
    files: tuple[File, ...] = ()
