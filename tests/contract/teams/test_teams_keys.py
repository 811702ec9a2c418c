"""The keys and the bot's own token over days, with a clock that the test turns."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest
from aiohttp import web

from adapters.teams.account import Account
from adapters.teams.keys import FRESH, PAUSE, TRUSTED, SigningKeys
from adapters.teams.login import Login
from bot.errors import TemporaryError
from tests.fakes.faults import http_error
from tests.fakes.teams import LocalTeams
from tests.fakes.teams_state import APP_ID, TENANT
from tests.fakes.teams_tokens import PASSWORD


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


@asynccontextmanager
async def answering(metadata: dict[str, str], keys: str) -> AsyncIterator[str]:
    """Serve a metadata document and, where it leads, `keys` as they are; gives the document's URL."""

    async def document(request: web.Request) -> web.Response:
        return web.json_response({**metadata, "jwks_uri": str(request.url.with_path("/keys"))})

    async def published(_request: web.Request) -> web.Response:
        return web.Response(text=keys)

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
    async with answering(metadata, keys) as url, aiohttp.ClientSession() as http:
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
