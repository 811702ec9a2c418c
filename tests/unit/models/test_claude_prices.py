"""What calls cost: published prices, the organisation's own, and none.

The published numbers are those of the packaged table, so a new table may change them; only their relations are asserted.
"""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.models.prices import Prices
from bot.turn import Usage

SONNET = "claude-sonnet-5-5"


def test_published_price() -> None:
    """Input and output count, and reading from the cache is cheaper than reading anew."""
    prices = Prices()
    plain = prices.micro_usd(SONNET, Usage(input_tokens=10_000, output_tokens=1_000))
    cached = prices.micro_usd(SONNET, Usage(input_tokens=10_000, output_tokens=1_000, cache_read_tokens=9_000))

    assert 0 < cached < plain


def test_override_wins() -> None:
    """Two dollars per million tokens are two micro-dollars per token; the cache follows unless it has its own price."""
    usage = Usage(input_tokens=1_000, output_tokens=100, cache_read_tokens=500, cache_write_tokens=100)

    assert Prices({SONNET: {"input": 2.0, "output": 10.0}}).micro_usd(SONNET, usage) == 800 + 100 + 250 + 1000
    assert (
        Prices({SONNET: {"input": 2.0, "output": 10.0, "cache_read": 1.0, "cache_write": 2.0}}).micro_usd(SONNET, usage)
        == 2500
    )


def test_unknown_model_is_free_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """A budget in money cannot hold for it, so the log says what to add."""
    prices = Prices()

    with caplog.at_level(logging.WARNING):
        costs = [prices.micro_usd("own-model", Usage(input_tokens=1)) for _ in range(3)]

    assert costs == [0, 0, 0]
    assert [record.getMessage() for record in caplog.records] == [
        "No price is known for the model own-model, so its calls count as free: add it to prices in organisation.yaml."
    ]


@given(
    fresh=st.integers(0, 10**6), read=st.integers(0, 10**6), written=st.integers(0, 10**6), output=st.integers(0, 4096)
)
def test_reservation_covers_the_call(fresh: int, read: int, written: int, output: int) -> None:
    """What is reserved before a call is never less than what it costs."""
    prices, tokens = Prices({"own": {"input": 3.0, "output": 15.0}}), fresh + read + written
    usage = Usage(input_tokens=tokens, output_tokens=output, cache_read_tokens=read, cache_write_tokens=written)

    for model in (SONNET, "own"):
        assert prices.micro_usd(model, usage) <= prices.most(model, tokens, 4096)
