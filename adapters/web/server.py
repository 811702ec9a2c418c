"""Listening: the application on a host and port, until the block ends."""

import contextlib
import logging
from collections.abc import AsyncIterator, Sequence

from aiohttp import web

from adapters.web.application import Route, application
from bot.errors import PermanentError
from bot.ports import Storage

PATIENCE = 2.0
"""Seconds that requests under way are given when the server stops."""

log = logging.getLogger("deskmate.web")


@contextlib.asynccontextmanager
async def listening(routes: Sequence[Route], storage: Storage, host: str, port: int) -> AsyncIterator[str]:
    """Serve `routes` and health; yield the URL. Raises `PermanentError` when the port cannot be had."""
    runner = web.AppRunner(application(routes, storage), access_log=None, shutdown_timeout=PATIENCE)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise PermanentError(
                f"{host}:{port} cannot be listened on ({error.strerror}); set DESKMATE_PORT to another."
            ) from error
        yield f"http://{host}:{runner.addresses[0][1] if runner.addresses else port}"
    finally:
        await runner.cleanup()
