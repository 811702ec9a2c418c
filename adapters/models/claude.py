"""The brain that asks Claude, or anything that speaks the Messages API.

An answer is asked for as one document and not as a stream: nobody is shown the text of a turn, and a document cannot be cut off
unnoticed. There is no tool runner: a call is an intent that the run stores first. The JSON is read here, from the raw response,
because the SDK's own models let missing fields pass. A model that pauses its turn is called again at once, a few times.
Whatever an attempt cost is priced and told, in the turn or in the error.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from anthropic import AsyncAnthropic, omit

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
