"""The demo's voice: what happens, in order, as it becomes durable, on one screen.

Events arrive after their commit, posts when the outbox delivers them, typed words at once. They are queued without waiting and told
by one task. A note's event comes before its post, and the story is told in the order of events: so the event keeps the
note's place and waits a little for the post. What is told is what was posted; a note that is withheld is told as withheld, and one
whose post comes late is told when it comes. The voice reads the storage and never writes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from rich.console import Console, RenderableType

from adapters.terminal.closing import closing
from adapters.terminal.drawing import Pen
from adapters.terminal.marks import THEME, marks_for
from adapters.terminal.names import Names
from adapters.terminal.posts import Posts
from adapters.terminal.report import Record
from adapters.terminal.telling import Drawings, Look, Telling
from bot.audit import Event
from bot.conversation import Conversation
from bot.errors import DeskmateError
from bot.labels import Visibility
from bot.message import Arrival
from bot.ports import Directory, Reader
from bot.reply import Reply

WIDEST = 120
"""Columns; longer lines are tiring to read."""
PATIENCE = 3.0
"""Seconds that a note's event waits for its post."""

Tell = Callable[[Reader], Awaitable[Drawings]]


@dataclass(frozen=True, kw_only=True)
class _Item:
    """Something to be told."""

    tell: Tell
    slot: str | None = None
    """The place that is kept for a post."""


@dataclass(kw_only=True)
class _Slot:
    """Where a post belongs that has not come yet."""

    filled: asyncio.Event = field(default_factory=asyncio.Event)
    tell: Tell | None = None


def screen() -> Console:
    """Return the terminal that this process writes to."""
    return Console()


class Voice:
    """Tells what happens on a console; `run` must be running for anything to be told."""

    def __init__(self, console: Console, look: Look, directory: Directory, *, patience: float = PATIENCE) -> None:
        self._console = console
        self._look = look
        encoding = console.encoding
        self._pen = Pen(marks=marks_for(encoding), encoding=encoding)
        self._names = Names(directory)
        self._telling = Telling(self._names, self._pen)
        self._posts = Posts(self._names, self._pen)
        self._patience = patience
        self._queue: asyncio.Queue[_Item] = asyncio.Queue()
        self._slots: dict[str, _Slot] = {}
        self._prompt = ""
        self._prompting = False

    @property
    def interactive(self) -> bool:
        """Tell whether somebody sees what they type."""
        return self._console.is_terminal

    def watch(self, events: Sequence[Event]) -> None:
        """Queue audit events, as `WakingStorage(watch=...)` calls it; never waits."""
        for event in events:
            tell = partial(self._telling.of, event)
            slot = _place_of(event)
            if slot is not None:
                self._slots[slot] = _Slot()
            if event.kind in {"note.withheld", "reply.parked"} and not _about_mirror(event):
                self._fill(str(event.data.get("note")), tell)
            else:
                self._put(tell, slot)

    def posted(self, reply: Reply, conversation: Conversation) -> None:
        """Queue a post, or put it in the place that its event keeps for it."""
        if reply.visibility is Visibility.PUBLIC and conversation.kind == "support":
            return  # a mirror of what the requester's conversation shows
        key = reply.note_id or (f"opened:{reply.request_id}" if reply.kind == "talk" else "")
        self._fill(key, partial(self._posts.of, reply, conversation))

    def changed(self, reply: Reply, conversation: Conversation) -> None:
        """Queue the change of a post."""
        self._put(partial(self._posts.changed, reply, conversation))

    def hear(self, arrival: Arrival, *, visible: bool = False) -> None:
        """Queue what a person typed; `visible`: it stands on the screen already, since they typed it there."""
        message = arrival.message
        self._telling.typed(message.text)
        if message.kind == "text" and not visible:
            self._put(partial(self._posts.heard, arrival))

    def say(self, text: str) -> None:
        """Queue a small line of the terminal itself."""
        self._put_drawing(self._pen.info(text))

    def complain(self, text: str) -> None:
        """Queue a line about something that went wrong."""
        self._put_drawing(self._pen.wrong(text))

    def listing(self, lines: Sequence[str]) -> None:
        """Queue lines of the terminal's own as they stand."""
        self._put_drawing(self._pen.listing(lines))

    def summary(self, record: Record) -> None:
        """Queue the summary of a report (see `report`)."""
        self._put_drawing(closing(record, self._pen, self._names.holder))

    def prompt(self, text: str) -> None:
        """Show a prompt below everything that is told, from now on; empty: none."""

        async def change(_: Reader) -> Drawings:
            self._prompt = text
            return ()

        self._put(change)

    def entered(self) -> bool:
        """Take note that the person has ended a line, and tell whether it stands behind the prompt."""
        behind, self._prompting = self._prompting, False
        return behind

    async def run(self) -> None:
        """Tell everything that is queued, for ever."""
        while True:
            if self._queue.empty():
                self._offer_prompt()
            item = await self._queue.get()
            try:
                await self._tell(item)
            finally:
                self._queue.task_done()

    async def drained(self) -> None:
        """Return when everything that was queued has been told."""
        await self._queue.join()

    def _put(self, tell: Tell, slot: str | None = None) -> None:
        self._queue.put_nowait(_Item(tell=tell, slot=slot))

    def _put_drawing(self, drawing: RenderableType) -> None:
        async def tell(_: Reader) -> Drawings:
            return (drawing,)

        self._put(tell)

    def _fill(self, key: str, tell: Tell) -> None:
        slot = self._slots.get(key)
        if slot is None:
            self._put(tell)
        elif slot.tell is None:
            slot.tell = tell
            slot.filled.set()
        else:
            self._put(tell)  # a further part of a long note

    async def _tell(self, item: _Item) -> None:
        await self._draw(item.tell)
        slot = self._slots.get(item.slot or "")
        if slot is None or item.slot is None:
            return
        try:
            async with asyncio.timeout(self._patience):
                await slot.filled.wait()
        except TimeoutError:
            pass
        del self._slots[item.slot]
        if slot.tell is not None:
            await self._draw(slot.tell)

    async def _draw(self, tell: Tell) -> None:
        try:
            drawings = await self._look.read(tell)
        except DeskmateError as error:
            drawings = (self._pen.wrong(f"Something happened that cannot be shown: {error}"),)
        for drawing in drawings:
            self._print(drawing)

    def _print(self, drawing: RenderableType) -> None:
        if self._prompting:
            self._console.line()
            self._prompting = False
        with self._console.use_theme(THEME):
            self._console.print(drawing, width=min(self._console.width, WIDEST), highlight=False)

    def _offer_prompt(self) -> None:
        if self._prompt and not self._prompting:
            self._console.print(self._pen.name(self._prompt), end=" ", markup=False, highlight=False)
            self._prompting = True


def _place_of(event: Event) -> str | None:
    """Return the key under which the post of an event comes, when one is to be waited for."""
    if event.kind == "request.opened":
        return f"opened:{event.request_id}"
    spoken = event.kind == "note.written" and event.data.get("source") != "requester"
    if spoken and (event.actor.kind == "coworker" or event.data.get("visibility") == "public"):
        return str(event.data.get("note"))
    return None


def _about_mirror(event: Event) -> bool:
    """Tell whether a reply that was not delivered is only colleagues' copy of a public one."""
    support = str(event.data.get("conversation", "")).startswith("support:")
    return support and event.data.get("visibility") == Visibility.PUBLIC.value
