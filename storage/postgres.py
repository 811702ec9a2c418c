"""PostgreSQL as `Storage`, for several processes.

Transactions are READ COMMITTED; what one reads stays locked until its end, and one that loses a race (a key exists since, a
deadlock) starts again. Connections come from SQLAlchemy's pool; one that the server has closed meanwhile is replaced when a
transaction begins, which needs no extra question to the server.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TypeVar

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.audit import AuditEntry
from bot.errors import TemporaryError
from bot.mail import Lease
from bot.ports import Reader, UnitOfWork
from storage.audit_log import read_entries
from storage.postgres_link import PostgresLink, translated
from storage.restarts import restarting
from storage.statements import Statements
from storage.unit import Unit, View

Result = TypeVar("Result")

TRIES = 5
PAUSE = 0.02
"""Seconds before the second try; longer before each further one."""
CONNECT_TIMEOUT = 10.0
COMMAND_TIMEOUT = 60.0
STALLED = "10s"
"""How long a transaction may wait for its own process. Beyond it the server ends the session: a process that was stopped, or whose
machine is gone, must not keep its locks from the others (all transactions meet at the audit trail)."""


class PostgresStorage:
    """`bot.ports.Storage` on a server."""

    def __init__(self, engine: AsyncEngine, connections: int) -> None:
        self._engine = engine
        self._connections = connections
        self._statements = Statements(engine.dialect)

    async def transact(self, work: Callable[[UnitOfWork], Awaitable[Result]], *, under: Lease | None = None) -> Result:
        """Run `work` in one transaction and return its result once that is durable."""
        return await restarting(lambda: self._once(work, under), tries=TRIES, pause=PAUSE)

    async def read(self, work: Callable[[Reader], Awaitable[Result]]) -> Result:
        """Run `work` on one consistent view without locking anything."""
        async with self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") as link:
            return await work(View(link, self._statements))

    async def audit_entries(self, *, after: int = 0, limit: int = 1000) -> Sequence[AuditEntry]:
        """Return up to `limit` entries of the audit trail behind the number `after`, in order."""
        async with self._transaction("BEGIN READ ONLY") as link:
            return await read_entries(link, self._statements, after=after, limit=limit)

    async def _once(self, work: Callable[[UnitOfWork], Awaitable[Result]], under: Lease | None) -> Result:
        async with self._transaction("BEGIN ISOLATION LEVEL READ COMMITTED") as link:
            unit = Unit(link, self._statements)
            if under is not None:
                await unit.hold(under)
            result = await work(unit)
            await unit.finish()
            return result

    @contextlib.asynccontextmanager
    async def _transaction(self, begin: str) -> AsyncIterator[PostgresLink]:
        async with self._connection() as connection:
            link = await self._begun(connection, begin)
            try:
                yield link
            except Exception:
                if not await link.rolled_back():
                    await connection.invalidate()
                raise
            try:
                await link.commit()
            except Exception:
                await connection.invalidate()
                raise

    @contextlib.asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        with translated():
            connection = await self._engine.connect()
        try:
            yield connection
        except asyncio.CancelledError:
            # Nobody knows how far the server came, so nobody else gets to see this connection.
            await connection.invalidate()
            raise
        finally:
            await connection.close()

    async def _begun(self, connection: AsyncConnection, begin: str) -> PostgresLink:
        """Begin, on another connection when the server has closed this one: nothing was done on it yet."""
        for _ in range(self._connections):
            link = await _link(connection)
            with contextlib.suppress(TemporaryError):
                await link.command(begin)
                return link
            await connection.invalidate()
        link = await _link(connection)
        await link.command(begin)
        return link


async def _link(connection: AsyncConnection) -> PostgresLink:
    with translated():
        return PostgresLink((await connection.get_raw_connection()).driver_connection)


@contextlib.asynccontextmanager
async def open_postgres(url: URL, *, connections: int = 8) -> AsyncIterator[PostgresStorage]:
    """Open the database, which must be migrated, with at most so many connections. None is made before it is needed."""
    engine = create_async_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        connect_args={
            "timeout": CONNECT_TIMEOUT,
            "command_timeout": COMMAND_TIMEOUT,
            "server_settings": {"idle_in_transaction_session_timeout": STALLED},
        },
    )
    try:
        yield PostgresStorage(engine, connections)
    finally:
        await engine.dispose()
