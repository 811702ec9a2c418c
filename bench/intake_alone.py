"""Deskmate's way in without the work behind it: what `deskmate serve` opens, with a dispatcher that nobody serves.

Settings, database, Slack's endpoint and the writer are the product's own. Messages are stored and acknowledged, and wait. It reads the
environment as `deskmate serve` does and prints its address first.
"""

import asyncio
import json
import os
import signal
import sys

from aiohttp import web

from adapters.web.application import application
from config.connecting import connect_to
from config.settings import read_settings
from config.wiring import open_office


async def serve() -> None:
    """Serve until SIGTERM."""
    settings = read_settings(os.environ)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    routes: list[web.RouteDef] = []
    async with open_office(settings, connect_to(settings, routes, lambda _: stop.set())) as office:
        runner = web.AppRunner(application(routes, office.storage), access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, settings.host, settings.port).start()
        sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{runner.addresses[0][1]}"}) + "\n")
        sys.stdout.flush()
        await stop.wait()
        await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve())
