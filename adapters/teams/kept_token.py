"""Keeps a token until shortly before it expires, and lets one question fetch it however many calls wait.

The stock SDK asked for a new one each turn, blocking the loop. A token that the other side has just refused is not given again.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

_MARGIN = 300.0


@dataclass(frozen=True, kw_only=True)
class Token:
    """A token, as it was given."""

    text: str = field(repr=False)
    seconds: float
    """How long it is good."""


class KeptToken:
    """Gives what `ask` gave last, as long as it is good; raises what `ask` raises."""

    def __init__(self, ask: Callable[[], Awaitable[Token]], *, now: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._now = now
        self._token = ""
        self._until = float("-inf")
        self._asking = asyncio.Lock()

    async def token(self, *, refused: str = "") -> str:
        """Return a token that is good for a while, and that is not `refused` unless no other is given."""
        if self._good(refused):
            return self._token
        async with self._asking:
            if not self._good(refused):
                given = await self._ask()
                self._token = given.text
                self._until = self._now() + given.seconds - min(_MARGIN, given.seconds / 5)
            return self._token

    def _good(self, refused: str) -> bool:
        return self._now() < self._until and self._token != refused
