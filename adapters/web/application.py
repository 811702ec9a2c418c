"""The aiohttp application: the platforms' endpoints, and what a load balancer asks."""

from collections.abc import Iterable
from typing import TypeAlias

from aiohttp import web

from bot.errors import DeskmateError
from bot.mail import Mailbox
from bot.ports import Reader, Storage

Route: TypeAlias = web.RouteDef
"""A path and what answers it."""
LARGEST = 2 * 1024 * 1024
"""Bytes of a body; the platforms' handlers have lower limits of their own."""


def application(routes: Iterable[Route], storage: Storage) -> web.Application:
    """Return the application with the platforms' `routes`."""
    app = web.Application(client_max_size=LARGEST)
    app.add_routes(list(routes))
    health = _Health(storage)
    app.add_routes([web.get("/healthz", health.alive), web.get("/readyz", health.ready)])
    return app


class _Health:
    """Whether the process lives, and whether it can work."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def alive(self, _: web.Request) -> web.Response:
        """Answer that the process lives."""
        return web.json_response({"status": "ok"})

    async def ready(self, _: web.Request) -> web.Response:
        """Answer 200 when the database can be read, 503 with the reason when it cannot."""
        try:
            await self._storage.read(_look)
        except DeskmateError as error:
            return web.json_response({"status": "unavailable", "reason": str(error)}, status=503)
        return web.json_response({"status": "ok"})


async def _look(reader: Reader) -> None:
    await reader.find(Mailbox, limit=1)
