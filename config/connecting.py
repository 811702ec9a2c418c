"""Connects the chat platforms that the settings name. Each SDK is loaded only where its platform is configured."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from adapters.web.application import Route
from bot.conversation import Conversation
from bot.delivering import begun
from bot.firewall import private_channels
from bot.ids import WorkspaceId
from bot.known_channel import KnownChannel
from bot.ports import Reader, Storage
from bot.reply import Reply
from config.logs import keep_out
from config.settings import Settings, SlackSettings
from config.teams_settings import OFF, TeamsSettings
from config.wiring import Connect, Connection, Reception
from coworkers.roster import Roster

if TYPE_CHECKING:
    from adapters.teams.connect import Servers


def connect_to(settings: Settings, routes: list[Route], failed: Callable[[BaseException], None]) -> Connect:
    """Return what connects the configured platforms; their routes are added to `routes`.

    `failed` is told when a platform refuses us for good after the start (a revoked token).
    """

    @contextlib.asynccontextmanager
    async def connect(reception: Reception) -> AsyncIterator[Mapping[str, Connection]]:
        async with contextlib.AsyncExitStack() as stack:
            found: dict[str, Connection] = {}
            if settings.slack is not None:
                opened = _slack(settings.slack, reception, routes, failed)
                found["slack"] = await stack.enter_async_context(opened)
            if settings.teams is not None:
                opened = _teams(settings.teams, reception, routes)
                found["teams"] = await stack.enter_async_context(opened)
            yield found

    return connect


def _support(roster: Roster, platform: str, _tenant: str, channel: str) -> WorkspaceId | None:
    """Return the workspace whose private channel this is."""
    for workspace in roster.workspaces():
        if channel and channel in {
            workspace.support_channels.get(platform),
            workspace.restricted_channels.get(platform),
        }:
            return workspace.id
    return None


def _private(roster: Roster, platform: str) -> frozenset[str]:
    """Return the channels in which private notes may stand."""
    named = {channel for item in roster.workspaces() for channel in private_channels(item)}
    return frozenset(channel for where, channel in named if where == platform)


@contextlib.asynccontextmanager
async def _slack(
    settings: SlackSettings,
    reception: Reception,
    routes: list[Route],
    failed: Callable[[BaseException], None],
) -> AsyncIterator[Connection]:
    from adapters.slack.connect import Slack  # noqa: PLC0415  # loaded only where Slack is configured
    from adapters.slack.oauth import OAuthApp  # noqa: PLC0415
    from adapters.system_clock import SystemClock  # noqa: PLC0415

    oauth = OAuthApp(
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        team_ids=settings.team_ids,
        redirect_url=settings.redirect_url,
        storage=reception.storage,
    )
    slack = Slack(
        token=settings.token,
        signing_secret=settings.signing_secret,
        app_token=settings.app_token,
        oauth=oauth if settings.client_id else None,
        accept=reception.intake.accept,
        surfaces=reception.surfaces,
        support=partial(_support, reception.roster, "slack"),
        clock=SystemClock(),
        api_url=settings.api_url,
        changes=reception.changes.noticed,
        learnt=partial(_keep_secret, reception),
    )
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(slack.close)
        await slack.load()
        routes.extend(slack.routes())
        starting = asyncio.create_task(slack.start())
        starting.add_done_callback(lambda task: _told(task, failed))
        stack.push_async_callback(_ended, starting)
        yield Connection(
            messenger=slack.messenger,
            audience=slack.audience,
            tenant=slack.clients.tenant,
            files=slack.files,
            trusted=slack.clients.trusted,
        )


def _keep_secret(reception: Reception, tokens: Iterable[str]) -> None:
    keep_out(tokens)
    reception.secrets(tokens)


async def _ended(task: "asyncio.Task[object]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError, Exception):
        await task


def _told(task: "asyncio.Task[object]", failed: Callable[[BaseException], None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        failed(error)


@contextlib.asynccontextmanager
async def _teams(settings: TeamsSettings, reception: Reception, routes: list[Route]) -> AsyncIterator[Connection]:
    from adapters.teams.account import Account  # noqa: PLC0415  # loaded only where Teams is configured
    from adapters.teams.connect import Teams  # noqa: PLC0415

    async def service_url(tenant: str) -> str | None:
        return await reception.storage.read(partial(_latest_service_url, tenant))

    account = Account(
        app_id=settings.app_id, password=settings.password, tenant=settings.tenant, app_type=settings.app_type
    )
    support = partial(_support, reception.roster, "teams")
    teams = Teams(
        account,
        accept=reception.intake.accept,
        surfaces=reception.surfaces,
        support=support,
        service_url=service_url,
        servers=servers_of(settings),
        note=partial(_note, reception.storage),
        storage=reception.storage,
        changed=reception.changes.noticed,
        private=partial(_private, reception.roster, "teams"),
    )
    async with teams:
        routes.extend(teams.routes())
        yield Connection(messenger=teams.messenger, audience=teams.audience, tenant=lambda: settings.tenant)


async def _note(storage: Storage, reply: Reply, what: str | None) -> bool:
    return await storage.transact(lambda uow: begun(uow, reply, what))


def servers_of(settings: TeamsSettings) -> "Servers":
    """Return where Microsoft is. A test's or a national cloud's login never gives tokens to the public Graph: there it must be named."""
    from adapters.teams.account import DEFAULT_HOSTS  # noqa: PLC0415  # loaded only where Teams is configured
    from adapters.teams.connect import Servers  # noqa: PLC0415
    from adapters.teams.graph import DEFAULT_GRAPH  # noqa: PLC0415
    from adapters.teams.keys import DEFAULT_METADATA  # noqa: PLC0415
    from adapters.teams.login import DEFAULT_LOGIN  # noqa: PLC0415

    metadata, login = settings.metadata_url or DEFAULT_METADATA, settings.login_url or DEFAULT_LOGIN
    public = (metadata, login.rstrip("/")) == (DEFAULT_METADATA, DEFAULT_LOGIN)
    graph = settings.graph_url or (DEFAULT_GRAPH if public else OFF)
    return Servers(
        metadata_url=metadata,
        login_url=login,
        graph_url=None if graph == OFF else graph,
        service_hosts=settings.service_hosts or DEFAULT_HOSTS,
    )


async def _latest_service_url(tenant: str, reader: Reader) -> str | None:
    """Return the service URL of the conversation of this tenant that was added last and has one, else of a channel."""
    newest = await reader.find(Conversation, platform="teams", tenant=tenant, newest=True, limit=50)
    channels = await reader.find(KnownChannel, platform="teams", tenant=tenant, newest=True, limit=50)
    found = (*(item.address.get("service_url") for item in newest), *(item.service_url for item in channels))
    return next((url for url in found if url), None)
