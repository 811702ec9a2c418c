"""Deskmate's Teams adapter and a local Teams, connected both ways over loopback.

The desk is a double that keeps what it is given, or fails as a test says.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

from adapters.teams.account import Account
from adapters.teams.connect import Servers, Teams
from adapters.teams.endpoint import Accept
from adapters.teams.membership import Changed
from bot.conversation import Conversation, ConversationKind, Place, conversation_id
from bot.ids import ConversationId, ReplyId, WorkspaceId
from bot.labels import Visibility
from bot.message import Arrival
from bot.ports import Storage
from bot.readership import AudienceChange
from bot.reply import Button, Reply, ReplyKind
from tests.contract.teams.written_surfaces import WrittenSurfaces
from tests.fakes.memory import MemoryStorage
from tests.fakes.teams import LocalTeams
from tests.fakes.teams_state import APP_ID, TENANT
from tests.fakes.teams_tokens import PASSWORD

TEAM = "19:team@thread.tacv2"
CHANNEL = "19:help@thread.tacv2"
SUPPORT = "19:support@thread.tacv2"
ERIN = "29:erin"
SAM = "29:sam"


@dataclass
class Desk:
    """Keeps arrivals; raises what `failures` holds first."""

    arrivals: list[Arrival] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    async def accept(self, arrival: Arrival) -> None:
        """Keep the arrival."""
        if self.failures:
            raise self.failures.pop(0)
        self.arrivals.append(arrival)


@dataclass(frozen=True, kw_only=True)
class AtWork:
    """Both sides."""

    platform: LocalTeams
    teams: Teams
    desk: Desk
    surfaces: WrittenSurfaces
    url: str
    """Where the adapter's /api/messages is."""


def support_channels(tenant: str, channel: str) -> WorkspaceId | None:
    """Name IT Support's private channel."""
    return WorkspaceId("it-support") if (tenant, channel) == (TENANT, SUPPORT) else None


async def unheeded(_: AudienceChange) -> None:
    """Take a change and do nothing."""


async def nothing_stored(_tenant: str) -> str | None:
    """Know no stored service URL."""
    return None


@asynccontextmanager
async def teams_at_work(
    *,
    app_type: str = "SingleTenant",
    login: str | None = None,
    accept: Accept | None = None,
    graph: bool = False,
    settles: float = 0.0,
    storage: Storage | None = None,
    changed: Changed = unheeded,
    private: Sequence[str] = (),
) -> AsyncIterator[AtWork]:
    """Run a local Teams and the adapter's endpoint, each knowing where the other is; with `graph`, Microsoft Graph too.

    `settles`: seconds after which Graph shows what was posted.
    `changed` is told who can read where, and `private` are the channels in which private notes may stand.
    """
    async with LocalTeams() as platform:
        servers = Servers(
            metadata_url=platform.metadata_url,
            login_url=login or platform.login_url,
            graph_url=platform.graph.url if graph else None,
            graph_settles=settles,
            service_hosts=[platform.url],
            default_service=platform.service_url,
        )
        account = Account(app_id=APP_ID, password=PASSWORD, tenant=TENANT, app_type=app_type)
        desk = Desk()
        surfaces = WrittenSurfaces()
        adapter = Teams(
            account,
            accept=accept or desk.accept,
            surfaces=surfaces,
            support=support_channels,
            service_url=nothing_stored,
            servers=servers,
            storage=storage or MemoryStorage(),
            changed=changed,
            private=lambda: private,
        )
        async with adapter, served(adapter) as url:
            platform.set_bot_url(url)
            furnish(platform)
            yield AtWork(platform=platform, teams=adapter, desk=desk, surfaces=surfaces, url=url)


@asynccontextmanager
async def served(adapter: Teams) -> AsyncIterator[str]:
    """Serve the endpoint on a free port and give its URL."""
    application = web.Application()
    application.router.add_post("/api/messages", adapter.endpoint.handle)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages"
    finally:
        await runner.cleanup()


def furnish(platform: LocalTeams) -> None:
    """Add two people and a team with a help channel and a support channel."""
    platform.add_person(ERIN, name="Erin Employee", email="Erin@example.com")
    platform.add_person(SAM, name="Sam Support", email="sam@example.com")
    platform.add_team(TEAM, name="IT")
    platform.add_channel(CHANNEL, team=TEAM, name="Help", members=[ERIN, SAM])
    platform.add_channel(SUPPORT, team=TEAM, name="IT Support", members=[SAM], access="private")


def at(channel: str, kind: ConversationKind = "support") -> Place:
    """Give a place in the tenant."""
    return Place(platform="teams", tenant=TENANT, channel=channel, kind=kind)


def place(channel: str, thread: str | None = None, *, kind: ConversationKind = "channel") -> Conversation:
    """Give a conversation that never wrote to us, so without an address."""
    key = (
        ConversationId("support:IT-1:teams") if kind == "support" else conversation_id("teams", TENANT, channel, thread)
    )
    return Conversation(id=key, platform="teams", tenant=TENANT, channel=channel, thread=thread, kind=kind)


def reply(
    text: str = "Hello",
    *,
    key: str = "r1",
    kind: ReplyKind = "note",
    buttons: tuple[Button, ...] = (),
    visibility: Visibility = Visibility.PUBLIC,
    speaker: str = "",
) -> Reply:
    """Give a reply of this text."""
    return Reply(
        id=ReplyId(key),
        conversation_id=ConversationId("c"),
        visibility=visibility,
        kind=kind,
        speaker=speaker,
        text=text,
        buttons=buttons,
        at=datetime(2026, 11, 20, tzinfo=UTC),
    )
