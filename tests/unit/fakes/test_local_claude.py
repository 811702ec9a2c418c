"""The local Claude speaks the Messages API to Anthropic's own client, in good answers and bad ones.

The bad ones are the point: each is tried for what the real SDK makes of it, so that the adapter's tests may rely on it.
"""

import asyncio
from collections.abc import AsyncIterator

import anthropic
import httpx2
import pytest
from anthropic import AsyncAnthropic
from anthropic.types import Message, MessageParam, ToolParam

from tests.fakes.claude import KEY, LocalClaude
from tests.fakes.claude_answers import (
    Turn,
    bad_input,
    dropped,
    error_event,
    failed,
    limited,
    malformed,
    no_end,
    overloaded,
    refusal,
    text,
    tool_use,
    truncated,
    turn,
    without_usage,
)
from tests.fakes.faults import JsonObject, hang
from tests.fakes.separate import separately

MODEL = "claude-sonnet-5-5"
TOOL: ToolParam = {"name": "jumpcloud__get_device", "description": "x", "input_schema": {"type": "object"}}
HELLO: list[MessageParam] = [{"role": "user", "content": "My laptop is slow"}]


@pytest.fixture
async def claude() -> AsyncIterator[LocalClaude]:
    async with LocalClaude() as server:
        yield server


@pytest.fixture
async def client(claude: LocalClaude) -> AsyncIterator[AsyncAnthropic]:
    async with AsyncAnthropic(api_key=KEY, base_url=claude.url, max_retries=0) as sdk:
        yield sdk


async def ask(client: AsyncAnthropic, messages: list[MessageParam] | None = None) -> Message:
    return await client.messages.create(model=MODEL, max_tokens=500, messages=messages or HELLO, tools=[TOOL])


async def stream(client: AsyncAnthropic) -> Message:
    async with client.messages.stream(model=MODEL, max_tokens=500, messages=HELLO, tools=[TOOL]) as events:
        return await events.get_final_message()


@pytest.mark.parametrize("call", [ask, stream])
async def test_a_turn_reads_the_same_streamed_or_not(claude: LocalClaude, client: AsyncAnthropic, call: object) -> None:
    """Text, tool call, stop reason and usage arrive as scripted."""
    asked = tool_use("jumpcloud__get_device", {"serial": "C02", "deep": {"a": [1, 2]}})
    claude.script(turn(text("Let me look."), asked, input_tokens=120, output_tokens=30, cache_read=100))

    message = await (stream(client) if call is stream else ask(client))

    assert [block.type for block in message.content] == ["text", "tool_use"]
    assert asked["input"] == message.content[1].model_dump()["input"]
    assert (message.stop_reason, message.usage.input_tokens, message.usage.output_tokens) == ("tool_use", 120, 30)
    assert message.usage.cache_read_input_tokens == 100


async def test_a_brain_sees_the_request(claude: LocalClaude, client: AsyncAnthropic) -> None:
    """A test's own function decides when nothing is scripted."""

    def brain(request: JsonObject) -> Turn:
        return turn(text(f"You said: {request['messages'][-1]['content']}"))

    claude.brain = brain

    message = await ask(client)

    assert message.content[0].model_dump()["text"] == "You said: My laptop is slow"
    assert [request.body["model"] for request in claude.requests] == [MODEL]


async def test_http_faults_have_their_types_and_the_sdk_comes_back(claude: LocalClaude) -> None:
    """With its own retries the SDK gets through 529 and 500; 429 carries its Retry-After."""
    claude.script(overloaded(), failed(500), turn(text("at last")))
    async with AsyncAnthropic(api_key=KEY, base_url=claude.url, max_retries=2) as patient:
        message = await ask(patient)
    claude.script(limited(3))
    async with AsyncAnthropic(api_key=KEY, base_url=claude.url, max_retries=0) as hasty:
        with pytest.raises(anthropic.RateLimitError) as caught:
            await ask(hasty)

    assert message.content[0].model_dump()["text"] == "at last"
    assert caught.value.response.headers["retry-after"] == "3"
    assert [request.status for request in claude.requests] == [529, 500, 200, 429]


async def test_answers_that_stop_too_early(claude: LocalClaude, client: AsyncAnthropic) -> None:
    """A truncated call looks like a valid one but for its stop reason; a refusal and a lost end say so only there."""
    call = tool_use("jumpcloud__get_device", {"serial": "C02", "confirmed": True})
    claude.script(truncated(call), truncated(call), refusal(), no_end(turn(text("so far"))), without_usage(turn()))

    plain = await ask(client)
    streamed = await stream(client)
    refused = await ask(client)
    endless = await stream(client)
    unpriced = await ask(client)

    assert [message.stop_reason for message in (plain, streamed, refused, endless)] == [
        "max_tokens",
        "max_tokens",
        "refusal",
        None,
    ]
    assert plain.content[0].model_dump()["input"] == {"serial": "C02"}
    assert unpriced.model_dump()["usage"] is None


async def test_streams_that_break(claude: LocalClaude, client: AsyncAnthropic) -> None:
    """Each break is the exception that the SDK is known to raise."""
    whole = turn(text("a rather long answer " * 20))
    claude.script(error_event(whole), dropped(whole), malformed(), bad_input("jumpcloud__get_device"))

    with pytest.raises(anthropic.APIStatusError) as overload:
        await stream(client)
    with pytest.raises(httpx2.RemoteProtocolError):
        await stream(client)
    with pytest.raises(ValueError, match=r"JSON|expected|EOF|control|Unterminated"):
        await stream(client)
    with pytest.raises(ValueError, match=r"JSON"):
        await stream(client)

    assert overload.value.status_code == 200
    assert "overloaded_error" in str(overload.value.body)


async def test_documents_that_break(claude: LocalClaude, client: AsyncAnthropic) -> None:
    """An answer that is no JSON, one that breaks off, and one that never comes."""
    claude.script(malformed(), dropped(turn(text("half"))), hang())

    with pytest.raises(ValueError, match=r"Expecting|Unterminated|JSON"):
        await ask(client)
    with pytest.raises((httpx2.RemoteProtocolError, anthropic.APIConnectionError)):
        await ask(client)
    with pytest.raises(anthropic.APITimeoutError):
        await ask(client.with_options(timeout=0.2))


async def test_a_broken_transcript_is_refused(claude: LocalClaude, client: AsyncAnthropic) -> None:
    """A tool call without its result is a 400, as with the real API; so is a wrong key and an empty script."""
    orphan: list[MessageParam] = [
        *HELLO,
        {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "x", "input": {}}]},
        {"role": "user", "content": "and?"},
    ]

    with pytest.raises(anthropic.BadRequestError, match=r"tool_result"):
        await ask(client, orphan)
    with pytest.raises(anthropic.AuthenticationError):
        await ask(client.with_options(api_key="sk-wrong"))
    with pytest.raises(anthropic.BadRequestError, match=r"Nothing is scripted"):
        await ask(client)


async def test_tokens_are_counted_and_models_listed(claude: LocalClaude, client: AsyncAnthropic) -> None:
    """The two small endpoints answer in the SDK's shapes."""
    counted = await client.messages.count_tokens(model=MODEL, messages=HELLO)
    models = [model.id async for model in client.models.list()]

    assert counted.input_tokens > 0
    assert MODEL in models


async def test_three_hundred_slow_calls_overlap(claude: LocalClaude, client: AsyncAnthropic) -> None:
    """Latency costs the server nothing: all calls are in flight together."""
    claude.latency = 0.5
    claude.brain = lambda _: turn(text("ok"))

    await asyncio.gather(*(ask(client) for _ in range(300)))

    assert len(claude.requests) == 300
    assert claude.most_in_flight > 100


async def test_it_runs_as_a_process_of_its_own() -> None:
    """Another process scripts it with plain JSON and reads its log."""
    async with (
        separately("tests.fakes.claude") as remote,
        AsyncAnthropic(api_key=KEY, base_url=remote.url, max_retries=0) as client,
    ):
        await remote.do("script", answers=[{"content": [text("hi")]}, {"kind": "status", "status": 529}])

        message = await ask(client)
        with pytest.raises(anthropic.APIStatusError):
            await ask(client)

        state = await remote.state()
    assert message.stop_reason == "end_turn"
    assert len(state["requests"]) == 2
