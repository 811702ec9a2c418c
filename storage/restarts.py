"""A transaction that lost a race starts again, a few times: then whoever asked for it must know."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.errors import Conflict, TemporaryError

Result = TypeVar("Result")


class LostRace(Conflict):
    """Another transaction came between, and the database undid this one: it may start again."""


async def restarting(once: Callable[[], Awaitable[Result]], *, tries: int, pause: float) -> Result:
    """Return what `once` returns; after a `Conflict` call it again, up to `tries` times in all.

    Raises `Conflict` when a key still exists at the last try, `TemporaryError` when that one lost a race too.
    Between two calls lie up to `pause` seconds, longer each time, by chance: so that two that met do not meet again.
    """
    for done in range(1, tries):
        try:
            return await once()
        except Conflict:
            await asyncio.sleep(random.uniform(0, pause * done))  # noqa: S311 -- no secret
    try:
        return await once()
    except LostRace as lost:
        raise TemporaryError(
            f"The database undid this {tries} times because of others: it is tried again. {lost}"
        ) from lost
