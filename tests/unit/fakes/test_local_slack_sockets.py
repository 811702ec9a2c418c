"""Socket Mode as Slack's guide describes it, tried with Slack's own client: envelopes, acknowledgements, new connections."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import APP_TOKEN, LocalSlack
from tests.unit.fakes.local_slack_rooms import client_of, furnished, refusal_of


class Listener:
    """A bot behind a websocket: keeps what it gets and acknowledges it, with a payload where it has one."""

    def __init__(self, slack: LocalSlack) -> None:
        self.got: list[SocketModeRequest] = []
        self.payload: dict[str, Any] | None = None
        self.deaf = False
        web = AsyncWebClient(token=APP_TOKEN, base_url=slack.api_url)
        self.client = SocketModeClient(app_token=APP_TOKEN, web_client=web, ping_interval=5)
        self.client.socket_mode_request_listeners.append(self._take)

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        self.got.append(request)
        if not self.deaf:
            await client.send_socket_mode_response(
                SocketModeResponse(envelope_id=request.envelope_id, payload=self.payload)
            )


@asynccontextmanager
async def listening(slack: LocalSlack) -> AsyncIterator[Listener]:
    """Connect a bot by Socket Mode."""
    listener = Listener(slack)
    try:
        await listener.client.connect()  # type: ignore[no-untyped-call]
        await slack.until(lambda: slack.sockets.links)
        yield listener
    finally:
        await listener.client.close()  # type: ignore[no-untyped-call]


async def raw(slack: LocalSlack, session: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse:
    """Open a connection by hand."""
    return await session.ws_connect(slack.sockets.open(APP_TOKEN)["url"])


async def test_what_people_do_comes_down_the_socket() -> None:
    """An event, a command and an interaction come as three kinds of envelopes; the last two may be answered."""
    async with furnished() as slack, listening(slack) as bot:
        await slack.says("U1", "U1", "hello")
        bot.payload = {"text": "One moment"}
        answered = await slack.command("U1", "C1", "new")
        await slack.global_shortcut("U1", "new_request")

        sorts = [request.type for request in bot.got]
        attempts = slack.attempts

    assert ["events_api", "slash_commands", "interactive"] == sorts
    assert "hello" == bot.got[0].payload["event"]["text"]
    assert ("/atom", "new") == (bot.got[1].payload["command"], bot.got[1].payload["text"])
    assert (False, True) == (bot.got[0].accepts_response_payload, bot.got[1].accepts_response_payload)
    assert {"status": 200, "body": '{"text": "One moment"}'} == answered
    assert all(attempt.acknowledged for attempt in attempts)


async def test_what_is_not_acknowledged_comes_again() -> None:
    """The same event in another envelope, which says how often and why; commands and interactions come once."""
    async with furnished(ack_within=0.1) as slack, listening(slack) as bot:
        bot.deaf = True
        await slack.says("U1", "U1", "hello")
        await slack.command("U1", "C1", "mine")

        events = [request for request in bot.got if request.type == "events_api"]

    assert [0, 1, 2, 3] == [request.retry_attempt for request in events]
    assert "timeout" == events[1].retry_reason
    assert 1 == len({request.payload["event_id"] for request in events})
    assert 4 == len({request.envelope_id for request in events})
    assert 5 == len(bot.got)


async def test_a_refreshed_connection_loses_nothing() -> None:
    """Slack asks for a new connection; the client opens one, and what is said then comes down it."""
    async with furnished() as slack, listening(slack) as bot:
        await slack.disconnects("refresh_requested")
        await slack.until(lambda: any(not link.retiring for link in slack.sockets.links))
        await slack.says("U1", "U1", "still there?")

    assert ["still there?"] == [request.payload["event"]["text"] for request in bot.got]


async def test_a_broken_connection_is_no_acknowledgement() -> None:
    """What was under way when it broke was not delivered, and comes when the bot is back."""
    async with furnished(retry_delays=()) as slack, aiohttp.ClientSession() as session:
        socket = await raw(slack, session)
        await socket.receive_json()
        saying = asyncio.create_task(slack.says("U1", "U1", "hello"))
        await socket.receive_json()
        await slack.break_sockets()
        await saying
        failure = slack.attempts[-1].failure
        await slack.until(lambda: not slack.sockets.links)
        async with listening(slack) as bot:
            missed = await slack.redeliver_unacknowledged()

    assert ("connection_failed", 1) == (failure, missed)
    assert ["hello"] == [request.payload["event"]["text"] for request in bot.got]


async def test_envelopes_are_spread_over_the_connections() -> None:
    """Two connections take turns, and an eleventh is turned away."""
    async with furnished(ack_within=0.05, retry_delays=()) as slack, aiohttp.ClientSession() as session:
        sockets = [await raw(slack, session) for _ in range(11)]
        hello = [await socket.receive_json() for socket in sockets]
        for number in range(10):
            await slack.says("U1", "U1", f"message {number}")

        each = [len(link.delivered) for link in slack.sockets.links]
        for socket in sockets:
            await socket.close()

    assert ["hello"] * 10 == [message["type"] for message in hello[:10]]
    assert ("disconnect", "too_many_websockets") == (hello[10]["type"], hello[10]["reason"])
    assert [1] * 10 == each


async def test_a_connection_needs_the_apps_token_and_a_fresh_ticket() -> None:
    """A bot's token opens none, and a ticket is good once."""
    async with furnished() as slack, aiohttp.ClientSession() as session:
        async with client_of(slack) as bot, client_of(slack, "xapp-other") as other:
            refused = await refusal_of(bot, "apps.connections.open"), await refusal_of(other, "apps.connections.open")
        url = slack.sockets.open(APP_TOKEN)["url"]
        await (await session.ws_connect(url)).close()

        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await session.ws_connect(url)

    assert ("not_allowed_token_type", "invalid_auth") == refused
    assert 403 == caught.value.status
