"""One live connection to a server: its capabilities and its calls.

The owner (see `owner.py`) enters and leaves the connection; everybody else calls through it. A link that proved useless
is retired: calls that are under way end as they end, new ones get a fresh link.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any, Final, cast

from mcp import Client
from mcp.client.subscriptions import ListenNotSupportedError, SubscriptionLost
from mcp.shared.exceptions import MCPError
from mcp_types import (
    HEADER_MISMATCH,
    CallToolRequest,
    CallToolRequestParams,
    CallToolResult,
    InputRequiredResult,
    PaginatedRequestParams,
    RequestParamsMeta,
    ToolListChangedNotification,
)
from pydantic import TypeAdapter, ValidationError

from adapters.mcp.answers import failed, shown
from adapters.mcp.failures import (
    NotTaken,
    is_lost,
    is_timeout,
    is_unreadable,
    raise_timeout,
    raise_unanswered,
)
from adapters.mcp.limits import ServerLimits
from adapters.mcp.listing import usable
from adapters.mcp.plain_text import one_line
from adapters.mcp.references import Redactor
from bot.turn import CallResult
from coworkers.profile import Tool
from coworkers.toolbox import Offered

KEY: Final = "deskmate/idempotency-key"
_GRACE: Final = 2.0
"""Seconds beyond the call's own time limit after which waiting ends in any case."""
_PAGES: Final = 50
_LISTEN_AGAIN: Final = (1.0, 5.0, 30.0)
"""Seconds between attempts to hear of changes."""
_RESULT: Final[TypeAdapter[CallToolResult | InputRequiredResult]] = TypeAdapter(CallToolResult | InputRequiredResult)
_log = logging.getLogger(__name__)


class Link:
    """A connection and what is known of its server."""

    def __init__(self, *, tool: Tool, limits: ServerLimits, redactor: Redactor) -> None:
        self._tool = tool
        self._limits = limits
        self._redactor = redactor
        self._client: Client | None = None
        self._offered: tuple[Offered, ...] | None = None
        self._changes = 0
        self._listing = asyncio.Lock()
        self._under_way = 0
        self._answers = 0
        self._used = time.monotonic()
        self._free = asyncio.Event()
        self._free.set()
        self.retired = asyncio.Event()
        """Set when new calls must not use this link."""

    @property
    def proven(self) -> bool:
        """Whether the server ever answered after the connection was made."""
        return self._answers > 0

    def attach(self, client: Client) -> None:
        """Take the connected client."""
        self._client = client
        self._answers = 0

    def usable(self, result: dict[str, Any]) -> dict[str, Any]:
        """Count an answer, and make it one that the SDK accepts."""
        self._answers += 1
        return usable(result, server=self._tool.name, limits=self._limits)

    async def noticed(self, message: object) -> None:
        """Forget the capabilities when a server of the older protocol says that they changed."""
        if isinstance(message, ToolListChangedNotification):
            self._forget()

    async def watch(self) -> None:
        """Forget the capabilities when a server of the newer protocol says that they changed, or may have unheard."""
        client = self._connected()
        for pause in (*_LISTEN_AGAIN, *[_LISTEN_AGAIN[-1]] * 1000):
            try:
                async with client.listen(tools_list_changed=True) as changes:
                    async for _ in changes:
                        self._forget()
            except (ListenNotSupportedError, MCPError, TimeoutError, ValidationError):
                return  # it tells nobody of changes: what it offers now holds for this connection
            except SubscriptionLost:
                _log.debug("%s: the subscription to changes was lost", self._tool.name)
            self._forget()
            await asyncio.sleep(pause)

    async def spent(self, *, idle: float) -> None:
        """Return when the link is retired, or was not used for `idle` seconds; then wait for the calls under way."""
        while not self.retired.is_set():
            left = self._used + idle - time.monotonic()
            if left <= 0 and not self._under_way:
                self.retired.set()
                break
            try:
                async with asyncio.timeout(max(left, 0.05)):
                    await self.retired.wait()
            except TimeoutError:
                continue
        await self._free.wait()

    async def capabilities(self) -> Sequence[Offered]:
        """Return what the server offers, asking it once per connection and after each change."""
        async with self._listing:
            if self._offered is None:
                with _Use(self):
                    return await self._listed()
            return self._offered

    async def call(self, capability: str, arguments: dict[str, Any], *, key: str) -> CallResult:
        """Call and return the result. Raises `NotTaken`, `TemporaryError` or `PermanentError`."""
        before = self._answers
        with _Use(self):
            try:
                async with asyncio.timeout(self._tool.timeout + _GRACE):
                    result = await self._send(capability, arguments, key)
            except TimeoutError as slow:
                self._doubt(before)
                raise_timeout(self._tool, slow)
            except MCPError as error:
                return self._answered(error, before, key)
            except ValidationError:
                return failed(
                    f"{self._tool.name} answered with something that is no result; it may have acted.", key=key
                )
            except (ValueError, RecursionError):
                return failed("The arguments cannot be sent: they are nested too deeply or are no JSON.", key=key)
        return shown(result, key=key, limits=self._limits, redactor=self._redactor)

    def _answered(self, error: MCPError, before: int, key: str) -> CallResult:
        if is_timeout(error):
            self._doubt(before)
            raise_timeout(self._tool, error)
        if is_unreadable(error):
            why = self._redactor.text(one_line(error.message, 300))
            return failed(f"{self._tool.name} acted, but its answer cannot be shown: {why}. Ask for less.", key=key)
        if is_lost(error):
            self.retired.set()
        raise_unanswered(error, self._tool, self._redactor)
        return failed(self._redactor.text(one_line(error.message, 2000)), key=key)

    async def _send(self, capability: str, arguments: dict[str, Any], key: str) -> CallToolResult | InputRequiredResult:
        if self.retired.is_set():
            raise NotTaken("the connection has ended")
        meta = cast("RequestParamsMeta", {KEY: key})
        request = CallToolRequest(params=CallToolRequestParams(name=capability, arguments=arguments, _meta=meta))
        session = self._connected().session
        try:
            return await session.send_request(request, _RESULT, self._tool.timeout)
        except MCPError as mismatch:
            if mismatch.code != HEADER_MISMATCH:
                raise
        # The server did not act: it wants arguments repeated in headers, which its current list names.
        await self._listed()
        return await session.send_request(request, _RESULT, self._tool.timeout)

    async def _listed(self) -> tuple[Offered, ...]:
        changes = self._changes
        offered: list[Offered] = []
        cursor: str | None = None
        async with asyncio.timeout(self._tool.timeout):
            for _ in range(_PAGES):
                page = await self._connected().session.list_tools(params=PaginatedRequestParams(cursor=cursor))
                offered += [
                    Offered(
                        name=each.name,
                        description=self._redactor.text(each.description or ""),
                        schema=each.input_schema,
                    )
                    for each in page.tools
                ]
                cursor = page.next_cursor
                if cursor is None or len(offered) >= self._limits.capabilities:
                    break
        listed = tuple(offered[: self._limits.capabilities])
        if self._changes == changes:  # else it changed while it was read
            self._offered = listed
        return listed

    def _forget(self) -> None:
        self._changes += 1
        self._offered = None

    def _doubt(self, before: int) -> None:
        """Retire a link over which nothing at all came while a call waited."""
        if self._answers == before:
            self.retired.set()

    def _connected(self) -> Client:
        assert self._client is not None
        return self._client

    def began(self) -> None:
        """Count a use."""
        self._under_way += 1
        self._used = time.monotonic()
        self._free.clear()

    def ended(self) -> None:
        """Count the end of a use."""
        self._under_way -= 1
        self._used = time.monotonic()
        if not self._under_way:
            self._free.set()


class _Use:
    """A use of a link, from beginning to end."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def __enter__(self) -> None:
        self._link.began()

    def __exit__(self, *_: object) -> None:
        self._link.ended()
