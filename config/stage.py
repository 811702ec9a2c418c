"""The terminal as the connected platform: what `deskmate demo` and `deskmate run` have in common.

The office behind it is the one that serves Slack and Teams; only the platform is another. Whoever sits at the terminal sees
every place, the private channels too.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from adapters.terminal.arrivals import arrival
from adapters.terminal.conversation import Cast
from adapters.terminal.platform import TerminalAudience, TerminalMessenger
from adapters.terminal.voice import Voice, screen
from bot.audit import Event
from bot.conversation import Conversation
from bot.ids import new_id
from bot.message import Arrival
from bot.reply import Reply
from bot.workspace import Workspace
from config.settings import Settings
from config.wiring import Connection, Office, Reception, open_office
from coworkers.roster import Roster

SOON = 30.0
"""Work that is put off for no longer than this many seconds is waited for."""


class Silent:
    """A screen that shows nothing, for output that a program reads."""

    def posted(self, reply: Reply, conversation: Conversation, /) -> None:
        """Show nothing."""

    def changed(self, reply: Reply, conversation: Conversation, /) -> None:
        """Show nothing."""


class Stage:
    """An office whose platform is the terminal."""

    def __init__(self, settings: Settings, *, silent: bool = False, child_env: Mapping[str, str] | None = None) -> None:
        self._settings = replace(settings, settle=timedelta(), slack=None, teams=None)
        self._silent = silent
        self._child_env = child_env
        self._voice: Voice | None = None
        self._office: Office | None = None
        self.cast = Cast(people={}, agents={})

    @property
    def voice(self) -> Voice:
        """What tells on the screen; only on a stage that is open and not silent."""
        assert self._voice is not None
        return self._voice

    @property
    def office(self) -> Office:
        """The office, once it is open."""
        assert self._office is not None
        return self._office

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Stage"]:
        """Open the office and work in it until the block ends."""
        opened = open_office(self._settings, self._connect, watch=self._watch, child_env=self._child_env)
        async with opened as office, asyncio.TaskGroup() as tasks:
            self._office = office
            working = tasks.create_task(office.dispatcher.serve(office.engine.work))
            telling = tasks.create_task(self._voice.run()) if self._voice is not None else None
            office.ticker.start()
            try:
                yield self
            finally:
                office.ticker.stop()
                await office.dispatcher.stop()
                working.cancel()
                if telling is not None:
                    telling.cancel()

    async def say(self, email: str, text: str) -> Arrival:
        """Have somebody write to Atom, and show it."""
        office = self.office
        item = arrival(email, self.cast.name(email), text, new_id(), office.desk.now())
        if self._voice is not None:
            self._voice.hear(item)
        await self.hand_in(item)
        return item

    async def hand_in(self, item: Arrival) -> None:
        """Take an arrival in, as from any platform; whoever hands it in shows it."""
        await self.office.intake.accept(item)

    async def settled(self) -> None:
        """Return once no work is under way or due soon."""
        await self.office.dispatcher.idle(within=SOON)

    def _watch(self, events: Sequence[Event]) -> None:
        if self._voice is not None:
            self._voice.watch(events)

    @contextlib.asynccontextmanager
    async def _connect(self, reception: Reception) -> AsyncIterator[Mapping[str, Connection]]:
        roster, storage = reception.roster, reception.storage
        people = {person.email: person.name for person in roster.workforce.people}
        channels = {channel_of(item): agents_of(item, roster) for item in roster.workspaces()}
        self.cast = Cast(people=people, agents=channels)
        if not self._silent:
            self._voice = Voice(screen(), storage, roster)
        yield {
            "terminal": Connection(
                messenger=TerminalMessenger(self._voice or Silent()),
                audience=TerminalAudience(people=people, channels=channels),
                tenant=lambda: "local",
            )
        }


def channel_of(workspace: Workspace) -> str:
    """Return the terminal's support channel of a workspace (as `Desk.support_channels` names it)."""
    return workspace.support_channels.get("terminal", f"support-{workspace.id}")


def agents_of(workspace: Workspace, roster: Roster) -> frozenset[str]:
    """Return the e-mails of a workspace's human agents: members of its groups, and who has the role."""
    members = {member for group in workspace.groups.values() for member in group if "@" in member}
    roles = {("agent", workspace.id), ("workspace_admin", workspace.id)}
    return frozenset(members | {person.email for person in roster.workforce.people if roles & set(person.roles)})


def sandbox_folder(folder: Path) -> Mapping[str, str]:
    """Return the environment that makes the sandbox systems keep their data in `folder`."""
    return {"DESKMATE_SANDBOX_DIR": str(folder / "sandbox")}
