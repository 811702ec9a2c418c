"""The brain that asks Claude, or anything that speaks the Messages API.

One client, and so one pool of connections, serves all coworkers. An answer is asked for as one document and not as a stream: nobody
is shown the text of a turn, and a document cannot be cut off unnoticed. The SDK repeats nothing by itself (`max_retries=0`): the engine
repeats durably, frees the worker meanwhile and counts every call, and the SDK would also repeat what cannot succeed.
There is no tool runner: a call is an intent that the run stores first. The JSON is read here, from the raw response,
because the SDK's models let missing fields pass.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import httpx2
from anthropic import AsyncAnthropic, DefaultAsyncHttpxClient, omit

from adapters.models.answers import SPOILED_DELAY, Answer, HopelessAnswer, SpoiledAnswer, joined, read, total
from adapters.models.failures import Known, translated
from adapters.models.prices import Prices
from adapters.models.render import Question, continued, question
from bot.errors import DeskmateError, PermanentError, TemporaryError
from bot.turn import Turn, Usage
from coworkers.briefing import Briefing
from coworkers.model import Exchange, Offer

PAUSES = 3
"""So often in a row a model may pause a turn and be called again at once."""
ANSWER_WITHIN = 180.0
"""Seconds for one answer."""
MAX_OUTPUT_TOKENS = 4096
_NO_KEY = "no-key-needed"
_IDLE_CONNECTIONS, _IDLE_SECONDS = 300, 20.0


def connect(
    *, api_key: str | None = None, base_url: str | None = None, answer_within: float = ANSWER_WITHIN
) -> AsyncAnthropic:
    """Return a client for all coworkers; close it with `await client.close()`.

    What is None the SDK reads itself (ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, ANTHROPIC_CUSTOM_HEADERS …). A gateway at another address
    that has no key is sent a dummy one. Raises `PermanentError` when the address is no URL, or the
    key can be none.
    """
    limits = httpx2.Limits(
        max_connections=None, max_keepalive_connections=_IDLE_CONNECTIONS, keepalive_expiry=_IDLE_SECONDS
    )
    timeout = httpx2.Timeout(answer_within, connect=5.0)
    http = DefaultAsyncHttpxClient(limits=limits, timeout=timeout)
    try:
        client = AsyncAnthropic(
            api_key=api_key, base_url=base_url, timeout=timeout, max_retries=0, http_client=http, open_telemetry=False
        )
    except Known as error:
        raise translated(error, "the model") from error
    for key in (client.api_key, client.auth_token):
        if key is not None and not _is_header(key):
            raise PermanentError(
                "The model's key has line breaks, spaces or strange letters in it: set ANTHROPIC_API_KEY anew."
            )
    keyless = client.api_key is None and client.auth_token is None and client.credentials is None
    if keyless and client.base_url.host != "api.anthropic.com":
        client.api_key = _NO_KEY
    return client


def _is_header(key: str) -> bool:
    """Tell whether a key can be sent at all; the HTTP library would show it in its own error."""
    return key.isascii() and key.isprintable() and " " not in key


class Claude:
    """A `Model` that asks one Claude model."""

    def __init__(
        self,
        *,
        client: AsyncAnthropic,
        model: str,
        prices: Prices,
        max_output_tokens: int = MAX_OUTPUT_TOKENS,
        answer_within: float = ANSWER_WITHIN,
    ) -> None:
        """Take the shared client, a model id, and at most how many tokens and seconds an answer may take."""
        self.model = model
        self.max_output_tokens = max_output_tokens
        self._client = client
        self._prices = prices
        self._answer_within = answer_within

    def estimate(self, tokens: int) -> int:
        """Return the most that a call with `tokens` of input can cost, in micro-USD: what to reserve before it."""
        return self._prices.most(self.model, tokens, self.max_output_tokens)

    async def next_turn(self, briefing: Briefing, transcript: Sequence[Exchange], tools: Sequence[Offer]) -> Turn:
        """Return Claude's next turn, with what it used and cost.

        Raises `TemporaryError` or `PermanentError` (see `failures.py`) and nothing else; where an answer was paid for and lost, they
        are a `SpoiledAnswer` or a `HopelessAnswer` and carry the usage.
        """
        asked = question(briefing, transcript, tools)
        known = {call.id for exchange in transcript for call in exchange.turn.calls}
        passes: list[Turn] = []
        try:
            while True:
                answer = await self._ask(asked, passes)
                passes.append(answer.turn)
                if not answer.paused:
                    return self._whole(passes, known)
                if len(passes) > PAUSES:
                    raise SpoiledAnswer(f"The model paused {len(passes)} times without an end; ask it again.")
        except DeskmateError as error:
            raise self._with_costs(error, passes) from error.__cause__

    async def _ask(self, asked: Question, passes: Sequence[Turn]) -> Answer:
        messages = [*asked["messages"], *continued([part.raw for part in passes])]
        try:
            async with asyncio.timeout(self._answer_within):
                response = await self._client.messages.with_raw_response.create(
                    model=self.model,
                    max_tokens=self.max_output_tokens,
                    system=asked["system"],
                    tools=asked["tools"] or omit,
                    messages=messages,
                )
                body = await response.read()
        except Known as error:
            raise translated(error, self.model) from error
        return read(body, self.model)

    def _whole(self, passes: list[Turn], known: set[str]) -> Turn:
        turn = joined([replace(part, usage=self._priced(part.usage)) for part in passes])
        if any(call.id in known for call in turn.calls):
            raise SpoiledAnswer("The model gave a tool call an id that the run has seen already; ask it again.")
        return turn

    def _priced(self, usage: Usage) -> Usage:
        return replace(usage, micro_usd=self._prices.micro_usd(self.model, usage))

    def _with_costs(self, error: DeskmateError, passes: Sequence[Turn]) -> DeskmateError:
        lost = [error.usage] if isinstance(error, SpoiledAnswer | HopelessAnswer) else []
        paid = [usage for usage in (*(part.usage for part in passes), *lost) if usage.tokens]
        if not paid:
            return error
        usage = total(*map(self._priced, paid))
        if isinstance(error, PermanentError):
            return HopelessAnswer(str(error), usage=usage)
        delay = error.delay if isinstance(error, TemporaryError) else SPOILED_DELAY
        return SpoiledAnswer(str(error), usage=usage, delay=delay)
