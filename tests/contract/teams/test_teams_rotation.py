"""New keys in the middle of traffic, key servers that fail, and strangers who name keys that nobody has."""

import asyncio
import time
from collections.abc import Callable
from itertools import count

import aiohttp
import pytest

from adapters.teams import keys as module
from adapters.teams.keys import RATION, TRIES, SigningKeys
from bot.errors import TemporaryError
from tests.contract.teams.forging import activity, heading
from tests.contract.teams.teams_at_work import AtWork, teams_at_work
from tests.fakes.faults import hang, http_error
from tests.fakes.teams import LocalTeams

SOON = 0.05
"""Seconds between fetches, in place of three."""


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE", SOON)


async def status(bench: AtWork, token: str | None = None, **changed: object) -> int | None:
    """Post with `token` (None: a good one) and give the HTTP status."""
    attempt = await bench.platform.deliver(activity(bench.platform.service_url, **changed), token=token)
    return attempt.status


def counted_fetches(platform: LocalTeams) -> Callable[[], int]:
    """Give a counter of how often the keys were fetched from now on: each fetch uses up a hang of no time."""
    platform.faults.inject("keys", *[hang(0)] * 1000)
    return lambda: 1000 - platform.faults.left().get("keys", 0)


async def test_a_rotated_key_is_known_at_once() -> None:
    """No restart, and the old key is out."""
    async with teams_at_work() as bench:
        old = bench.platform.issuer.mint(bench.platform.service_url)
        before = await status(bench)
        bench.platform.rotate_keys()

        after = await status(bench)

        assert (202, 202, 401) == (before, after, await status(bench, old))


async def test_keys_are_fetched_once_for_many_at_the_same_time() -> None:
    """A cold start, and a rotation, with forty waiting activities ask Microsoft once each; none is turned away."""
    async with teams_at_work() as bench:
        fetches = counted_fetches(bench.platform)
        cold = await asyncio.gather(*(status(bench, id=str(number)) for number in range(40)))
        bench.platform.rotate_keys()

        rotated = await asyncio.gather(*(status(bench, id=str(number)) for number in range(40)))

        assert ({202}, 2) == ({*cold, *rotated}, fetches())


async def test_unreachable_keys_ask_teams_to_send_again() -> None:
    """Nobody can tell whether the token is good, however often it is asked: it is neither accepted nor thrown away."""
    async with teams_at_work() as bench:
        bench.platform.faults.inject("openid", *[http_error(500)] * TRIES)

        answered = await status(bench)

        assert (503, []) == (answered, bench.desk.arrivals)


async def test_a_known_key_is_good_while_the_metadata_is_down() -> None:
    """An outage at Microsoft's key server stops only tokens with new keys."""
    async with teams_at_work() as bench:
        await status(bench)
        bench.platform.faults.inject("openid", *[http_error(500)] * 5)

        unknown = await status(bench, heading(kid="nobody")(bench.platform))

        assert (503, 202) == (unknown, await status(bench))


async def test_a_known_key_does_not_wait_for_a_server_that_hangs() -> None:
    """A stranger's unknown key keeps only the stranger waiting."""
    async with teams_at_work() as bench:
        await status(bench)
        bench.platform.faults.inject("keys", hang())
        stranger = asyncio.create_task(status(bench, heading(kid="nobody")(bench.platform)))
        async with asyncio.timeout(5):
            while bench.platform.faults.left():  # noqa: ASYNC110 -- nobody is told when the keys are asked for
                await asyncio.sleep(0)

        answered = await asyncio.wait_for(status(bench), 2)

        assert (202, False) == (answered, stranger.done())
        bench.platform.stopping.set()
        assert await stranger == 401


async def test_a_key_server_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """After some seconds, well within the fifteen that Teams waits."""
    monkeypatch.setattr(module, "_PATIENCE", aiohttp.ClientTimeout(total=0.05))
    async with LocalTeams() as platform, aiohttp.ClientSession() as http:
        platform.faults.inject("keys", *[hang()] * TRIES)

        with pytest.raises(TemporaryError):
            await SigningKeys(lambda: http, platform.metadata_url).find(platform.issuer.key.kid)


async def test_strangers_cannot_make_us_ask_without_end() -> None:
    """Fetches for unknown keys are rationed, and every stranger gets his answer."""
    async with LocalTeams() as platform, aiohttp.ClientSession() as http:
        keys = SigningKeys(lambda: http, platform.metadata_url, every=SOON)
        await keys.find(platform.issuer.key.kid)
        fetches, began = counted_fetches(platform), time.monotonic()

        one_by_one = [await keys.find(f"k{number}") for number in range(RATION + 5)]
        at_once = await asyncio.gather(*(keys.find(f"m{number}") for number in range(500)))

        assert {None} == {*one_by_one, *at_once}
        assert fetches() <= RATION + 1 + (time.monotonic() - began) / SOON


async def test_a_new_key_is_let_in_while_strangers_spend_the_ration() -> None:
    """Whoever comes with the new key waits for the next fetch and is not refused."""
    async with LocalTeams() as platform, aiohttp.ClientSession() as http:
        keys, numbers = SigningKeys(lambda: http, platform.metadata_url, every=SOON), count()
        old = platform.issuer.key.kid
        await keys.find(old)

        async def attack() -> None:
            while True:
                await keys.find(f"k{next(numbers)}")

        attackers = [asyncio.create_task(attack()) for _ in range(20)]
        while next(numbers) < 3 * RATION:
            assert await keys.find(old) is not None
            await asyncio.sleep(0)
        new = platform.rotate_keys()

        found = await keys.find(new)

        for attacker in attackers:
            attacker.cancel()
        assert found is not None


async def test_only_so_many_wait_for_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crowd of strangers takes no more memory than that; known keys are found as ever."""
    monkeypatch.setattr(module, "WAITING", 3)
    async with LocalTeams() as platform, aiohttp.ClientSession() as http:
        keys = SigningKeys(lambda: http, platform.metadata_url)
        await keys.find(platform.issuer.key.kid)
        platform.faults.inject("keys", hang())
        strangers = [asyncio.create_task(keys.find(f"k{number}")) for number in range(3)]
        await asyncio.sleep(0)

        with pytest.raises(TemporaryError):
            await asyncio.wait_for(keys.find("one too many"), 1)
        assert await keys.find(platform.issuer.key.kid) is not None

        for stranger in strangers:
            stranger.cancel()
