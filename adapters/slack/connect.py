"""Slack as one part: what the composition root makes of the app's credentials, and what it gets for them.

Messages are accepted from the first moment; who we are is asked of Slack in `start`, which goes on asking while Slack cannot be
reached, so a failing Slack does not keep the rest of Deskmate from starting. A token of the environment that Slack refuses ends it
with a sentence. What Slack sends comes by HTTP, where there is a signing secret, and over connections of ours, where there is an
app-level token; both ways lead through the same door. One HTTP session serves all calls, because the SDK would open one for each.
"""

import logging
import secrets
from collections.abc import Awaitable, Callable, Collection

import aiohttp
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.answering import Accept
from adapters.slack.arrivals import Support
from adapters.slack.audience import SlackAudience
from adapters.slack.calls import Calls, TokenRefused
from adapters.slack.clients import Client, Clients
from adapters.slack.doorways import Asked, Doorways
from adapters.slack.each_team import TeamsAudience, TeamsMessenger
from adapters.slack.files import SlackFiles
from adapters.slack.installations import Installations, Seal
from adapters.slack.listeners import Door, StoreFirst
from adapters.slack.membership import Membership, unheeded
from adapters.slack.messenger import Bot, SlackMessenger
from adapters.slack.oauth import SCOPES, OAuth, OAuthApp
from adapters.slack.pace import Pace
from adapters.slack.payload import identifier
from adapters.slack.socket import Pauses, SocketMode
from bot.errors import PermanentError, TemporaryError
from bot.ports import Clock
from bot.readership import AudienceChange

log = logging.getLogger(__name__)

API_URL = "https://slack.com/api/"
_ANSWER_WITHIN = aiohttp.ClientTimeout(total=15, connect=5)
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0


class Slack:
    """One Slack app, in one team or several: its routes, its messenger, its audience. Make it inside a running event loop."""

    def __init__(
        self,
        *,
        token: str = "",
        signing_secret: str = "",
        app_token: str = "",
        oauth: OAuthApp | None = None,
        accept: Accept,
        support: Support,
        surfaces: Asked,
        clock: Clock,
        api_url: str = API_URL,
        changes: Callable[[AudienceChange], Awaitable[None]] = unheeded,
        learnt: Callable[[Collection[str]], None] = lambda _: None,
        pauses: Pauses | None = None,
    ) -> None:
        """`token`: of the home team's bot, where it is in the environment; `learnt` is told tokens that no log may show."""
        self._session = aiohttp.ClientSession(timeout=_ANSWER_WITHIN)
        self._clock, self._api_url = clock, api_url
        kept = _installations(oauth, clock) if oauth is not None else None
        self.clients = Clients(make=self._client, token=token, installations=kept, learnt=learnt)
        self.messenger = TeamsMessenger(self.clients)
        self.audience = TeamsAudience(self.clients)
        self.files = SlackFiles(calls=self.clients.calls, http=self._session, api_url=api_url)
        membership = Membership(changes=changes, forget=self.clients.forget, bot_user=self._user)
        self._doorways = Doorways(
            accept=accept, support=support, surfaces=surfaces, calls=self.clients.calls, api_url=api_url
        )
        first = StoreFirst(
            admit=self.clients.admit,
            accept=accept,
            support=support,
            bot_user=self._user,
            doorways=self._doorways,
            other=membership.take,
        )
        unknown = secrets.token_hex()  # without a signing secret there is no route, and nobody could sign for it
        self._door = Door(signing_secret=signing_secret or unknown, first=first)
        self._by_http = bool(signing_secret)
        self._oauth = self._pages(oauth) if oauth is not None else None
        self._socket = self._sockets(app_token, pauses) if app_token else None

    @property
    def bot(self) -> Bot | None:
        """Who the bot with the environment's token is, once Slack has said it."""
        return self.clients.bot

    def routes(self) -> list[web.RouteDef]:
        """Give `POST /slack/events` where there is a signing secret, and the pages of an installation where it can be installed."""
        events = self._door.routes() if self._by_http else []
        return [*events, *(self._oauth.routes() if self._oauth else ())]

    async def load(self) -> None:
        """Read the installations; before anything is accepted."""
        await self.clients.load()

    async def start(self) -> Bot | None:
        """Ask Slack who we are, for as long as it takes, and open the connections; `PermanentError` when Slack refuses a token.

        With an app-level token it returns when it is cancelled; else it returns the bot.
        """
        if self.clients.own is not None:
            await self._meet(self.clients.own.calls)
        if self._socket is not None:
            await self._socket.run()
        return self.clients.bot

    async def close(self) -> None:
        """Take nothing in any more, finish what was taken, and close the connections to Slack."""
        if self._socket is not None:
            await self._socket.close()
        await self._doorways.close()
        await self.clients.close()
        await self._session.close()

    async def _meet(self, calls: Calls) -> None:
        pause = _FIRST_PAUSE
        while self.clients.bot is None:
            try:
                self.clients.bot = await _who(calls)
            except TemporaryError as error:
                log.warning("Slack has not said who the bot is: %s", error)
                await self._clock.sleep(max(pause, error.delay))
                pause = min(_LONGEST_PAUSE, 2 * pause)

    def _user(self) -> str:
        return self.clients.bot.user if self.clients.bot else ""

    def _web_client(self, token: str) -> AsyncWebClient:
        return AsyncWebClient(token=token or None, base_url=self._api_url, session=self._session, retry_handlers=[])

    def _calls(self, token: str, refused: TokenRefused | None = None) -> Calls:
        return Calls(self._web_client(token), Pace(self._clock), refused)

    def _client(self, token: str, who: Callable[[], Bot | None], refused: TokenRefused | None) -> Client:
        calls = self._calls(token, refused)
        messenger = SlackMessenger(calls=calls, who=who, clock=self._clock, http=self._session, api_url=self._api_url)
        return Client(calls=calls, messenger=messenger, audience=SlackAudience(calls=calls, clock=self._clock))

    def _pages(self, app: OAuthApp) -> OAuth:
        return OAuth(
            app=app,
            clients=self.clients,
            calls=self._calls,
            clock=self._clock,
            scopes=SCOPES,
            api_url=self._api_url,
        )

    def _sockets(self, app_token: str, pauses: Pauses | None) -> SocketMode:
        client = self._web_client(app_token)
        return SocketMode(
            calls=Calls(client, Pace(self._clock)),
            http=self._session,
            deliver=self._door.deliver,
            clock=self._clock,
            proxy=client.proxy,
            pauses=pauses,
        )


def _installations(app: OAuthApp, clock: Clock) -> Installations:
    return Installations(app.storage, clock, Seal(app.client_secret), allowed=app.team_ids)


async def _who(calls: Calls) -> Bot:
    answer = await calls.tell("auth.test")
    bot = Bot(team=identifier(answer, "team_id"), user=identifier(answer, "user_id"), bot=identifier(answer, "bot_id"))
    if not (bot.team and bot.user and bot.bot):
        raise PermanentError("SLACK_BOT_TOKEN is not the token of a bot. Set it to the one that starts with xoxb-.")
    return bot
