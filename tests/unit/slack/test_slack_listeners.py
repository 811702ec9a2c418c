"""The way in: nothing unsigned is read, nothing is acknowledged before it is stored, nothing unknown is refused.

A real HTTP server on loopback, driven by the signatures that the local Slack makes.
"""

import io
import json
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.slack.listeners import BODY_LIMIT, PATH, Door
from bot.errors import TemporaryError
from tests.fakes.slack import sign
from tests.unit.slack.doors import Doors

SECRET = "secret"
MESSAGE: dict[str, Any] = {
    "type": "event_callback",
    "event_id": "Ev1",
    "team_id": "T1",
    "event": {
        "type": "message",
        "channel": "D1",
        "channel_type": "im",
        "user": "U1",
        "text": "hi",
        "ts": "1700000000.1",
    },
}


class Site:
    """The endpoint, and a way to send it things."""

    def __init__(self, url: str, http: aiohttp.ClientSession, inbox: Doors) -> None:
        self.url = url
        self.http = http
        self.inbox = inbox

    async def send(
        self, body: bytes, *, kind: str = "application/json", headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """Post `body`, signed unless `headers` says otherwise."""
        signed = sign(SECRET, int(time.time()), body) if headers is None else headers
        async with self.http.post(self.url, data=body, headers={"Content-Type": kind, **signed}) as answer:
            return answer.status, await answer.text()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    inbox = Doors()
    door = Door(signing_secret=SECRET, first=inbox.first)
    application = web.Application()
    application.add_routes(door.routes())
    async with TestServer(application) as server, aiohttp.ClientSession() as http:
        yield Site(str(server.make_url(PATH)), http, inbox)


async def test_a_message_is_stored_and_acknowledged(site: Site) -> None:
    """The acknowledgement is empty: Slack shows nothing."""
    assert await site.send(json.dumps(MESSAGE).encode()) == (200, "")
    assert [arrival.message.text for arrival in site.inbox.arrivals] == ["hi"]


async def test_what_cannot_be_stored_is_not_acknowledged(site: Site) -> None:
    """Slack repeats what was answered with 5xx; nothing is lost."""
    body = json.dumps(MESSAGE).encode()

    site.inbox.failure = TemporaryError("The database is away.", delay=2)
    temporary = await site.send(body)
    site.inbox.failure = RuntimeError("a bug")
    bug = await site.send(body)
    site.inbox.failure = None
    repeated = await site.send(body)

    assert [temporary[0], bug[0], repeated[0]] == [503, 500, 200]
    assert len(site.inbox.arrivals) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"type": "event_callback", "team_id": "T1", "event": {"type": "emoji_changed"}},
        {"type": "view_closed"},
        {"type": "something_new"},
        {"event": []},
        {"authorizations": "x"},
        {"enterprise": 5},
    ],
)
async def test_the_unknown_is_acknowledged(site: Site, body: dict[str, Any]) -> None:
    """A 404 would make Slack repeat it and, in the end, switch the subscription off."""
    assert await site.send(json.dumps(body).encode()) == (200, "")


async def test_interactions_and_commands_come_as_forms(site: Site) -> None:
    """Presses and slash commands are stored and acknowledged with nothing to show."""
    action = {"action_id": "approve", "value": "a-7", "action_ts": "1700000001.1"}
    pressed = {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "channel": {"id": "C1"},
        "container": {"message_ts": "1700000000.1"},
        "actions": [action],
    }
    form = "application/x-www-form-urlencoded"

    press = await site.send(urlencode({"payload": json.dumps(pressed)}).encode(), kind=form)
    typed = {"command": "/atom", "text": "help", "team_id": "T1", "channel_id": "C1", "user_id": "U1"}
    command = await site.send(urlencode({**typed, "trigger_id": "1.2.a"}).encode(), kind=form)

    assert [press, command] == [(200, ""), (200, "")]
    assert [arrival.message.kind for arrival in site.inbox.arrivals] == ["press", "command"]


async def test_slack_may_verify_the_address(site: Site) -> None:
    """The challenge comes back, without Slack being asked anything."""
    status, text = await site.send(json.dumps({"type": "url_verification", "challenge": "c-1"}).encode())

    assert (status, json.loads(text)) == (200, {"challenge": "c-1"})


@pytest.mark.parametrize("age", [0, 301, -301])
@pytest.mark.parametrize("secret", ["wrong", SECRET])
async def test_only_slack_is_heard(site: Site, age: int, secret: str) -> None:
    """The secret must be ours and the time within five minutes."""
    body = json.dumps(MESSAGE).encode()

    status, _ = await site.send(body, headers=sign(secret, int(time.time()) - age, body))

    genuine = secret == SECRET and age == 0
    assert status == (200 if genuine else 401)
    assert len(site.inbox.arrivals) == genuine


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Signature": "v0=1"},
        {"X-Slack-Request-Timestamp": "1700000000"},
        {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=1"},
        {"X-Slack-Request-Timestamp": "9" * 5000, "X-Slack-Signature": "v0=1"},
        {"X-Slack-Request-Timestamp": str(int(time.time())), "X-Slack-Signature": "v0=\u00e9"},
    ],
)
async def test_odd_signatures_are_no_signatures(site: Site, headers: dict[str, str]) -> None:
    """Missing, half missing, not a number, not ASCII: all the same."""
    status, _ = await site.send(b"{broken", headers=headers)

    assert status == 401


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe", "application/json"),
        (b"{broken", "application/json"),
        (b"[1]", "application/json"),
        (b"null", "application/json"),
        (b"", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"{}", "application/json"),
        (b"payload=%7Bbroken", "application/x-www-form-urlencoded"),
        (b"{}", "text/plain"),
        (b"<a/>", "application/xml"),
    ],
)
async def test_what_is_not_slacks_form_is_refused(site: Site, body: bytes, kind: str) -> None:
    """Even signed; and never with 5xx, which would bring it back."""
    status, text = await site.send(body, kind=kind)

    assert (status, site.inbox.arrivals) == (400, [])
    assert text


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_large_body_is_refused_unread(site: Site, *, chunked: bool) -> None:
    """Whether its size was announced or not."""

    async def dribble() -> AsyncIterator[bytes]:
        for _ in range(BODY_LIMIT // 65_536 + 1):
            yield b"x" * 65_536

    data = dribble() if chunked else io.BytesIO(b"x" * (BODY_LIMIT + 1))
    async with site.http.post(site.url, data=data, headers={"Content-Type": "application/json"}) as answer:
        assert answer.status == 413


async def test_a_body_that_claims_to_be_compressed_is_refused(site: Site) -> None:
    """It cannot be read, and that is the sender's fault."""
    headers = {**sign(SECRET, int(time.time()), b"no"), "Content-Encoding": "gzip"}

    status, _ = await site.send(b"this is not gzip", headers=headers)

    assert status == 400


def test_nothing_is_warned_of_at_the_start(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Bolt's app would read the environment too, and keep installations in files where it names a client."""
    for name in ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        monkeypatch.setenv(name, "xoxb-1")
    doors = Doors()

    Door(signing_secret=SECRET, first=doors.first)

    assert [] == caplog.messages
