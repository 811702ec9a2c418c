"""Socket Mode: the bot opens websockets to Slack, and Slack sends down them what it would have posted to an address.

Each connection is opened with a ticket that is good once. Envelopes are spread over the connections, of which there are at
most ten; each has an id, and what is not acknowledged under it was not delivered. Slack refreshes connections now and then
and says so; what was under way on one that broke comes again. Source: Slack's guide to Socket Mode.
"""

import asyncio
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from aiohttp import WSMsgType, web

from tests.fakes.faults import JsonObject
from tests.fakes.loopback import Loopback
from tests.fakes.slack_state import APP, RefusalError

MOST_LINKS = 10
TICKET_SECONDS = 30.0
Reason: TypeAlias = Literal["warning", "refresh_requested", "link_disabled", "too_many_websockets"]


@dataclass(eq=False, kw_only=True)
class Link:
    """One connection of the bot."""

    number: int
    socket: web.WebSocketResponse
    request: web.Request
    waiting: dict[str, "asyncio.Future[JsonObject]"] = field(default_factory=dict)
    """Acknowledgements that have not come, by envelope."""
    retiring: bool = False
    """Slack has asked the bot to open another one; nothing new is sent here."""
    delivered: list[str] = field(default_factory=list)
    """The ids of the envelopes that were sent here."""


class Sockets:
    """Every connection, and how an envelope goes down one."""

    def __init__(self, server: Loopback, app_token: str) -> None:
        self.enabled = False
        """Whether the app gets its events here; opening a connection switches it on."""
        self.links: list[Link] = []
        self.strays: list[JsonObject] = []
        """What came up a connection and acknowledged nothing that was under way."""
        self._server = server
        self._app_token = app_token
        self._tickets: dict[str, float] = {}
        self._opened = 0
        self._turn = 0

    def open(self, token: str) -> JsonObject:
        """apps.connections.open, with the token of the app."""
        if not token.startswith("xapp-"):
            raise RefusalError("not_allowed_token_type" if token else "not_authed")
        if token != self._app_token:
            raise RefusalError("invalid_auth")
        ticket = secrets.token_hex(8)
        self._tickets[ticket] = time.monotonic() + TICKET_SECONDS
        address = self._server.url.replace("http://", "ws://")
        return {"url": f"{address}/link/?ticket={ticket}&app_id={APP}"}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        until = self._tickets.pop(request.query.get("ticket", ""), None)
        if until is None or until < time.monotonic():
            return web.Response(status=403, text="The ticket was used, or is too old.")
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self.links) >= MOST_LINKS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self._opened += 1
        link = Link(number=self._opened, socket=socket, request=request)
        self.links.append(link)
        self.enabled = True
        try:
            await socket.send_json(self._hello())
            await self._server.happened()
            await self._listen(link)
        finally:
            self.links.remove(link)
            for future in link.waiting.values():
                if not future.done():
                    future.set_exception(ConnectionResetError("the connection ended"))
            await self._server.happened()
        return socket

    async def deliver(self, envelope: JsonObject, *, seconds: float) -> JsonObject:
        """Send an envelope down the next connection; its acknowledgement.

        TimeoutError: none came; ConnectionError: there was no connection, or it ended meanwhile.
        """
        link = self._next()
        key = secrets.token_hex(16)
        future: asyncio.Future[JsonObject] = asyncio.get_running_loop().create_future()
        link.waiting[key] = future
        link.delivered.append(key)
        try:
            await link.socket.send_json({**envelope, "envelope_id": key})
            async with asyncio.timeout(seconds):
                return await future
        finally:
            link.waiting.pop(key, None)

    async def disconnect(self, reason: Reason = "refresh_requested", which: int | None = None) -> None:
        """Tell the bot to open other connections: all of them or the one of that number; a `warning` ends none yet."""
        for link in [link for link in self.links if which in (None, link.number)]:
            await link.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}})
            if reason == "warning":
                continue
            link.retiring = True
            if reason == "link_disabled":
                await link.socket.close()
                self.enabled = False

    async def break_links(self) -> int:
        """Break every connection without a word; how many there were."""
        broken = list(self.links)
        for link in broken:
            if link.request.transport is not None:
                link.request.transport.abort()
        return len(broken)

    def ready(self) -> list[Link]:
        """Give the connections on which something may be sent."""
        return [link for link in self.links if not link.retiring and not link.socket.closed]

    def _next(self) -> Link:
        ready = self.ready()
        if not ready:
            raise ConnectionRefusedError("the bot has no connection open")
        self._turn += 1
        return ready[self._turn % len(ready)]

    def _hello(self) -> JsonObject:
        debug = {"host": "local", "build_number": 1, "approximate_connection_time": 18_060}
        return {
            "type": "hello",
            "num_connections": len(self.links),
            "connection_info": {"app_id": APP},
            "debug_info": debug,
        }

    async def _listen(self, link: Link) -> None:
        async for message in link.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                answer = json.loads(message.data)
            except ValueError:
                answer = {"text": message.data}
            future = link.waiting.get(str(answer.get("envelope_id", ""))) if isinstance(answer, dict) else None
            if future is None or future.done():
                self.strays.append(answer if isinstance(answer, dict) else {"text": answer})
            else:
                future.set_result(answer)
