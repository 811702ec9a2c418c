"""What a model call costs, in millionths of a US dollar.

The published prices come with the genai-prices package and need no network; its table (11 MB of memory) is loaded when the first
price is asked that no override answers. `prices` in organisation.yaml overrides them, for contracts and for models behind a
gateway. A model without a price costs nothing, and the log says so once, because a budget in money cannot hold for it.
"""

import logging
import threading
from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal

import genai_prices

from bot.turn import Usage

_log = logging.getLogger(__name__)
_CACHE_READ, _CACHE_WRITE = 0.1, 1.25
"""Times the price of input, where an override does not name them: the published ratios."""


class Prices:
    """Prices by model id."""

    def __init__(self, overrides: Mapping[str, Mapping[str, float]] | None = None) -> None:
        """Take overrides: model id → `input`, `output` and, optionally, `cache_read`, `cache_write`, in USD per million tokens."""
        self._overrides = dict(overrides or {})
        self._unknown: set[str] = set()
        self._lock = threading.Lock()

    def micro_usd(self, model: str, usage: Usage) -> int:
        """Return what this usage of `model` costs, rounded up; 0 when the model has no price."""
        override = self._overrides.get(model)
        if override is not None:
            return _rounded(Decimal(str(_overridden(override, usage))))
        return self._published(model, usage)

    def most(self, model: str, tokens: int, output_tokens: int) -> int:
        """Return the most that a call with `tokens` of input can cost: all of them written to the cache, the longest answer."""
        usage = Usage(input_tokens=tokens, cache_write_tokens=tokens, output_tokens=output_tokens)
        return self.micro_usd(model, usage)

    def _published(self, model: str, usage: Usage) -> int:
        counted = genai_prices.Usage(
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cache_read_tokens=usage.cache_read_tokens,
            cache_write_tokens=usage.cache_write_tokens,
        )
        try:
            price = genai_prices.calc_price(counted, model, provider_id="anthropic").total_price
        except (LookupError, ValueError):
            self._warn(model)
            return 0
        return _rounded(price * 1_000_000)

    def _warn(self, model: str) -> None:
        with self._lock:
            if model in self._unknown:
                return
            self._unknown.add(model)
        _log.warning(
            "No price is known for the model %s, so its calls count as free: add it to prices in organisation.yaml.",
            model,
        )


def _overridden(price: Mapping[str, float], usage: Usage) -> float:
    """US dollars per million tokens are micro-dollars per token."""
    cost = price.get("input", 0.0)
    fresh = usage.input_tokens - usage.cache_read_tokens - usage.cache_write_tokens
    return (
        fresh * cost
        + usage.cache_read_tokens * price.get("cache_read", cost * _CACHE_READ)
        + usage.cache_write_tokens * price.get("cache_write", cost * _CACHE_WRITE)
        + usage.output_tokens * price.get("output", 0.0)
    )


def _rounded(micro_usd: Decimal) -> int:
    return int(micro_usd.to_integral_value(rounding=ROUND_CEILING))
