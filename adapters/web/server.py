"""Listening: the application on a host and port, until the block ends."""

import contextlib
import errno
import logging
import socket
from collections.abc import AsyncIterator, Sequence

from aiohttp import web

from adapters.web.application import Route, application
from bot.errors import PermanentError
from bot.ports import Storage

PATIENCE = 2.0
"""Seconds that requests under way are given when the server stops."""

IDLE = 75.0
"""Seconds that a connection may stay open without a request, its first included; longer than usual proxies keep theirs."""

log = logging.getLogger("deskmate.web")


@contextlib.asynccontextmanager
async def listening(routes: Sequence[Route], storage: Storage, host: str, port: int) -> AsyncIterator[str]:
    """Serve `routes` and health; yield the URL. Raises `PermanentError` when the host or the port cannot be had."""
    runner = web.AppRunner(
        application(routes, storage), access_log=None, shutdown_timeout=PATIENCE, keepalive_timeout=IDLE
    )
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except (OSError, UnicodeError) as error:
            raise PermanentError(f"Deskmate cannot listen on {host}:{port}: {_why(error)}") from error
        yield f"http://{host}:{runner.addresses[0][1] if runner.addresses else port}"
    finally:
        await runner.cleanup()


def _why(error: OSError | UnicodeError) -> str:
    if isinstance(error, UnicodeError | socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return "this machine has no such address. Set DESKMATE_HOST to one that it has, such as 127.0.0.1 or 0.0.0.0."
    if error.errno == errno.EADDRINUSE:
        return "another program listens there. Stop it, or set DESKMATE_PORT to another."
    if error.errno == errno.EACCES:
        return "we may not. Set DESKMATE_PORT to one from 1024 upwards."
    return "the system refuses it. Set DESKMATE_HOST and DESKMATE_PORT to others."
