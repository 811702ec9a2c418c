"""Claude against the local server, over HTTP, through the SDK: what a run is given for each kind of answer and failure.

The server refuses what the API refuses, so a transcript that it takes is one that the API takes.
"""

from collections.abc import AsyncIterator

import pytest

from adapters.models.answers import SpoiledAnswer
from adapters.models.claude import Claude
from adapters.models.connection import connect
from adapters.models.prices import Prices
from bot.errors import PermanentError, TemporaryError
from bot.labels import Source
from coworkers.briefing import Occasion
from coworkers.model import Exchange
from tests.fakes.claude import LocalClaude
from tests.fakes.claude_answers import (
    Answer,
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
from tests.fakes.faults import Fault, reset
from tests.unit.models.briefings import OFFERS, briefing, brought, next_turn, offer, profile, said

MODEL = "claude-sonnet-5-5"
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


async def test_a_run_from_look_to_resolve(server: LocalClaude, model: Claude) -> None:
    """The API takes the whole transcript, with results, news and a turn that was cut off."""
    server.script(
        turn(text("Let me look."), LOOK, tool_use("look", {"id": "MBP-8"})),
        truncated(text("I have found that"), tool_use("resolve", {"id": "x"})),
        turn(tool_use("resolve", {"id": "done"})),
    )
    transcript: list[Exchange] = []
    for _ in range(3):
        asked = await model.next_turn(briefing(), transcript, OFFERS)
        results = tuple(brought(call.id, source=Source.EXTERNAL) for call in asked.calls)
        transcript.append(Exchange(turn=asked, results=results, news=("It got worse",)))

    assert [exchange.turn.stop for exchange in transcript] == ["tool_use", "truncated", "tool_use"]
    assert [len(exchange.turn.calls) for exchange in transcript] == [2, 0, 1]
    assert [request.status for request in server.requests] == [200, 200, 200]


async def test_front_door_is_taken(server: LocalClaude, model: Claude) -> None:
    """The front door's messages and tools are a valid call too, also when there is no tool at all."""
    server.script(turn(tool_use("answer", {})), turn(text("Nothing to say.")))
    asked = briefing(coworker=profile("front_door"), messages=(said("Hi"),), occasions=(Occasion(kind="said"),))

    turns = [await model.next_turn(asked, [], offers) for offers in ([offer("answer")], [])]

    assert [one.stop for one in turns] == ["tool_use", "end"]


async def test_usage_and_price_are_told(server: LocalClaude, model: Claude) -> None:
    """Input counts what the cache gave and took; the price is the organisation's."""
    server.script(turn(LOOK, input_tokens=100, output_tokens=10, cache_read=1000, cache_creation=200))

    usage = (await next_turn(model)).usage

    assert (usage.input_tokens, usage.output_tokens) == (1300, 10)
    assert usage.micro_usd == 200 + 200 + 500 + 100


async def test_estimate_covers_the_longest_answer(model: Claude) -> None:
    """A reservation prices all input as written to the cache and the longest answer."""
    assert model.estimate(1000) == 2500 + 4096 * 10


@pytest.mark.parametrize(
    ("answer", "stop"),
    [
        pytest.param(turn(text("Done.")), "end", id="end"),
        pytest.param(turn(text("Done."), stop_reason="stop_sequence"), "end", id="stop sequence"),
        pytest.param(refusal(), "refused", id="refusal"),
        pytest.param(turn(LOOK, stop_reason="max_tokens"), "truncated", id="cut off behind a whole call"),
        pytest.param(truncated(tool_use("look", {"a": 1, "b": 2})), "truncated", id="cut off inside a call"),
        pytest.param(turn(LOOK, stop_reason="end_turn"), "end", id="a call that it did not stop for"),
    ],
)
async def test_calls_count_only_when_stopped_for(server: LocalClaude, model: Claude, answer: Answer, stop: str) -> None:
    """Nothing acts unless the answer stopped to act."""
    server.script(answer)

    got = await next_turn(model)

    assert (got.stop, got.calls) == (stop, ())


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(malformed(), id="no JSON"),
        pytest.param(bad_input("look"), id="arguments that are no object"),
        pytest.param(without_usage(turn(LOOK)), id="no usage"),
        pytest.param(no_end(turn(LOOK)), id="no stop reason"),
        pytest.param(turn(), id="empty"),
        pytest.param(turn(LOOK, LOOK), id="one id twice"),
        pytest.param(dropped(turn(LOOK)), id="dropped in the middle"),
        pytest.param(error_event(turn(LOOK)), id="overloaded in the middle"),
        pytest.param(overloaded(), id="overloaded"),
        pytest.param(failed(500), id="failed"),
        pytest.param(failed(408), id="timeout"),
        pytest.param(failed(409), id="conflict"),
        pytest.param(reset(), id="reset"),
        pytest.param(Fault(kind="drop"), id="hung up"),
    ],
)
async def test_asking_again_can_help(server: LocalClaude, model: Claude, answer: Answer) -> None:
    """One attempt is one request: nothing is repeated behind the engine's back; and asking again works."""
    server.script(answer, turn(tool_use("look", {"id": "2"})))

    with pytest.raises(TemporaryError):
        await next_turn(model)

    assert len(server.requests) == 1
    assert (await next_turn(model)).stop == "tool_use"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(Fault(kind="status", status=403, error="permission_error"), "ANTHROPIC_API_KEY", id="forbidden"),
        pytest.param(Fault(kind="status", status=404, error="not_found_error"), MODEL, id="no such model"),
        pytest.param(Fault(kind="status", status=400, error="invalid_request_error"), "As scripted", id="invalid"),
        pytest.param(
            turn(text("x"), stop_reason="model_context_window_exceeded"), "too long for the context", id="full"
        ),
    ],
)
async def test_asking_again_cannot_help(server: LocalClaude, model: Claude, answer: Answer, expected: str) -> None:
    """The sentence names what to change."""
    server.script(answer)

    with pytest.raises(PermanentError, match=expected):
        await next_turn(model)


async def test_server_says_when_to_come_back(server: LocalClaude, model: Claude) -> None:
    """Retry-After is the delay, and nobody sleeps for it here."""
    server.script(limited(retry_after=42))

    with pytest.raises(TemporaryError) as caught:
        await next_turn(model)

    assert caught.value.delay == 42


async def test_lost_answer_is_accounted(server: LocalClaude, model: Claude) -> None:
    """A malformed answer was paid for, so its error says what it cost."""
    server.script(turn(LOOK, LOOK, input_tokens=100, output_tokens=10))

    with pytest.raises(SpoiledAnswer) as caught:
        await next_turn(model)

    assert (caught.value.usage.tokens, caught.value.usage.micro_usd) == (110, 300)


async def test_pause_is_continued(server: LocalClaude, model: Claude) -> None:
    """A paused answer is sent back at once, and the whole is one turn with the usage of both."""
    pause = turn(text("Wait"), stop_reason="pause_turn", input_tokens=100, output_tokens=10)
    server.script(pause, turn(LOOK, input_tokens=200, output_tokens=20))

    got = await next_turn(model)

    assert (got.text, len(got.calls), got.usage.tokens, got.usage.micro_usd) == ("Wait", 1, 330, 900)
    assert server.requests[1].body["messages"][-1] == {"role": "assistant", "content": [text("Wait")]}


async def test_pauses_are_capped(server: LocalClaude, model: Claude) -> None:
    """A model that pauses for ever is given up, and all of it is accounted."""
    pause = turn(text("Wait"), stop_reason="pause_turn", input_tokens=100, output_tokens=10)
    server.script(*[pause] * 9)

    with pytest.raises(SpoiledAnswer) as caught:
        await next_turn(model)

    assert (len(server.requests), caught.value.usage.tokens) == (4, 440)


async def test_failure_behind_a_pause_is_accounted(server: LocalClaude, model: Claude) -> None:
    """What the first pass cost is in the error of the second, which keeps its delay."""
    pause = turn(text("Wait"), stop_reason="pause_turn", input_tokens=100, output_tokens=10)
    server.script(pause, limited(retry_after=9))

    with pytest.raises(SpoiledAnswer) as caught:
        await next_turn(model)

    assert (caught.value.delay, caught.value.usage.tokens) == (9, 110)


async def test_seen_id_is_malformed(server: LocalClaude, model: Claude) -> None:
    """A call's id is unique within the run, for the ledger and for the API."""
    server.script(turn(LOOK), turn(LOOK))
    first = await next_turn(model)

    with pytest.raises(SpoiledAnswer, match="seen already"):
        await model.next_turn(briefing(), [Exchange(turn=first, results=(brought("toolu_look"),))], OFFERS)
