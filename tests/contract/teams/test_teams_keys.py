"""The keys and the bot's own token over days, with a clock that the test turns."""

import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from adapters.teams import keys as module
from adapters.teams.account import Account
from adapters.teams.keys import FRESH, PAUSE, TRUSTED, SigningKeys
from adapters.teams.login import Login
from bot.errors import PermanentError, TemporaryError
from tests.fakes.faults import http_error
from tests.fakes.teams import LocalTeams
from tests.fakes.teams_state import APP_ID, TENANT
from tests.fakes.teams_tokens import PASSWORD, SigningKey

SOON = 0.01
"""Seconds between two tries."""


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE", SOON)


@dataclass
class Clock:
    """A clock that stands until it is turned."""

    at: float = 1000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.at


async def test_keys_are_fetched_again_after_a_day() -> None:
    """A key that was withdrawn is forgotten even if nobody names a new one."""
    clock = Clock()
    async with LocalTeams() as platform, aiohttp.ClientSession() as http:
        keys = SigningKeys(lambda: http, platform.metadata_url, now=clock)
        old = platform.issuer.key.kid
        before = await keys.find(old)
        platform.rotate_keys()
        known = await keys.find(old)
        clock.at += FRESH + 1

        after = await keys.find(old)

        assert (before is not None, known is not None, after) == (True, True, None)


async def test_known_keys_are_believed_through_an_outage_but_not_for_ever() -> None:
    """Two days later still, four days later not."""
    clock = Clock()
    async with LocalTeams() as platform, aiohttp.ClientSession() as http:
        keys = SigningKeys(lambda: http, platform.metadata_url, now=clock)
        kid = platform.issuer.key.kid
        await keys.find(kid)
        platform.faults.inject("openid", *[http_error(500)] * 10)
        clock.at += 2 * FRESH

        assert await keys.find(kid) is not None
        clock.at += TRUSTED
        with pytest.raises(TemporaryError):
            await keys.find(kid)


async def test_a_fetch_that_fails_is_made_again_while_teams_waits() -> None:
    """Nothing says that Teams sends again what was refused."""
    async with LocalTeams() as platform, aiohttp.ClientSession() as http:
        keys = SigningKeys(lambda: http, platform.metadata_url)
        platform.faults.inject("openid", http_error(500), http_error(503))

        assert await keys.find(platform.issuer.key.kid) is not None


async def test_after_an_outage_the_keys_come_back() -> None:
    """A moment after the failure, not a day."""
    clock = Clock()
    async with LocalTeams() as platform, aiohttp.ClientSession() as http:
        keys = SigningKeys(lambda: http, platform.metadata_url, now=clock)
        platform.faults.inject("openid", http_error(500))
        with pytest.raises(TemporaryError):
            await keys.find(platform.issuer.key.kid)
        clock.at += PAUSE

        assert await keys.find(platform.issuer.key.kid) is not None


async def test_an_outage_is_not_felt_with_a_known_key() -> None:
    """While a key that is due is believed, the key server is asked once a minute and not once for each activity."""
    clock = Clock()
    async with LocalTeams() as platform, aiohttp.ClientSession() as http:
        keys = SigningKeys(lambda: http, platform.metadata_url, now=clock)
        kid = platform.issuer.key.kid
        await keys.find(kid)
        platform.faults.inject("openid", *[http_error(500)] * 10)
        clock.at += FRESH + 1

        for _ in range(20):
            await keys.find(kid)
            clock.at += 5

        assert {"openid": 8} == platform.faults.left()


@pytest.mark.parametrize("url", ["http://login.botframework.com/keys", "http://127.0.0.1.evil.example/", "login", ""])
def test_keys_are_not_read_in_clear_text_from_elsewhere(url: str) -> None:
    """Whoever sits on the way could put a key of his own there."""
    with pytest.raises(PermanentError):
        SigningKeys(aiohttp.ClientSession, url)


@dataclass
class Answer:
    """What a server answers, as far as it is looked at, and where the answer came from in the end."""

    url: URL
    body: bytes
    history: tuple["Answer", ...] = ()

    def raise_for_status(self) -> None:
        """Be a success."""

    @property
    def content(self) -> "Answer":
        """Read itself."""
        return self

    async def iter_chunked(self, _size: int) -> AsyncIterator[bytes]:
        """Give all at once."""
        yield self.body


class Web:
    """Gives written answers to addresses."""

    def __init__(self, answers: dict[str, Answer]) -> None:
        self._answers = answers

    @asynccontextmanager
    async def get(self, url: str, **_: object) -> AsyncIterator[Answer]:
        """Give the answer of this address."""
        yield self._answers[url]


@pytest.mark.parametrize(
    ("jwks", "came_from", "through", "known"),
    [
        ("https://b.example/keys", "https://b.example/keys", (), True),
        ("https://b.example/keys", "https://c.example/keys", ("https://b.example/keys",), True),
        ("http://b.example/keys", "http://b.example/keys", (), False),
        ("https://b.example/keys", "http://b.example/keys", ("https://b.example/keys",), False),
        ("https://b.example/keys", "https://b.example/k", ("http://b.example/keys",), False),
        ("file:///keys", "file:///keys", (), False),
    ],
)
async def test_https_is_never_left(jwks: str, came_from: str, through: tuple[str, ...], known: bool) -> None:  # noqa: FBT001 -- a test's parameter
    """Neither by what the metadata name nor by being sent elsewhere."""
    metadata = json.dumps({"issuer": "i", "jwks_uri": jwks}).encode()
    published = json.dumps({"keys": [SigningKey(kid="k").as_jwk()]}).encode()
    history = tuple(Answer(URL(one), b"") for one in through)
    here = "https://a.example/metadata"
    web = Web({here: Answer(URL(here), metadata), jwks: Answer(URL(came_from), published, history)})
    keys = SigningKeys(lambda: cast("aiohttp.ClientSession", web), here)

    if known:
        assert await keys.find("k") is not None
    else:
        with pytest.raises(TemporaryError):
            await keys.find("k")


async def test_keys_that_grow_when_they_are_unpacked_are_no_keys() -> None:
    """A small answer that becomes a hundred megabytes is left after the first."""
    packed = gzip.compress(b" " * 100_000_000, 1)
    async with answering({"issuer": "i"}, packed, {"Content-Encoding": "gzip"}) as url, aiohttp.ClientSession() as http:
        with pytest.raises(TemporaryError):
            await SigningKeys(lambda: http, url).find("k")


async def test_a_key_server_that_sends_us_round_and_round_is_left() -> None:
    """It counts as an outage."""
    async with answering({"issuer": "i"}, b"", {"Location": "/keys"}, 302) as url, aiohttp.ClientSession() as http:
        with pytest.raises(TemporaryError):
            await SigningKeys(lambda: http, url).find("k")


@asynccontextmanager
async def answering(
    metadata: dict[str, str], keys: bytes, headers: dict[str, str] | None = None, status: int = 200
) -> AsyncIterator[str]:
    """Serve a metadata document and, where it leads, `keys` as they are; gives the document's URL."""

    async def document(request: web.Request) -> web.Response:
        return web.json_response({**metadata, "jwks_uri": str(request.url.with_path("/keys"))})

    async def published(_request: web.Request) -> web.Response:
        return web.Response(body=keys, headers=headers, status=status)

    application = web.Application()
    application.router.add_get("/metadata", document)
    application.router.add_get("/keys", published)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/metadata"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("metadata", "keys"),
    [
        ({"issuer": "i"}, ""),
        ({"issuer": "i"}, "[]"),
        ({"issuer": "i"}, "{}"),
        ({"issuer": "i"}, '{"keys": [{"kty": "RSA", "kid": "k"}, {"kty": "RSA", "kid": "k", "n": 1, "e": {}}, 7]}'),
        ({"issuer": "i"}, '{"keys": [{"kty": "oct", "kid": "k", "k": "c2VjcmV0"}]}'),
        ({"issuer": "i"}, "[" * 9999),
        ({"issuer": "i"}, '"' + "x" * 2_000_000 + '"'),
        ({}, '{"keys": []}'),
    ],
)
async def test_keys_that_cannot_be_read_are_no_keys(metadata: dict[str, str], keys: str) -> None:
    """They count as an outage, and no secret is taken for a public key."""
    async with answering(metadata, keys.encode()) as url, aiohttp.ClientSession() as http:
        with pytest.raises(TemporaryError):
            await SigningKeys(lambda: http, url).find("k")


async def test_the_token_is_renewed_before_it_expires() -> None:
    """One login until shortly before the end, then another."""
    clock = Clock()
    async with LocalTeams() as platform, aiohttp.ClientSession() as http:
        account = Account(app_id=APP_ID, password=PASSWORD, tenant=TENANT)
        login = Login(lambda: http, account, platform.login_url, now=clock)
        first = await login.token()
        clock.at += 3200
        same = await login.token()
        clock.at += 150

        renewed = await login.token()

        assert (first == same, first == renewed, len(platform.issuer.logins)) == (True, False, 2)
