"""Claude when addresses, keys and time go wrong, and when hundreds ask at once: over HTTP, through the SDK.

What comes out is a turn or one of the two failures, and no sentence shows a key.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from anthropic import AsyncAnthropic
from hypothesis import given
from hypothesis import strategies as st

from adapters.models.claude import Claude
from adapters.models.connection import connect
from adapters.models.prices import Prices
from bot.errors import DeskmateError, PermanentError, TemporaryError
from tests.fakes.claude import LocalClaude
from tests.fakes.claude_answers import (
    Answer,
    text,
    tool_use,
    turn,
)
from tests.fakes.faults import hang
from tests.unit.models.briefings import next_turn

MODEL = "claude-sonnet-5-5"
ERROR_KEYS = ["type", "error", "message", "details", "error_code", "request_id"]
LOOK = tool_use("look", {"id": "MBP-7"}, id="toolu_look")


@pytest.fixture
async def server() -> AsyncIterator[LocalClaude]:
    """Run a local Claude."""
    async with LocalClaude() as running:
        yield running


@pytest.fixture
async def model(server: LocalClaude) -> AsyncIterator[Claude]:
    """Give a model that asks the local Claude, at two and ten dollars per million tokens."""
    client = connect(api_key=server.key, base_url=server.url)
    yield Claude(client=client, model=MODEL, prices=Prices({MODEL: {"input": 2.0, "output": 10.0}}), answer_within=30)
    await client.close()


async def test_silence_ends(server: LocalClaude) -> None:
    """A server that never answers is given up at the deadline."""
    server.faults.inject("messages", hang())
    client = connect(api_key=server.key, base_url=server.url)

    with pytest.raises(TemporaryError, match="too long to answer"):
        await next_turn(Claude(client=client, model=MODEL, prices=Prices(), answer_within=0.2))
    await client.close()


async def test_cancelling_is_no_failure(server: LocalClaude, model: Claude) -> None:
    """A run that is stopped is stopped: the cancellation passes through."""
    arrived, never = asyncio.Event(), asyncio.Event()

    async def brain(_: dict[str, Any]) -> Answer:
        arrived.set()
        await never.wait()
        return turn()

    server.brain = brain
    asking = asyncio.create_task(next_turn(model))
    await arrived.wait()
    asking.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_nobody_listens() -> None:
    """A refused connection can pass."""
    async with LocalClaude() as gone:
        url = gone.url
    client = connect(api_key="k", base_url=url)

    with pytest.raises(TemporaryError):
        await next_turn(Claude(client=client, model=MODEL, prices=Prices()))
    await client.close()


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "nonsense"])
async def test_address_that_is_none(url: str) -> None:
    """A wrong base URL is the admin's to correct."""
    client = connect(api_key="k", base_url=url)

    with pytest.raises(PermanentError, match="ANTHROPIC_BASE_URL"):
        await next_turn(Claude(client=client, model=MODEL, prices=Prices()))
    await client.close()


async def test_refused_key_is_not_shown(server: LocalClaude) -> None:
    """The sentence names the variable, never the key."""
    client = connect(api_key="sk-wrong-key", base_url=server.url)

    with pytest.raises(PermanentError, match="ANTHROPIC_API_KEY") as caught:
        await next_turn(Claude(client=client, model=MODEL, prices=Prices()))
    await client.close()

    assert "sk-wrong-key" not in str(caught.value)


async def test_gateway_without_key_is_sent_a_dummy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Local gateways have no key, and the SDK insists on one."""
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    async with LocalClaude(key="no-key-needed") as gateway:
        gateway.script(turn(LOOK))
        client = connect(base_url=gateway.url)

        assert (await next_turn(Claude(client=client, model=MODEL, prices=Prices()))).stop == "tool_use"
        await client.close()


async def test_many_at_once(server: LocalClaude, model: Claude) -> None:
    """Three hundred calls wait at the same time: no pool holds any of them back."""
    everybody = asyncio.Event()

    async def brain(_: dict[str, Any]) -> Answer:
        if server.in_flight == 300:
            everybody.set()
        await everybody.wait()
        return turn(text("Done."))

    server.brain = brain
    async with asyncio.timeout(30):
        turns = await asyncio.gather(*(next_turn(model) for _ in range(300)))

    assert {one.stop for one in turns} == {"end"}
    assert server.most_in_flight == 300


async def test_closed_client_is_told() -> None:
    """A call after shutdown is one of the two failures, not a stray exception."""
    client = connect(api_key="k", base_url="http://127.0.0.1:9")
    await client.close()

    with pytest.raises(DeskmateError):
        await next_turn(Claude(client=client, model=MODEL, prices=Prices()))


@pytest.mark.parametrize("key", ["two\nlines", "schlüssel", " spaced"])
def test_key_that_is_no_header(key: str) -> None:
    """A key that was pasted wrongly is the admin's to correct, before anything is asked; it is not shown."""
    with pytest.raises(PermanentError, match="ANTHROPIC_API_KEY") as caught:
        connect(api_key=key)

    assert key not in str(caught.value)


JSON = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(ERROR_KEYS), inner, max_size=4),
)


@given(
    answer=st.binary() | st.dictionaries(st.sampled_from(ERROR_KEYS), JSON).map(lambda body: json.dumps(body).encode()),
    status=st.sampled_from([200, 201, 204, 400, 429, 500]),
)
def test_any_body_is_a_turn_or_a_failure(answer: bytes, status: int) -> None:
    """Whatever an address answers, through the whole SDK, a turn or one of the two failures comes out."""

    async def ask() -> None:
        transport = httpx2.MockTransport(lambda _: httpx2.Response(status, content=answer))
        async with httpx2.AsyncClient(transport=transport) as http:
            client = AsyncAnthropic(api_key="k", base_url="http://x", http_client=http, max_retries=0)
            await next_turn(Claude(client=client, model=MODEL, prices=Prices()))

    with pytest.raises((TemporaryError, PermanentError)):
        asyncio.run(ask())
