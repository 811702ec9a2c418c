"""Messages of a server on their way to the SDK: counted, and lists of tools made usable.

It sits between a transport and the SDK's session, because the session refuses a list as a whole (see `listing.py`).
"""

from collections.abc import Callable
from types import TracebackType
from typing import Any

from mcp.client._transport import TransportStreams as Streams
from mcp.shared._stream_protocols import ReadStream
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCResponse

__all__ = ["FilteredStream", "Streams"]

Usable = Callable[[dict[str, Any]], dict[str, Any]]
"""From the result of a response to what the SDK is to see of it."""


class FilteredStream:
    """A read stream whose responses are passed through `usable`."""

    def __init__(self, inner: ReadStream[SessionMessage | Exception], *, usable: Usable) -> None:
        self._inner = inner
        self._usable = usable

    @property
    def last_context(self) -> object:
        """The context of the sender, which the SDK looks for."""
        return getattr(self._inner, "last_context", None)

    async def receive(self) -> SessionMessage | Exception:
        """Return the next message."""
        return self._looked_at(await self._inner.receive())

    async def aclose(self) -> None:
        """Close the stream."""
        await self._inner.aclose()

    def __aiter__(self) -> "FilteredStream":
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        return self._looked_at(await anext(self._inner))

    async def __aenter__(self) -> "FilteredStream":
        await self._inner.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return await self._inner.__aexit__(kind, error, trace)

    def _looked_at(self, item: SessionMessage | Exception) -> SessionMessage | Exception:
        if isinstance(item, SessionMessage) and isinstance(item.message, JSONRPCResponse):
            item.message.result = self._usable(item.message.result)
        return item
