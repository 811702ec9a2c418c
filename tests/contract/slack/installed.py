"""What the contract tests of installations and of Socket Mode start from: a local Slack and our side of it, by HTTP or by sockets."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.slack.connect import Slack
from adapters.slack.oauth import OAuthApp
from adapters.slack.socket import Pauses
from bot.errors import TemporaryError
from bot.installation import Installation
from bot.intake import Intake
from bot.message import Arrival, Message
from bot.person import Identity, identity_id
from bot.ports import Storage
from bot.surfaces import Surfaces
from tests.contract.slack.connected import place, reply
from tests.fakes.memory import MemoryStorage
from tests.fakes.slack import CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET, LocalSlack

BOTH = ("TWO", "TRE")
"""Teams besides the home team."""
QUICK = Pauses(first=0.01, longest=0.05, lasting=0.02, hello=1.0, heartbeat=5.0)


@dataclass
class MovableClock:
    """The real time, moved by tests; sleeping takes no longer than it must."""

    ahead: timedelta = timedelta()
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        """Return the moment."""
        return datetime.now(UTC) + self.ahead

    async def sleep(self, seconds: float) -> None:
        """Sleep a moment and let the rest of the time pass at once."""
        self.slept.append(seconds)
        await asyncio.sleep(min(seconds, 0.02))
        self.ahead += timedelta(seconds=max(0.0, seconds - 0.02))


@dataclass
class Desk:
    """Our side: what arrived is in `storage`; `failures` further arrivals cannot be stored, and each waits for `gate` first."""

    storage: Storage = field(default_factory=MemoryStorage)
    clock: MovableClock = field(default_factory=MovableClock)
    failures: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: int = 0
    learnt: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate.set()
        self._intake = Intake(self.storage, self.clock)

    async def accept(self, arrival: Arrival) -> None:
        """Store an arrival, or be unable to."""
        self.waiting += 1
        await self.gate.wait()
        self.waiting -= 1
        if self.failures:
            self.failures -= 1
            raise TemporaryError("The database is away.")
        await self._intake.accept(arrival)

    async def texts(self) -> list[str]:
        """Return what was said, as it is stored."""
        messages = await self.storage.read(lambda reader: reader.find(Message))
        return [message.text for message in messages]

    async def installations(self) -> list[Installation]:
        """Return the installations, as they are stored."""
        return list(await self.storage.read(lambda reader: reader.find(Installation)))


@contextlib.asynccontextmanager
async def serving(
    server: LocalSlack,
    desk: Desk,
    *,
    token: str = "",
    app_token: str = "",
    signing_secret: str = SIGNING_SECRET,
    secret: str = CLIENT_SECRET,
    team_ids: tuple[str, ...] = (),
    oauth: bool = True,
    begun: bool = True,
) -> AsyncIterator[tuple[Slack, str]]:
    """Serve our side; yield it with its URL. `begun`: Slack has said who we are, or connections are being opened."""
    app = web.Application()
    endpoint = TestServer(app)
    slack = Slack(
        token=token,
        signing_secret=signing_secret,
        app_token=app_token,
        oauth=OAuthApp(
            client_id=CLIENT_ID,
            client_secret=secret,
            team_ids=team_ids,
            redirect_url="https://deskmate.example.com/slack/oauth_redirect",
            storage=desk.storage,
        )
        if oauth
        else None,
        accept=desk.accept,
        support=lambda _team, _channel: None,
        surfaces=Surfaces(desk.storage),
        clock=desk.clock,
        api_url=server.api_url,
        learnt=desk.learnt.extend,
        pauses=QUICK,
    )
    await slack.load()
    app.add_routes(slack.routes())
    await endpoint.start_server()
    url = str(endpoint.make_url("")).rstrip("/")
    starting = asyncio.create_task(slack.start()) if begun else None
    if starting is not None and not app_token:
        await starting
    server.set_events_url(f"{url}/slack/events")
    try:
        yield slack, url
    finally:
        if starting is not None:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
        await slack.close()
        await endpoint.close()


@dataclass
class Browser:
    """Somebody's browser: it keeps the cookie that it is given, also a secure one, as browsers do on this machine."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str) -> tuple[int, str]:
        """Return status and page."""
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
            http.get(f"{self.url}{path}", headers={"Cookie": sent} if sent else {}) as answer,
        ):
            for name, kept in answer.cookies.items():
                if kept["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = kept.value
            return answer.status, await answer.text()

    async def begin(self) -> str:
        """Open the first page and return the address to which its link leads."""
        _, page = await self.get("/slack/install")
        return unescape(re.search(r'href="(http[^"]+)"', page)[1])  # type: ignore[index]

    async def install(self, server: LocalSlack, team: str, user: str = "U1") -> tuple[int, str]:
        """Install the app in a team, from the first page to the last."""
        return await self.get(path_of(server.oauth.agree(await self.begin(), team, user)))


def path_of(address: str) -> str:
    """Return path and query of an address."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


async def until(happened: Callable[[], bool], seconds: float = 10.0) -> None:
    """Return once `happened`; TimeoutError after so many seconds."""
    async with asyncio.timeout(seconds):
        while not happened():  # noqa: ASYNC110  # of things that tell nobody when they happen
            await asyncio.sleep(0.005)


def two_teams(server: LocalSlack) -> None:
    """Add two teams, each with a Maria and a channel, in which the app is not installed yet."""
    for team in BOTH:
        server.add_team(team, name=f"Team {team}", installed=False)
        server.add_user(f"U{team}", name=f"Maria of {team}", email="maria@example.com", team=team)
        server.add_channel(f"C{team}", members=[f"U{team}"], team=team)


async def installed(server: LocalSlack, url: str, *teams: str) -> None:
    """Install the app in teams."""
    for team in teams:
        status, page = await Browser(url).install(server, team)
        assert 200 == status, page


async def post_in(slack: Slack, team: str, text: str) -> str:
    """Post in the channel of a team."""
    return await slack.messenger.post(reply(text), replace(place(f"C{team}"), tenant=team))


def who(team: str) -> Identity:
    """Return the Maria of a team."""
    return Identity(id=identity_id("slack", team, f"U{team}"), platform="slack", tenant=team, user=f"U{team}")
