"""A desk with one specialist and one trivial tool, worked by Claude: the run loop as the product wires it, without a chat platform.

Storage, engine, casework, runner, guards, budgets, audit and the Claude adapter are the product's; the tool server is the tests' double,
so that no time goes into a tool. Nothing is posted: what would be posted is stored in the outbox.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from anthropic import AsyncAnthropic

from adapters.dispatch.embedded import EmbeddedDispatcher
from adapters.models.claude import Claude
from adapters.models.prices import Prices
from adapters.models.render import Question, question
from adapters.system_clock import SystemClock
from bot.casework import Casework
from bot.desk.assigning import assign
from bot.desk.desk import Desk
from bot.desk.opening import Wish, open_request
from bot.ids import MailboxId, PersonId
from bot.labels import SYSTEM
from bot.mail import Lease, Mailbox, mailbox_id
from bot.ports import Storage, UnitOfWork
from bot.progress import Idle
from bot.request import Assignee
from bot.run import Step
from bot.spending import Limits
from bot.turn import Turn
from bot.waking import WakingStorage
from bot.work import Engine
from config.brains import NamedBrains
from coworkers.briefing import Briefing
from coworkers.model import Exchange, Offer
from coworkers.playbook.brain import PlaybookModel
from coworkers.profile import Mode, Workforce
from coworkers.roster import Roster
from coworkers.run import Runner
from tests.fakes.desk import Shelf
from tests.fakes.tools import WrittenServers
from tests.fakes.workforce import IT, PEOPLE, WORKFORCE, coworker, direct

MODEL = "claude-sonnet-5-5"
PRICES = {MODEL: {"input": 3.0, "output": 15.0}}
WHO = "hardware-engineer"
ONLY_LOOK: dict[str, dict[str, Mode]] = {"jumpcloud": {"get_device": "allow"}}


def workforce() -> Workforce:
    """Return a workforce whose specialist may look devices up as often as it wants."""
    free = Limits(tool_calls=1_000, model_calls=1_000)
    specialist = replace(coworker(WHO), grants=ONLY_LOOK, run_limits=free, request_limits=free)
    return replace(WORKFORCE, coworkers={**WORKFORCE.coworkers, specialist.id: specialist})


class Overheard:
    """Claude, with what a run's first call sends kept for the reference to send too."""

    def __init__(self, claude: Claude) -> None:
        self._claude = claude
        self.first: Question | None = None

    async def next_turn(self, briefing: Briefing, transcript: Sequence[Exchange], tools: Sequence[Offer]) -> Turn:
        """Return Claude's next turn."""
        if self.first is None:
            self.first = question(briefing, transcript, tools)
        return await self._claude.next_turn(briefing, transcript, tools)


class NothingPosted:
    """Leaves what is in the outbox there."""

    async def advance(self, box: Mailbox, lease: Lease) -> Idle:  # noqa: ARG002 -- the handler's shape
        """Do nothing."""
        return Idle()

    async def give_up(self, box: Mailbox, lease: Lease, reason: str) -> None:
        """Not needed: nothing fails here."""


@dataclass(frozen=True, kw_only=True)
class SmallDesk:
    """Everything that works, over one storage."""

    storage: Storage
    desk: Desk
    engine: Engine
    dispatcher: EmbeddedDispatcher
    servers: WrittenServers
    model: Overheard

    async def open(self, cause: str, calls: int) -> MailboxId:
        """Open a request for which the model makes so many tool calls; return its mailbox, which is due."""

        async def work(uow: UnitOfWork) -> MailboxId:
            where = direct("maria", cause)
            await uow.add(where)
            wish = Wish(
                title="Slow laptop",
                description=f"CALLS={calls} My laptop has been slow since this morning.",
                workspace=IT,
                requester=PersonId("maria"),
                author=PersonId("maria"),
                conversation_id=where.id,
            )
            request = await open_request(uow, self.desk, wish, SYSTEM, cause=cause)
            await assign(uow, self.desk, request, Assignee(kind="coworker", id=WHO), SYSTEM, cause=cause)
            return mailbox_id("request", request.id)

        return await self.storage.transact(work)

    async def steps(self) -> int:
        """Return how many steps are recorded, all of them done."""
        found = await self.storage.read(lambda reader: reader.find(Step))
        assert all(step.state == "done" for step in found)
        return len(found)


async def small_desk(plain: Storage, client: AsyncAnthropic) -> SmallDesk:
    """Return a desk whose people are known. Its dispatcher is not served: call the engine, or serve it."""
    await plain.transact(lambda uow: uow.add(*PEOPLE))
    dispatcher = EmbeddedDispatcher()
    storage = WakingStorage(plain, dispatcher)
    roster, clock, servers = Roster(workforce()), SystemClock(), WrittenServers()
    desk = Desk(directory=roster, clock=clock, platforms=frozenset({"slack"}), tenant_of=lambda _: "T1")
    claude = Claude(client=client, model=MODEL, prices=Prices(PRICES))
    model = Overheard(claude)
    brains = NamedBrains(PlaybookModel(), language=lambda _: (model, claude.estimate), default=MODEL)
    runner = Runner(storage, desk, roster, brains, servers, Shelf())
    engine = Engine(
        storage, clock, {"request": Casework(storage, desk, runner), "outbox": NothingPosted()}, holder="bench"
    )
    return SmallDesk(storage=storage, desk=desk, engine=engine, dispatcher=dispatcher, servers=servers, model=model)
