"""The ways in which a platform lets its caller down.

Every local server asks this file, before and after it does what it was asked, whether a test wants that call to go
wrong. Faults wait in one queue per method and are used up in order, one per call, so that a test reads as the story of
what happened: first a 429, then an answer that was lost, then it worked. A lost answer (`drop_after_commit`) is the
one that matters most: the platform did the work and the caller cannot know it.
"""

import asyncio
import socket
import struct
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

from aiohttp import web

JsonObject: TypeAlias = dict[str, Any]
Kind: TypeAlias = Literal["status", "refusal", "hang", "reset", "drop"]
ANY_METHOD = "*"


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that goes wrong with one call."""

    kind: Kind
    """`status`: an HTTP error. `refusal`: the platform's own way of saying no. `hang`: no answer for `seconds`, then
    the call goes on. `reset`: the connection breaks and nothing was done. `drop`: it was done, and the answer is lost."""
    status: int = 500
    """The HTTP status of `status` and, where the platform has one, of `refusal`."""
    error: str = ""
    """The platform's name of the error."""
    retry_after: float | None = None
    """Seconds, sent as Retry-After."""
    seconds: float | None = None
    """How long a `hang` lasts; None: until the server stops."""
    body: str | None = None
    """What is answered instead of the platform's own error document."""


def rate_limited(retry_after: float = 1, *, status: int = 429) -> Fault:
    """Too many calls; come back in `retry_after` seconds."""
    return Fault(kind="status", status=status, error="ratelimited", retry_after=retry_after)


def http_error(status: int, error: str = "", *, body: str | None = None) -> Fault:
    """Answer with an HTTP error before anything was done."""
    return Fault(kind="status", status=status, error=error, body=body)


def refused(error: str, *, status: int = 403) -> Fault:
    """Let the platform say no: Slack with `ok: false` and 200, Teams with `status` and an error code."""
    return Fault(kind="refusal", status=status, error=error)


def hang(seconds: float | None = None) -> Fault:
    """No answer for `seconds`, or until the server stops."""
    return Fault(kind="hang", seconds=seconds)


def reset() -> Fault:
    """Break the connection before anything was done."""
    return Fault(kind="reset")


def drop_after_commit() -> Fault:
    """Do the work and keep it; then close the connection without an answer."""
    return Fault(kind="drop")


def as_json(fault: Fault) -> JsonObject:
    """Give the form in which a fault travels to a server in another process."""
    return asdict(fault)


def from_json(document: JsonObject) -> Fault:
    """Read what `as_json` wrote; an unknown key is a TypeError."""
    return Fault(**document)


class Faults:
    """Queues of faults, one per method and one (`*`) for any method."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = {}

    def inject(self, method: str, *faults: Fault) -> None:
        """Let the next calls of `method` go wrong in this order."""
        self._waiting.setdefault(method, deque()).extend(faults)

    def take(self, method: str) -> Fault | None:
        """Give what shall go wrong with this call of `method`, used up by asking."""
        for name in (method, ANY_METHOD):
            if queue := self._waiting.get(name):
                return queue.popleft()
        return None

    def left(self) -> Mapping[str, int]:
        """How many faults still wait, per method."""
        return {method: len(queue) for method, queue in self._waiting.items() if queue}

    def clear(self) -> None:
        """Forget all faults that still wait."""
        self._waiting.clear()


async def linger(fault: Fault, stopping: asyncio.Event) -> None:
    """Keep the caller waiting as long as a `hang` says, or until the server stops."""
    try:
        async with asyncio.timeout(fault.seconds):
            await stopping.wait()
    except TimeoutError:
        return


def break_connection(request: web.Request, *, hard: bool) -> web.Response:
    """Close the caller's socket without an answer: with a reset (`hard`) or by hanging up.

    The response that is returned is for the handler's type only; it has nowhere to go.
    """
    transport = request.transport
    if transport is not None:
        peer = transport.get_extra_info("socket")
        if hard and peer is not None:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response(status=503)
