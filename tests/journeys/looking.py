"""What a journey looks at from outside: the rows of Deskmate's database, read as an auditor would, while the process runs.

Nothing tells another process that a row has changed, so `until` looks again every tenth of a second and says in the end what it saw.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from bot.ports import Reader
from bot.request import Request
from bot.run import Run
from storage.database import open_database
from storage.postgres import PostgresStorage
from storage.sqlite import SqliteStorage
from tests.fakes.faults import JsonObject
from tests.journeys.deskmate import Place
from tests.journeys.story import Story, told

Seen = TypeVar("Seen")


@dataclass(frozen=True, kw_only=True)
class Auditor:
    """Reads one Deskmate's database."""

    storage: SqliteStorage | PostgresStorage

    async def read(self, look: Callable[[Reader], Awaitable[Seen]]) -> Seen:
        """Return what `look` finds now."""
        return await self.storage.read(look)

    async def until(
        self, look: Callable[[Reader], Awaitable[Seen]], enough: Callable[[Seen], bool], *, seconds: float = 30
    ) -> Seen:
        """Return what `look` finds once that is `enough`; an AssertionError tells what was found last."""
        seen = await self.read(look)
        for _ in range(round(seconds * 10)):
            if enough(seen):
                return seen
            await asyncio.sleep(0.1)
            seen = await self.read(look)
        raise AssertionError(f"after {seconds:.0f} s there was still only {seen}")

    async def status(self, *wanted: str, seconds: float = 30) -> Request:
        """Return the only request once it has one of these statuses and no run is under way."""

        async def look(reader: Reader) -> tuple[list[Request], list[Run]]:
            return list(await reader.find(Request)), list(await reader.find(Run, state="running"))

        found, _ = await self.until(
            look, lambda seen: [item.status in wanted for item in seen[0]] == [True] and not seen[1], seconds=seconds
        )
        return found[0]

    async def delivered(self, *, seconds: float = 30) -> Story:
        """Return the story once every reply was posted and no run is under way."""

        async def look(reader: Reader) -> tuple[Story, bool]:
            return await told(reader), bool(await reader.find(Run, state="running"))

        story, _ = await self.until(look, lambda seen: not seen[0].unsent and not seen[1], seconds=seconds)
        return story

    async def audited(self, kind: str) -> list[JsonObject]:
        """Return the audit's events of one kind as plain data, oldest first."""
        events = [json.loads(entry.canonical) for entry in await self.storage.audit_entries(limit=10_000)]
        return [event for event in events if event["kind"] == kind]


@asynccontextmanager
async def auditor(place: Place) -> AsyncIterator[Auditor]:
    """Open the database of a Deskmate that has brought it up to date."""
    async with open_database(place.database_url) as storage:
        yield Auditor(storage=storage)
