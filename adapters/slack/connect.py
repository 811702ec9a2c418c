"""Slack as one part: what the composition root makes of a token and a secret, and what it gets for them.

Messages are accepted from the first moment; who we are is asked of Slack in `start`, which goes on asking while Slack cannot be
reached, so a failing Slack does not keep the rest of Deskmate from starting. A token that Slack refuses ends it with a
sentence. One HTTP session serves all calls, because the SDK would open one for each.
"""

import logging
from collections.abc import Awaitable, Callable

import aiohttp
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.arrivals import Support
from adapters.slack.audience import SlackAudience
from adapters.slack.calls import Calls
from adapters.slack.listeners import Accept, Door, StoreFirst
from adapters.slack.membership import Membership, unheeded
from adapters.slack.messenger import Bot, SlackMessenger
from adapters.slack.pace import Pace
from adapters.slack.payload import identifier
from bot.errors import PermanentError, TemporaryError
from bot.ports import Clock
from bot.readership import AudienceChange

log = logging.getLogger(__name__)

API_URL = "https://slack.com/api/"
_ANSWER_WITHIN = aiohttp.ClientTimeout(total=15, connect=5)
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0


class Slack:
    """One Slack app in one team: its routes, its messenger, its audience. Make it inside a running event loop."""

    def __init__(
        self,
        *,
        token: str,
        signing_secret: str,
        accept: Accept,
        support: Support,
        clock: Clock,
        api_url: str = API_URL,
        changes: Callable[[AudienceChange], Awaitable[None]] = unheeded,
    ) -> None:
        self._session = aiohttp.ClientSession(timeout=_ANSWER_WITHIN)
        client = AsyncWebClient(token=token, base_url=api_url, session=self._session, retry_handlers=[])
        self._calls = Calls(client, Pace(clock))
        self._clock = clock
        self.bot: Bot | None = None
        self.messenger = SlackMessenger(calls=self._calls, who=lambda: self.bot)
        self.audience = SlackAudience(calls=self._calls, clock=clock)
        membership = Membership(changes=changes, forget=self.audience.forget, bot_user=self._user)
        first = StoreFirst(accept=accept, support=support, bot_user=self._user, other=membership.take)
        self._door = Door(token=token, signing_secret=signing_secret, first=first)

    def routes(self) -> list[web.RouteDef]:
        """Give `POST /slack/events`."""
        return self._door.routes()

    async def start(self) -> Bot:
        """Ask Slack who we are, for as long as it takes; PermanentError when Slack refuses the token."""
        pause = _FIRST_PAUSE
        while True:
            try:
                self.bot = await self._who()
                return self.bot
            except TemporaryError as error:
                log.warning("Slack has not said who the bot is: %s", error)
                await self._clock.sleep(max(pause, error.delay))
                pause = min(_LONGEST_PAUSE, 2 * pause)

    async def close(self) -> None:
        """Close the connections to Slack."""
        await self._session.close()

    def _user(self) -> str:
        return self.bot.user if self.bot else ""

    async def _who(self) -> Bot:
        answer = await self._calls.tell("auth.test")
        bot = Bot(
            team=identifier(answer, "team_id"), user=identifier(answer, "user_id"), bot=identifier(answer, "bot_id")
        )
        if not (bot.team and bot.user and bot.bot):
            raise PermanentError("SLACK_BOT_TOKEN is not the token of a bot. Set it to the one that starts with xoxb-.")
        return bot
