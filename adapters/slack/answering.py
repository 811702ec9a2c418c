"""What Slack is answered, whichever way something came: stored, or not and to be sent again."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from slack_bolt.response import BoltResponse

from bot.errors import TemporaryError
from bot.message import Arrival

Accept: TypeAlias = Callable[[Arrival], Awaitable[None]]
"""Stores an arrival, durably, before it returns; an arrival that it has seen before is no error."""

log = logging.getLogger(__name__)


def taken(document: Mapping[str, object] | None = None) -> BoltResponse:
    """Return 200: it was stored, or nobody needs it. `document` tells Slack what to show."""
    return BoltResponse(status=200, body=dict(document)) if document else BoltResponse(status=200)


async def stored(accept: Accept, came: Arrival) -> BoltResponse:
    """Store what came and return 200; 503 when it may be stored later. Raises what else storing raises."""
    try:
        await accept(came)
    except TemporaryError as error:
        return later(error)
    return taken()


def later(error: TemporaryError) -> BoltResponse:
    """Return 503, which makes Slack send an event again."""
    log.warning("Something from Slack could not be stored, so Slack is asked to repeat it: %s", error)
    return BoltResponse(status=503, headers={"Retry-After": f"{max(1, round(error.delay))}"})
