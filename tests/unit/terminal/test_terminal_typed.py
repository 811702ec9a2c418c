"""What is typed at a real terminal: it stands on the screen already when it was typed behind the prompt, and only then."""

import asyncio
import io
import os
import pty

from rich.console import Console

from adapters.terminal.conversation import Cast, TerminalConversation
from adapters.terminal.lines import Lines
from adapters.terminal.voice import Voice
from bot.message import Arrival
from tests.fakes.clock import FrozenClock
from tests.unit.terminal.terminal_stage import Stage, WrittenDirectory


class Screen(io.StringIO):
    """A screen that tells when the prompt stands on it."""

    def __init__(self) -> None:
        super().__init__()
        self.prompted = asyncio.Event()

    def write(self, text: str) -> int:
        """Show the text."""
        if "June >" in text:
            self.prompted.set()
        return super().write(text)


async def test_what_was_typed_before_the_prompt_is_shown_where_it_is_heard() -> None:
    """It would be an answer to a question that nobody had seen, or be lost among what was told meanwhile."""
    screen, stage = Screen(), Stage()
    stage.voice = Voice(Console(file=screen, force_terminal=True, color_system=None), stage.storage, WrittenDirectory())
    master, terminal = pty.openpty()
    lines = Lines(terminal)
    lines.start()
    heard = asyncio.Event()

    async def accept(_: Arrival) -> None:
        heard.set()

    async def settled() -> None:
        await heard.wait()

    talk = TerminalConversation(
        voice=stage.voice,
        lines=lines,
        look=stage.storage,
        clock=FrozenClock(),
        cast=Cast(people={}, agents={}),
        accept=accept,
        settled=settled,
        me="june@example.com",
    )
    async with stage.speaking():
        os.write(master, b"typed early\n")
        talking = asyncio.create_task(talk.converse())
        await screen.prompted.wait()
        os.write(master, b"typed at the prompt\n/quit\n")
        await talking

    assert 1 == screen.getvalue().count("typed early")
    assert 0 == screen.getvalue().count("typed at the prompt")
    os.close(master)
