"""Streamable HTTP to a tool server, through a client that cannot be brought down by one request.

In the SDK an HTTP error of one request ends the connection for everybody. `SteadyClient` turns each such error into an
answer to that request, with a code that says whether the server can have acted. It reads no more of an answer than the
limit, does not unpack compressed answers (a small one may unfold to gigabytes), and waits without a time limit of its
own, because every call has one.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx2
from mcp.client.streamable_http import streamable_http_client
from mcp_types import ErrorData, JSONRPCError

from adapters.mcp.failures import BUSY, LOST, NOT_REACHED, REFUSED, SESSION_GONE, UNREADABLE
from adapters.mcp.filtered import Streams
from adapters.mcp.limits import ServerLimits

_BEFORE_SENDING: Final = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
    httpx2.LocalProtocolError,
)


class SteadyClient(httpx2.AsyncClient):
    """An HTTP client whose requests always get an answer."""

    def __init__(self, *, headers: Mapping[str, str], limits: ServerLimits) -> None:
        super().__init__(
            headers={**headers, "accept-encoding": "identity"},
            timeout=httpx2.Timeout(None, connect=limits.connect),
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=20),
        )
        self._size = limits.message

    async def send(
        self,
        request: httpx2.Request,
        *,
        stream: bool = False,
        **options: Any,  # noqa: ANN401 -- passed on as it is
    ) -> httpx2.Response:
        """Send, and return the server's answer or one that says what failed."""
        try:
            response = await super().send(request, stream=stream, **options)
        except _BEFORE_SENDING as failure:
            return _answer(request, NOT_REACHED, str(failure) or type(failure).__name__)
        except httpx2.TransportError as failure:
            return _answer(request, LOST, str(failure) or type(failure).__name__)
        instead = _instead(request, response)
        if instead is not None:
            await response.aclose()
            return instead
        if stream and _is_json(response) and response.next_request is None:
            return await self._read(request, response)
        return response

    async def _read(self, request: httpx2.Request, response: httpx2.Response) -> httpx2.Response:
        body = bytearray()
        try:
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > self._size:
                    return _answer(request, UNREADABLE, f"the answer is larger than {self._size // 1024} kB")
        except httpx2.TransportError as failure:
            return _answer(request, LOST, str(failure) or type(failure).__name__)
        finally:
            await response.aclose()
        return httpx2.Response(response.status_code, headers=response.headers, content=bytes(body), request=request)


@asynccontextmanager
async def wire(url: str, *, headers: Mapping[str, str], limits: ServerLimits) -> AsyncGenerator[Streams, None]:
    """Connect to the server at `url`; nothing is sent before the first message."""
    async with (
        SteadyClient(headers=headers, limits=limits) as client,
        streamable_http_client(url, http_client=client, max_sse_event_size=limits.message) as streams,
    ):
        yield streams


def _instead(request: httpx2.Request, response: httpx2.Response) -> httpx2.Response | None:
    status = response.status_code
    told = f"HTTP {status}"
    if status in (httpx2.codes.UNAUTHORIZED, httpx2.codes.FORBIDDEN):
        return _answer(request, REFUSED, told)
    if status == httpx2.codes.TOO_MANY_REQUESTS or (
        status == httpx2.codes.SERVICE_UNAVAILABLE and _says_when(response)
    ):
        return _answer(request, BUSY, told)
    if status in (httpx2.codes.BAD_REQUEST, httpx2.codes.NOT_FOUND) and "mcp-session-id" in request.headers:
        return _answer(request, SESSION_GONE, told)
    if status >= httpx2.codes.INTERNAL_SERVER_ERROR and not _is_json(response):
        return _answer(request, LOST, told)
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        return _answer(request, UNREADABLE, "the answer is compressed, which was not asked for")
    return None


def _answer(request: httpx2.Request, code: int, message: str) -> httpx2.Response:
    # The SDK puts the id of the request in; only a status of 400 and above makes it look at the error.
    error = JSONRPCError(jsonrpc="2.0", id=0, error=ErrorData(code=code, message=message))
    return httpx2.Response(
        httpx2.codes.BAD_GATEWAY, json=error.model_dump(mode="json", exclude_none=True), request=request
    )


def _is_json(response: httpx2.Response) -> bool:
    kind: str = response.headers.get("content-type", "")
    return kind.lower().startswith("application/json")


def _says_when(response: httpx2.Response) -> bool:
    return "retry-after" in response.headers
