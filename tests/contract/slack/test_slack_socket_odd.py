"""Socket Mode with a Slack that sends anything: no frame ends the reading, and no secret reaches the log."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.calls import Calls
from adapters.slack.pace import Pace
from adapters.slack.socket import SocketMode
from tests.contract.slack.installed import QUICK, MovableClock, until

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(["type", "envelope_id", "payload", "accepts_response_payload", "reason", "retry_attempt"])
ODD = st.dictionaries(KEYS, JSON, max_size=6).filter(lambda frame: frame.get("type") != "disconnect")


@dataclass
class OddSlack:
    """Opens connections, sends what it is told to send, and keeps what comes back."""

    frames: list[str | bytes] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    """Given instead of its own, in order; HERE stands for its host."""
    hello: str = json.dumps({"type": "hello"})
    heard: list[Any] = field(default_factory=list)
    url: str = ""

    async def open(self, _: web.Request) -> web.Response:
        """Answer apps.connections.open."""
        address = self.addresses.pop(0) if self.addresses else "ws://HERE/link?ticket=s3cret-ticket"
        here = self.url.removeprefix("http://").rstrip("/")
        return web.json_response({"ok": True, "url": address.replace("HERE", here)})

    async def link(self, request: web.Request) -> web.WebSocketResponse:
        """Say hello, send the frames, and listen."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str(self.hello)
        for frame in self.frames:
            await (socket.send_str(frame) if isinstance(frame, str) else socket.send_bytes(frame))
        async for message in socket:
            self.heard.append(json.loads(message.data))
        return socket


@asynccontextmanager
async def reading(slack: OddSlack) -> AsyncIterator[list[Mapping[str, Any]]]:
    """Read from an odd Slack; yield what is delivered."""
    app = web.Application()
    app.add_routes([web.post("/api/apps.connections.open", slack.open), web.get("/link", slack.link)])
    delivered: list[Mapping[str, Any]] = []

    async def deliver(body: Mapping[str, Any]) -> BoltResponse:
        delivered.append(body)
        return BoltResponse(status=200, body=body.get("answer", ""))

    async with TestServer(app) as server, aiohttp.ClientSession() as http:
        slack.url, clock = str(server.make_url("/")), MovableClock()
        client = AsyncWebClient(token="xapp-x", base_url=f"{slack.url}api/", session=http, retry_handlers=[])
        sockets = SocketMode(calls=Calls(client, Pace(clock)), http=http, deliver=deliver, clock=clock, pauses=QUICK)
        running = asyncio.create_task(sockets.run())
        yield delivered
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await sockets.close()


def envelope(key: str, **payload: object) -> str:
    return json.dumps({"type": "events_api", "envelope_id": key, "payload": {"n": 1, **payload}})


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.lists(ODD.map(json.dumps) | st.text(max_size=30) | st.binary(max_size=10), max_size=8))
@example(["{", "[]", "null", "[" * 5_000, "{}", '{"envelope_id": "x"}', '{"envelope_id": 1, "payload": []}', b"\xff"])
def test_whatever_comes_what_is_an_envelope_is_worked(frames: list[str | bytes]) -> None:
    """And acknowledged under its id, on both connections."""

    async def read() -> None:
        slack = OddSlack(frames=[*frames, envelope("last", last=True)])
        async with reading(slack) as delivered:
            await until(lambda: [item.get("last") for item in delivered].count(True) == 2)
            await until(lambda: [item.get("envelope_id") for item in slack.heard].count("last") == 2)

    asyncio.run(read())


async def test_an_answer_is_sent_only_where_slack_takes_one() -> None:
    """Text as text, JSON as it is; and none with an event."""
    asked = {"type": "slash_commands", "accepts_response_payload": True}
    frames = [
        json.dumps({**asked, "envelope_id": "json", "payload": {"answer": {"text": "hi"}}}),
        json.dumps({**asked, "envelope_id": "text", "payload": {"answer": "hi"}}),
        json.dumps({**asked, "envelope_id": "none", "payload": {"a": 1}}),
        envelope("event", answer="hi"),
    ]
    slack = OddSlack(frames=list(frames))
    async with reading(slack):
        await until(lambda: len(slack.heard) == 2 * len(frames))

    assert {"json": {"text": "hi"}, "text": {"text": "hi"}, "none": None, "event": None} == {
        item["envelope_id"]: item.get("payload") for item in slack.heard
    }


@pytest.mark.parametrize("address", ["", "https://evil.example.com/", "file:///etc/passwd"])
async def test_an_address_that_is_none_is_asked_for_again(address: str) -> None:
    """Only websockets are opened."""
    slack = OddSlack(addresses=[address, address], frames=[envelope("e")])
    async with reading(slack) as delivered:
        await until(lambda: len(delivered) == 2)


async def test_the_address_of_a_connection_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """It holds a ticket, with which anybody could read along; a refused handshake and a dead host name it."""
    slack = OddSlack(frames=[envelope("e")])
    slack.addresses = ["ws://127.0.0.1:1/link?ticket=s3cret-ticket", "ws://HERE/refused?ticket=s3cret-ticket"]

    async with reading(slack) as delivered:
        await until(lambda: len(delivered) == 2)

    assert 2 == caplog.text.count("did not take the connection")
    assert "s3cret-ticket" not in caplog.text


async def test_a_connection_that_does_not_say_hello_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    """What it sends instead is not believed."""
    slack = OddSlack(hello=envelope("early"), frames=[envelope("e")])
    async with reading(slack) as delivered:
        await until(lambda: "did not say hello" in caplog.text)

        assert [] == delivered
