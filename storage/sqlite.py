"""SQLite as `Storage`: one connection that writes, a few that read, for one process.

Readers see what was committed when they began and wait for nobody (write-ahead log). What `transact` has returned survives a power
cut (`synchronous=FULL`). Connections come from SQLAlchemy's engine, set up by pragmas, and stay open until the end.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar, cast

import aiosqlite
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.audit import AuditEntry
from bot.errors import DeskmateError
from bot.mail import Lease
from bot.ports import Reader, UnitOfWork
from storage.audit_log import read_entries
from storage.restarts import restarting
from storage.sqlite_link import SqliteLink, translated
from storage.sqlite_writer import Writer
from storage.statements import Statements
from storage.unit import View

Result = TypeVar("Result")

READERS = 3
TRIES = 2
"""Nobody else writes, so a key that exists at the second try will exist at the third."""
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY")


class SqliteStorage:
    """`bot.ports.Storage` on a file."""

    def __init__(
        self, writer: Writer, idle: asyncio.LifoQueue[SqliteLink], statements: Statements, *, is_ahead: bool = False
    ) -> None:
        """`idle` are the connections that read; `is_ahead`: transactions are let in before those of others."""
        self._writer = writer
        self._idle = idle
        self._statements = statements
        self._is_ahead = is_ahead

    @property
    def commits(self) -> int:
        """How many commits were made so far; several transactions may share one."""
        return self._writer.commits

    def ahead(self) -> "SqliteStorage":
        """Return the same database for what must not wait behind work: acknowledging what arrives."""
        return SqliteStorage(self._writer, self._idle, self._statements, is_ahead=True)

    async def transact(self, work: Callable[[UnitOfWork], Awaitable[Result]], *, under: Lease | None = None) -> Result:
        """Run `work` in one transaction and return its result once that is durable."""
        once = partial(self._writer.transact, work, under, ahead=self._is_ahead)
        result = await restarting(once, tries=TRIES, pause=0)
        return cast("Result", result)

    async def read(self, work: Callable[[Reader], Awaitable[Result]]) -> Result:
        """Run `work` on one consistent view without locking anything."""
        async with self._view() as link:
            return await work(View(link, self._statements))

    async def audit_entries(self, *, after: int = 0, limit: int = 1000) -> Sequence[AuditEntry]:
        """Return up to `limit` entries of the audit trail behind the number `after`, in order."""
        async with self._view() as link:
            return await read_entries(link, self._statements, after=after, limit=limit)

    @contextlib.asynccontextmanager
    async def _view(self) -> AsyncIterator[SqliteLink]:
        link = await self._idle.get()
        try:
            await link.command("BEGIN")
            yield link
        finally:
            # Shielded: a caller that is cancelled here must not leave the connection in its old view.
            await asyncio.shield(self._give_back(link))

    async def _give_back(self, link: SqliteLink) -> None:
        with contextlib.suppress(DeskmateError):
            await link.command("ROLLBACK")
        self._idle.put_nowait(link)


@contextlib.asynccontextmanager
async def open_sqlite(url: URL, *, busy_timeout: float = 5.0) -> AsyncIterator[SqliteStorage]:
    """Open the file, which must be migrated; `busy_timeout` is how many seconds to wait for one that somebody else holds."""
    engine = create_async_engine(
        url, isolation_level="AUTOCOMMIT", pool_size=READERS + 1, connect_args={"check_same_thread": False}
    )
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(engine.dispose)
        with translated():
            links = [await _link(engine, stack, busy_timeout) for _ in range(READERS + 1)]
        for reader in links[1:]:
            await reader.command("PRAGMA query_only=ON")
        statements = Statements(engine.dialect)
        writer = Writer(links[0], statements)
        idle: asyncio.LifoQueue[SqliteLink] = asyncio.LifoQueue()
        for reader in links[1:]:
            idle.put_nowait(reader)
        task = asyncio.create_task(writer.run(), name="sqlite writer")
        try:
            yield SqliteStorage(writer, idle, statements)
        finally:
            writer.stop()
            await asyncio.wait([task])


async def _link(engine: AsyncEngine, stack: contextlib.AsyncExitStack, busy_timeout: float) -> SqliteLink:
    connection: AsyncConnection = await stack.enter_async_context(engine.connect())
    driver = (await connection.get_raw_connection()).driver_connection
    link = SqliteLink(cast("aiosqlite.Connection", driver))
    for pragma in (f"busy_timeout={round(busy_timeout * 1000)}", *PRAGMAS):
        await link.command(f"PRAGMA {pragma}")
    return link
