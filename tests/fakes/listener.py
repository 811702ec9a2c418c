"""The smallest bot: an endpoint that keeps what it is sent and answers as it is told.

It stands where Deskmate stands when the local platforms themselves are tried.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from tests.fakes.faults import JsonObject


@dataclass(kw_only=True)
class Listener:
    """What an endpoint was sent, and how it answers."""

    statuses: list[int]
    """Given in order; then 200, or 202 where there is nothing to say."""
    answer: JsonObject | None
    hang_first: bool
    """Whether the first request gets no answer."""
    url: str = ""
    bodies: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def documents(self) -> list[JsonObject]:
        """The bodies, as JSON."""
        return [json.loads(body) for body in self.bodies]

    async def handle(self, request: web.Request) -> web.Response:
        """Keep a request and answer it."""
        self.bodies.append(await request.text())
        self.headers.append(dict(request.headers))
        if self.hang_first and len(self.bodies) == 1:
            await self.stopping.wait()
        if self.statuses:
            return web.Response(status=self.statuses.pop(0))
        return web.json_response(self.answer) if self.answer else web.Response(status=202)


@asynccontextmanager
async def listening(
    *statuses: int, answer: JsonObject | None = None, hang_first: bool = False
) -> AsyncIterator[Listener]:
    """Listen on a port of loopback until the block ends."""
    bot = Listener(statuses=list(statuses), answer=answer, hang_first=hang_first)
    application = web.Application()
    application.router.add_post("/bot", bot.handle)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
    try:
        yield bot
    finally:
        bot.stopping.set()
        await runner.cleanup()
