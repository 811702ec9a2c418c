"""The way in with everything behind it written by the test: what is accepted, what the desk answers, what Slack is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.arrivals import Setting, Support
from adapters.slack.calls import Calls
from adapters.slack.doorways import PATIENCE, Doorways
from adapters.slack.listeners import StoreFirst
from adapters.slack.pace import Pace
from adapters.slack.payload import Json
from bot.form import Choice, Field, Form, FormKind, Submission
from bot.home import Home, HomeAsk, HomeRow, HomeSection
from bot.message import Arrival
from bot.person import Identity
from bot.reply import Button
from tests.fakes.clock import FrozenClock
from tests.unit.slack.payloads import Payload, in_support, nowhere

HOOKS = "https://hooks.slack.com/commands/T1/1/abc"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NEW = Form(
    kind="new",
    title="New request",
    send="Send",
    fields=(
        Field(name="title", label="Title"),
        Field(name="workspace", label="Workspace", kind="choice", choices=(Choice(value="it", label="IT"),)),
        Field(name="requester", label="For whom", kind="person", optional=True),
        Field(name="files", label="Files", kind="files", optional=True),
    ),
)


def setting(support: Support = in_support) -> Setting:
    """Give what a translation needs, at a known moment."""
    return Setting(support=support, answerable=lambda url: url.startswith("https://hooks.slack.com/"), received=NOW)


class WrittenSurfaces:
    """Answers as it was told, and keeps what it was asked."""

    def __init__(self) -> None:
        self.made = NEW
        self.wrong: dict[str, str] = {}
        self.failure: Exception | None = None
        self.forms: list[tuple[FormKind, str, str, dict[str, str], tuple[str, ...]]] = []
        """Kind, who, subject, context, others."""
        self.checked: list[Submission] = []
        self.asks: list[tuple[HomeAsk, str]] = []

    async def form(
        self,
        kind: FormKind,
        who: Identity,
        *,
        subject: str = "",
        context: dict[str, str] | None = None,
        others: Sequence[Identity] = (),
    ) -> Form:
        """Return the form that was written."""
        self.forms.append((kind, who.id, subject, context or {}, tuple(item.id for item in others)))
        self._fail()
        return self.made

    async def check(self, sent: Submission, who: Identity, others: Sequence[Identity] = ()) -> dict[str, str]:
        """Return what was said to be wrong."""
        self.checked.append(sent)
        self._fail()
        return self.wrong

    async def home(self, ask: HomeAsk, who: Identity) -> Home:
        """Return a page with one request."""
        self.asks.append((ask, who.id))
        self._fail()
        take = Button(action="take_over", subject="request-1", label="Take over")
        row = HomeRow(title="IT-1042 Slow laptop", detail="In progress", buttons=(take,))
        mine = HomeSection(title="My requests", rows=(row,), searchable=True)
        return Home(greeting="Hello", sections=(mine,), query=ask.query, page=ask.page, pages=3)

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure


class WrittenCalls(Calls):
    """Slack's Web API as the test has it answer; keeps what it was told."""

    def __init__(self) -> None:
        super().__init__(AsyncWebClient(), Pace(FrozenClock()))
        self.told: list[tuple[str, dict[str, object]]] = []
        self.answers: dict[str, Json] = {}
        self.failures: dict[str, list[Exception]] = {}

    async def ask(self, method: str, **arguments: str | int | bool) -> Json:
        """Answer from what was written."""
        return self._answer(method, dict(arguments))

    async def tell(self, method: str, **arguments: object) -> Json:
        """Keep it and answer from what was written."""
        return self._answer(method, arguments)

    def _answer(self, method: str, arguments: dict[str, object]) -> Json:
        self.told.append((method, arguments))
        if failures := self.failures.get(method):
            raise failures.pop(0)
        return self.answers.get(method, {})

    def named(self, method: str) -> list[dict[str, object]]:
        """Give the arguments of the calls of one method."""
        return [arguments for name, arguments in self.told if name == method]


@dataclass(kw_only=True)
class Doors:
    """The way in, and everything behind it."""

    support: Support = nowhere
    patience: float = PATIENCE
    settled: float = 0.0
    surfaces: WrittenSurfaces = field(default_factory=WrittenSurfaces)
    calls: WrittenCalls = field(default_factory=WrittenCalls)
    arrivals: list[Arrival] = field(default_factory=list)
    failure: Exception | None = None

    def __post_init__(self) -> None:
        self.doorways = Doorways(
            accept=self.accept,
            support=self.support,
            surfaces=self.surfaces,
            calls=lambda _: self.calls,
            api_url="https://slack.com/api/",
            patience=self.patience,
            settled=self.settled,
        )
        self.first = StoreFirst(
            accept=self.accept, support=self.support, bot_user=lambda: "U0ATOM", doorways=self.doorways
        )

    async def accept(self, arrival: Arrival) -> None:
        """Store an arrival, or fail as told."""
        if self.failure is not None:
            raise self.failure
        self.arrivals.append(arrival)

    async def send(self, body: Payload) -> tuple[int, str]:
        """Give the answer to a payload: status and body."""
        answer = await self.first.answer(body)
        return answer.status, answer.body


def failing(failure: Exception | None = None) -> Doors:
    """Give a way in whose surfaces fail with this; without one they work."""
    found = Doors()
    found.surfaces.failure = failure
    return found
