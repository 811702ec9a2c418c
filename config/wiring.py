"""The composition root: plain calls that make every part and give each what it needs. Nothing else knows them all.

The order matters in two places. The database is brought up to date before anything reads it; and the dispatcher is made before
the storage that wakes it. What was left unfinished by an earlier process is woken when the office opens, by what the tables say.
"""

import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from adapters.dispatch.embedded import EmbeddedDispatcher
from adapters.system_clock import SystemClock
from adapters.ticker import Ticker
from bot.attachments import Attachments
from bot.audience_changes import AudienceChanges
from bot.audit import Event
from bot.casework import Casework
from bot.clock.due import fire_due, next_due
from bot.conversation import Conversation, Place
from bot.desk.desk import Desk
from bot.desk.orphans import take_in_orphans
from bot.desk.private_threads import support_thread
from bot.desk.telling_admins import admin_conversations
from bot.frontdoor.reading import FrontDoor
from bot.ids import ATOM, new_id
from bot.intake import Intake
from bot.mail import MailboxKind
from bot.outbox import Outbox
from bot.ports import Audience, Clock, Messenger, Storage, UnitOfWork
from bot.redaction import Redactor
from bot.remembered import RememberedAudience
from bot.request import Request
from bot.surfaces import Surfaces
from bot.waking import WakingStorage
from bot.work import Engine, Handler, due_mailboxes, inherit
from bot.workspace import Workspace
from config.equipping import Kit, adopt, equip
from config.people import bring_in
from config.platforms import Audiences
from config.settings import Settings
from config.staff import Staff
from config.workforce_folder import employed
from coworkers.desk_tools.files import WithBuiltIn
from coworkers.roster import Roster
from coworkers.run import Runner
from storage.alone import alone
from storage.database import ahead, open_database
from storage.migrate import migrate
from storage.one_process import only_process

log = logging.getLogger("deskmate.office")


@dataclass(frozen=True, kw_only=True)
class Connection:
    """A chat platform, connected."""

    messenger: Messenger
    audience: Audience
    tenant: Callable[[], str]
    """The tenant that is connected; empty while that is not known."""
    files: Attachments | None = None
    """Reads attached files, where that is possible."""
    trusted: Callable[[str], bool] = lambda _: True
    """Whether the e-mails of a tenant's accounts are believed."""


@dataclass(frozen=True, kw_only=True)
class Office:
    """A Deskmate that is open for work."""

    storage: Storage
    desk: Desk
    roster: Roster
    intake: Intake
    dispatcher: EmbeddedDispatcher
    engine: Engine
    ticker: Ticker


@dataclass(frozen=True, kw_only=True)
class Reception:
    """What a platform's adapter is given: where it brings what arrives, and whom it asks while a person waits."""

    intake: Intake
    surfaces: Surfaces
    changes: AudienceChanges
    storage: Storage
    roster: Roster
    secrets: Callable[[Iterable[str]], None]
    """Is told secrets that are learnt while Deskmate works: nothing stored, posted or logged shows them."""


Connect = Callable[[Reception], contextlib.AbstractAsyncContextManager[Mapping[str, Connection]]]
"""Connects the platforms."""


Hear = Callable[[Sequence[Event]], None]
"""Is told the audit events of each transaction once they are durable."""


OpenStorage = Callable[[str], contextlib.AbstractAsyncContextManager[Storage]]
"""Opens the database of a URL."""


@contextlib.asynccontextmanager
async def open_office(
    settings: Settings,
    connect: Connect,
    *,
    watch: Hear | None = None,
    child_env: Mapping[str, str] | None = None,
    open_storage: OpenStorage = open_database,
) -> AsyncIterator[Office]:
    """Open a Deskmate: database, workforce, platforms, and the handlers of its mailboxes. The caller serves the dispatcher.

    Raises `PermanentError`, with a sentence for the admin, when something is missing or wrong.
    """
    roster = Roster(employed(settings.workforce))
    with only_process(settings.database_url):
        await migrate(settings.database_url)
        async with contextlib.AsyncExitStack() as stack:
            plain = await stack.enter_async_context(open_storage(settings.database_url))
            await bring_in(plain, roster.workforce.people)
            dispatcher = EmbeddedDispatcher()
            ears = [watch] if watch is not None else []
            storage = WakingStorage(plain, dispatcher, watch=partial(_tell, ears))
            clock = SystemClock()
            intake = Intake(WakingStorage(ahead(plain), dispatcher, watch=watch), clock, settle=settings.settle)
            dispatcher.make_room(lambda: intake.pressed)
            kit = await stack.enter_async_context(equip(settings, roster, child_env or {}))
            reception = _reception(intake, storage, roster, kit)
            connections = await stack.enter_async_context(connect(reception))
            desk = _desk(roster, clock, connections, kit.redactor)
            runner = Runner(storage, desk, roster, kit.brains, _tools(storage, connections, kit), kit.knowledge)
            audience = RememberedAudience(Audiences({name: item.audience for name, item in connections.items()}), clock)
            reception.surfaces.serve(desk, audience)
            reception.changes.serve(desk, audience)
            outbox = _outbox(storage, desk, audience, connections, settings)
            handlers = _handlers(storage, desk, runner, audience, outbox)
            engine = Engine(storage, clock, handlers, holder=new_id(), lease_lasts=settings.lease)
            if await stack.enter_async_context(alone(settings.database_url)):
                await inherit(plain, clock.now())
            staff = await stack.enter_async_context(_staff(settings, storage, desk, kit, ears))
            ticker = Ticker(_sweep(storage, dispatcher, staff), _fire(storage, desk))
            yield Office(
                storage=storage,
                desk=desk,
                roster=roster,
                intake=intake,
                dispatcher=dispatcher,
                engine=engine,
                ticker=ticker,
            )


def _handlers(
    storage: Storage, desk: Desk, runner: Runner, audience: Audience, outbox: Outbox
) -> dict[MailboxKind, Handler]:
    return {
        "conversation": FrontDoor(storage, desk, runner, audience),
        "request": Casework(storage, desk, runner),
        "outbox": outbox,
    }


@contextlib.asynccontextmanager
async def _staff(settings: Settings, storage: Storage, desk: Desk, kit: Kit, ears: list[Hear]) -> AsyncIterator[Staff]:
    """Make what keeps the roster true, with the switches laid over it before any work begins."""
    put_in_force = partial(adopt, storage, desk, kit)
    staff = Staff(storage, desk, kit.roster, read=partial(employed, settings.workforce), adopt=put_in_force)
    ears.append(staff.heard)
    try:
        await take_in_orphans(storage, desk)
        await staff.begin()
        kit.playbook.prepare(kit.roster.workspaces(), kit.roster.candidates(ATOM))
        yield staff
    finally:
        await staff.close()


def _tell(ears: Sequence[Hear], events: Sequence[Event]) -> None:
    for hear in ears:
        hear(events)


def _reception(intake: Intake, storage: Storage, roster: Roster, kit: Kit) -> Reception:
    return Reception(
        intake=intake,
        surfaces=Surfaces(storage),
        changes=AudienceChanges(storage),
        storage=storage,
        roster=roster,
        secrets=kit.redactor.add,
    )


def _desk(roster: Roster, clock: Clock, connections: Mapping[str, Connection], redact: Redactor) -> Desk:
    return Desk(
        directory=roster,
        clock=clock,
        platforms=frozenset(connections),
        tenant_of=lambda platform: connections[platform].tenant(),
        trusted=lambda platform, tenant: platform not in connections or connections[platform].trusted(tenant),
        admins_of=roster.admins,
        redact=redact,
    )


def _tools(storage: Storage, connections: Mapping[str, Connection], kit: Kit) -> WithBuiltIn:
    """Return the tools of servers with the built-in ones, by the files in force."""
    reads = {name: item.files for name, item in connections.items() if item.files is not None}

    def built_in(tool: str) -> bool:
        found = kit.roster.workforce.tools.get(tool)
        return found is not None and found.transport == "built-in"

    return WithBuiltIn(kit.servers, storage, reads, built_in)


def _outbox(
    storage: Storage, desk: Desk, audience: Audience, connections: Mapping[str, Connection], settings: Settings
) -> Outbox:
    async def admins(workspace: Workspace) -> Sequence[Conversation]:
        found = await storage.read(lambda reader: admin_conversations(reader, desk, workspace))
        if not found:
            log.error(
                "something of %s was not delivered, and none of its admins can be told: have one write to Atom once"
                " (the audit says what it was)",
                workspace.name,
            )
        return found

    async def readdress(uow: UnitOfWork, request: Request, _: Workspace, place: Place) -> Conversation:
        return await support_thread(uow, desk, request, place.platform, place.channel)

    messengers = {name: item.messenger for name, item in connections.items()}
    return Outbox(storage, desk, audience, messengers, admins=admins, readdress=readdress, look_again=settings.recheck)


def _sweep(storage: Storage, dispatcher: EmbeddedDispatcher, staff: Staff) -> Callable[[], Awaitable[None]]:
    async def sweep() -> None:
        dispatcher.wake(*await due_mailboxes(storage))
        await staff.look()

    return sweep


def _fire(storage: Storage, desk: Desk) -> Callable[[], Awaitable[datetime | None]]:
    async def fire() -> datetime | None:
        await fire_due(storage, desk)
        return await next_due(storage)

    return fire
