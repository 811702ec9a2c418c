"""Forms and cards as a test has them: what is shown, what is wrong with what was sent, and what fails."""

from collections.abc import Sequence
from dataclasses import replace

from bot.form import Choice, Field, Form, FormKind, Submission
from bot.person import Identity
from bot.standing_card import CardAsk, StandingCard

NEW = Form(
    kind="new",
    title="New request",
    send="Open it",
    explanation="From **Sam**",
    fields=(
        Field(name="title", label="Title", hint="A few words.", longest=20),
        Field(name="details", label="Details", kind="long_text", optional=True),
        Field(
            name="team",
            label="Team",
            kind="choice",
            choices=(Choice(value="it", label="IT"), Choice(value="hr", label="HR")),
            initial="it",
        ),
        Field(name="whom", label="For whom", kind="person", optional=True),
        Field(name="files", label="Files", kind="files", optional=True),
    ),
)


class WrittenSurfaces:
    """Answers as it was told, and keeps what it was asked."""

    def __init__(self) -> None:
        self.made = NEW
        self.wrong: dict[str, str] = {}
        self.failures: list[Exception] = []
        self.asked: list[tuple[FormKind, str, str, dict[str, str], tuple[str, ...]]] = []
        """Kind, who, subject, context, others."""
        self.checked: list[Submission] = []
        self.cards: list[StandingCard | None] = []
        """What stands, one look after the other; the last one stays."""
        self.looked: list[CardAsk] = []

    async def form(
        self,
        kind: FormKind,
        who: Identity,
        *,
        subject: str = "",
        context: dict[str, str] | None = None,
        others: Sequence[Identity] = (),
    ) -> Form:
        """Return the form that was written, for what was asked."""
        self.asked.append((kind, who.id, subject, context or {}, tuple(other.id for other in others)))
        self._fail()
        return replace(self.made, kind=kind, subject=subject, context=context or {})

    async def check(self, sent: Submission, who: Identity, others: Sequence[Identity] = ()) -> dict[str, str]:
        """Return what was said to be wrong."""
        self.checked.append(sent)
        self._fail()
        return self.wrong

    async def card(self, ask: CardAsk) -> StandingCard | None:
        """Return what stands at this look."""
        self.looked.append(ask)
        self._fail()
        if not self.cards:
            return None
        return self.cards.pop(0) if len(self.cards) > 1 else self.cards[0]

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)
