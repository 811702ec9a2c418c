"""`deskmate demo`: the guide's slow-laptop story in this terminal, by the code that serves Slack and Teams; then a conversation.

Only what June types is written down here. Everything else is decided and done by the coworkers, offline, on sandbox systems with
data that is made anew for each demo.
"""

import argparse
import asyncio
import contextlib
import os
import tempfile
from dataclasses import replace
from pathlib import Path

from adapters.terminal.conversation import TerminalConversation
from adapters.terminal.lines import Lines
from bot.ports import Reader
from bot.redaction import Redactor
from bot.request import Request
from config.commands.arguments import message
from config.logs import set_up_logs
from config.settings import Settings, read_settings
from config.stage import Stage, sandbox_folder

JUNE = "june@example.com"
STORY = (
    "My laptop feels really slow lately.",
    "No, I haven't seen any suspicious links, prompts or redirects.",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the message, and whether to end after it."""
    parser.add_argument(
        "message", nargs="?", metavar="MESSAGE", type=message, help="what June writes instead of the story's message"
    )
    parser.add_argument("--once", action="store_true", help="end after the story instead of going on as a conversation")


def run(given: argparse.Namespace) -> int:
    """Play the story, then talk."""
    settings = read_settings({**os.environ, "SLACK_BOT_TOKEN": "", "SLACK_SIGNING_SECRET": ""}, offline=True)
    level = "error" if settings.log_level == "info" else settings.log_level
    set_up_logs(level, settings.log_format, Redactor(settings.secrets))
    lines = (given.message,) if given.message else STORY
    with tempfile.TemporaryDirectory(prefix="deskmate-demo-") as folder, contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_play(settings, Path(folder), lines, once=given.once))
    return 0


async def _play(settings: Settings, folder: Path, lines: tuple[str, ...], *, once: bool) -> None:
    own = replace(settings, database_url=f"sqlite+aiosqlite:///{folder / 'demo.db'}")
    typed = Lines()
    async with Stage(own, child_env=sandbox_folder(folder)).open() as stage:
        if not once:
            typed.start()  # from the beginning, so that what is typed during the story is known to be older than the prompt
        for number, line in enumerate(lines):
            if number == 0 or await _waits_for_june(stage):
                await stage.say(JUNE, line)
                await stage.settled()
                await stage.voice.drained()
        if not once:
            await _converse(stage, typed)


async def _waits_for_june(stage: Stage) -> bool:
    """Tell whether a request waits for June's answer."""

    async def read(reader: Reader) -> bool:
        return any(request.status == "pending" for request in await reader.find(Request))

    return await stage.office.storage.read(read)


async def _converse(stage: Stage, lines: Lines) -> None:
    conversation = TerminalConversation(
        voice=stage.voice,
        lines=lines,
        look=stage.office.storage,
        clock=stage.office.desk.clock,
        cast=stage.cast,
        accept=stage.hand_in,
        settled=stage.settled,
        me=JUNE,
    )
    await conversation.converse()
