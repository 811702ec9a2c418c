"""Slack's messenger on its own, against whatever answers at an address."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import Calls
from adapters.slack.messenger import Bot, SlackMessenger
from adapters.slack.pace import Pace
from bot.ports import Clock, Messenger


@asynccontextmanager
async def plain_messenger(api_url: str, clock: Clock) -> AsyncIterator[Messenger]:
    """Give a messenger that knows who it is."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http:
        client = AsyncWebClient(token="xoxb-small", base_url=api_url, session=http, retry_handlers=[])
        bot = Bot(team="T0DESK", user="U0ATOM", bot="B0ATOM")
        yield SlackMessenger(calls=Calls(client, Pace(clock)), who=lambda: bot, clock=clock, http=http, api_url=api_url)
