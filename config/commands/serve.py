"""`deskmate serve`: one process that accepts from the platforms, works, and keeps the clock, until SIGTERM or Ctrl-C."""

import argparse
import asyncio
import contextlib
import gc
import logging
import os
import signal

from adapters.web.application import Route
from adapters.web.server import listening
from bot.redaction import Redactor
from config.connecting import connect_to
from config.logs import set_up_logs
from config.settings import Settings, read_settings
from config.wiring import Office, OpenStorage, open_office
from storage.database import open_database

PATIENCE = 10.0
"""Seconds that work under way is given to finish its step when the server stops."""

ROLES = ("web", "worker", "clock")
"""The parts that will have processes of their own."""

log = logging.getLogger("deskmate.serve")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the role; one process does everything for now."""
    told = "what this process does: web, worker, clock or all (default, and so far the only one that can be had: all)"
    parser.add_argument("--role", type=_role, default="all", metavar="ROLE", help=told)


def _role(text: str) -> str:
    if text in ROLES:
        said = f"one process does everything for now, so there is no {text} alone: write --role all, or leave it out"
        raise argparse.ArgumentTypeError(said)
    if text != "all":
        raise argparse.ArgumentTypeError(f"{text!r} is not a role: write --role all, or leave it out")
    return text


def run(_: argparse.Namespace) -> int:
    """Serve until told to stop."""
    settings = read_settings(os.environ)
    set_up_logs(settings.log_level, settings.log_format, Redactor(settings.secrets))
    asyncio.run(serve(settings))
    return 0


async def serve(settings: Settings, *, open_storage: OpenStorage = open_database) -> None:
    """Open the office, listen, work, and close in good order."""
    stop: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    routes: list[Route] = []

    def failed(error: BaseException) -> None:
        if not stop.done():
            stop.set_exception(error)

    def told() -> None:
        if not stop.done():
            stop.set_result(None)

    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, told)
    connect = connect_to(settings, routes, failed)
    async with (
        open_office(settings, connect, open_storage=open_storage) as office,
        listening(routes, office.storage, settings.host, settings.port) as url,
    ):
        gc.collect()
        gc.freeze()  # what was loaded stays: the collector need not look through it again and again
        platforms = [name for name, there in (("Slack", settings.slack), ("Teams", settings.teams)) if there]
        log.info("listening on %s for %s", url, " and ".join(platforms) or "no platform yet: see docs/connecting.md")
        await _work(office, stop)


async def _work(office: Office, stop: "asyncio.Future[None]") -> None:
    working = asyncio.create_task(office.dispatcher.serve(office.engine.work))
    office.ticker.start()
    try:
        await stop
    finally:
        office.ticker.stop()
        await office.dispatcher.stop()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(working, PATIENCE)
