"""The composition root: plain calls that make every part and give each what it needs. Nothing else knows them all.

The order matters in two places. The database is brought up to date before anything reads it; and the dispatcher is made before
the storage that wakes it. What was left unfinished by an earlier process is woken when the office opens, by what the tables say.
"""

import contextlib
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from adapters.dispatch.embedded import EmbeddedDispatcher
from adapters.knowledge.sections import Sections
from adapters.mcp.references import resolve
from adapters.mcp.servers import McpServers
from adapters.system_clock import SystemClock
from adapters.ticker import Ticker
from bot.audience_changes import AudienceChanges
from bot.audit import Event
from bot.casework import Casework
from bot.clock.due import fire_due, next_due
from bot.conversation import Conversation, Place
from bot.desk.desk import Desk
from bot.desk.orphans import take_in_orphans
from bot.desk.posting import support_thread
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
from config.brains import PLAYBOOK, NamedBrains
from config.logs import keep_out
from config.people import bring_in
from config.platforms import Audiences
from config.settings import OFFLINE, Settings
from config.workforce_folder import employed
from coworkers.playbook.brain import PlaybookModel
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


Connect = Callable[[Reception], contextlib.AbstractAsyncContextManager[Mapping[str, Connection]]]
"""Connects the platforms."""


OpenStorage = Callable[[str], contextlib.AbstractAsyncContextManager[Storage]]
"""Opens the database of a URL."""


@contextlib.asynccontextmanager
async def open_office(
    settings: Settings,
    connect: Connect,
    *,
    watch: Callable[[Sequence[Event]], None] | None = None,
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
            storage = WakingStorage(plain, dispatcher, watch=watch)
            clock = SystemClock()
            intake = Intake(WakingStorage(ahead(plain), dispatcher, watch=watch), clock, settle=settings.settle)
            dispatcher.make_room(lambda: intake.pressed)
            surfaces, changes = Surfaces(storage), AudienceChanges(storage)
            reception = Reception(intake=intake, surfaces=surfaces, changes=changes, storage=storage, roster=roster)
            connections = await stack.enter_async_context(connect(reception))
            desk = _desk(roster, clock, connections, Redactor((*settings.secrets, *tool_secrets(roster))))
            servers = McpServers(roster.workforce.tools.values(), secret=_secret, child_env=child_env or {})
            stack.push_async_callback(servers.close)
            brains = await stack.enter_async_context(_brains(settings, roster))
            runner = Runner(storage, desk, roster, brains, servers, Sections(roster.workforce.knowledge))
            audience = RememberedAudience(Audiences({name: item.audience for name, item in connections.items()}), clock)
            surfaces.serve(desk, audience)
            changes.serve(desk, audience)
            handlers: dict[MailboxKind, Handler] = {
                "conversation": FrontDoor(storage, desk, runner, audience),
                "request": Casework(storage, desk, runner),
                "outbox": _outbox(storage, desk, audience, connections, settings),
            }
            engine = Engine(storage, clock, handlers, holder=new_id(), lease_lasts=settings.lease)
            if await stack.enter_async_context(alone(settings.database_url)):
                await inherit(plain, clock.now())
            await take_in_orphans(storage, desk)
            ticker = Ticker(_sweep(storage, dispatcher), _fire(storage, desk))
            yield Office(
                storage=storage,
                desk=desk,
                roster=roster,
                intake=intake,
                dispatcher=dispatcher,
                engine=engine,
                ticker=ticker,
            )


def tool_secrets(roster: Roster) -> list[str]:
    """Return the values behind the references of all tools, and keep them out of the logs."""
    found = [
        value
        for tool in roster.workforce.tools.values()
        for named in (tool.env, tool.headers)
        for value in resolve(named, tool=tool.id, secret=_secret, needed=False).secrets
    ]
    keep_out(found)
    return found


def _desk(roster: Roster, clock: Clock, connections: Mapping[str, Connection], redact: Redactor) -> Desk:
    return Desk(
        directory=roster,
        clock=clock,
        platforms=frozenset(connections),
        tenant_of=lambda platform: connections[platform].tenant(),
        admins_of=roster.admins,
        redact=redact,
    )


def _outbox(
    storage: Storage, desk: Desk, audience: Audience, connections: Mapping[str, Connection], settings: Settings
) -> Outbox:
    async def admins(workspace: Workspace) -> Sequence[Conversation]:
        found = await storage.read(lambda reader: admin_conversations(reader, desk, workspace))
        if not found:
            log.error(
                "something of %s was not delivered, and no admin of it was ever met: see the audit", workspace.name
            )
        return found

    async def readdress(uow: UnitOfWork, request: Request, _: Workspace, place: Place) -> Conversation:
        return await support_thread(uow, desk, request, place.platform, place.channel)

    messengers = {name: item.messenger for name, item in connections.items()}
    return Outbox(storage, desk, audience, messengers, admins=admins, readdress=readdress, look_again=settings.recheck)


def _sweep(storage: Storage, dispatcher: EmbeddedDispatcher) -> Callable[[], Awaitable[None]]:
    async def sweep() -> None:
        dispatcher.wake(*await due_mailboxes(storage))

    return sweep


def _fire(storage: Storage, desk: Desk) -> Callable[[], Awaitable[datetime | None]]:
    async def fire() -> datetime | None:
        await fire_due(storage, desk)
        return await next_due(storage)

    return fire


def _secret(reference: str) -> str:
    """Return the value behind `env:NAME`; a `KeyError` names a variable that is not set."""
    return os.environ[reference.removeprefix("env:")]


@contextlib.asynccontextmanager
async def _brains(settings: Settings, roster: Roster) -> AsyncIterator[NamedBrains]:
    """Make the brains; the language model's SDK is loaded only where one is used."""
    playbook = PlaybookModel()
    playbook.prepare(roster.workspaces(), roster.candidates(ATOM))
    if settings.model == OFFLINE:
        yield NamedBrains(playbook, default=PLAYBOOK)
        return
    from adapters.models.claude import Claude  # noqa: PLC0415  # 55 MB and a second that the offline default does not need
    from adapters.models.connection import connect  # noqa: PLC0415
    from adapters.models.prices import Prices  # noqa: PLC0415

    client = connect()
    prices = Prices(roster.workforce.prices)

    def language(name: str) -> tuple[Claude, Callable[[int], int]]:
        claude = Claude(client=client, model=name, prices=prices)
        return claude, claude.estimate

    try:
        yield NamedBrains(playbook, language=language, names=roster.workforce.models, default=settings.model)
    finally:
        await client.close()
