"""`deskmate run`: a message becomes a request that is worked until it waits for someone; then what happened is printed."""

import argparse
import asyncio
import json
import os
import sys

from adapters.terminal.report import Record, gather, report, told
from bot.message import Arrival
from bot.ports import Reader
from bot.redaction import Redactor
from bot.request import Request
from config.commands.arguments import email, message
from config.logs import set_up_logs
from config.settings import Settings, read_settings
from config.stage import Stage


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the message, who says it, and how to print."""
    parser.add_argument("--message", required=True, type=message, metavar="TEXT", help="what the person writes")
    parser.add_argument("--as", dest="email", required=True, type=email, metavar="EMAIL", help="who writes it")
    parser.add_argument(
        "--json",
        action="store_true",
        help="print requests, notes, runs, hand-offs and what the person was told as one JSON object",
    )


def run(given: argparse.Namespace) -> int:
    """Open, work, print."""
    settings = read_settings(os.environ)
    level = "warning" if settings.log_level == "info" else settings.log_level
    set_up_logs(level, settings.log_format, Redactor(settings.secrets))
    record = asyncio.run(_work(settings, given.email, given.message, silent=given.json))
    if given.json:
        json.dump(record, sys.stdout, ensure_ascii=False, indent=2)
        print()
    return 0


async def _work(settings: Settings, person: str, words: str, *, silent: bool) -> Record:
    async with Stage(settings, silent=silent).open() as stage:
        said = await stage.say(person, words)
        await stage.settled()
        found = await stage.office.storage.read(lambda reader: _touched(reader, said))
        gathered = await stage.office.storage.read(lambda reader: gather(reader, found))
        replies = await stage.office.storage.read(lambda reader: told(reader, said))
        record = report(
            gathered.requests,
            gathered.notes,
            gathered.runs,
            gathered.packets,
            gathered.persons,
            stage.office.roster.workspaces(),
            replies,
        )
        if not silent:
            stage.voice.summary(record)
            await stage.voice.drained()
        return record


async def _touched(reader: Reader, said: Arrival) -> list[Request]:
    """Return the requests that changed since the message was said in its conversation."""
    here = await reader.find(Request, conversation_id=said.conversation.id)
    return [request for request in here if request.changed_at >= said.message.at]
