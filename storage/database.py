"""Opens the database that a URL names, as `bot.ports.Storage`. PostgreSQL's driver is loaded only where it is named."""

import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from bot.ports import Storage
from storage.address import address, sqlite_file
from storage.sqlite import SqliteStorage, open_sqlite

if TYPE_CHECKING:
    from storage.postgres import PostgresStorage


def ahead(storage: Storage) -> Storage:
    """Return the same database for what must not wait behind work; where there are many writers, nobody does."""
    return storage.ahead() if isinstance(storage, SqliteStorage) else storage


@contextlib.asynccontextmanager
async def open_database(
    url: str, *, connections: int = 8, busy_timeout: float = 5.0
) -> "AsyncIterator[SqliteStorage | PostgresStorage]":
    """Open the database until the block ends; it must have been migrated (`storage.migrate.migrate`).

    `connections` is PostgreSQL's most; `busy_timeout` is how many seconds to wait for a SQLite file that somebody else holds.
    Raises `PermanentError` for a URL of another kind.
    """
    place = address(url)
    if sqlite_file(place) is not None:
        async with open_sqlite(place, busy_timeout=busy_timeout) as sqlite:
            yield sqlite
    else:
        from storage.postgres import open_postgres  # noqa: PLC0415  # see above

        async with open_postgres(place, connections=connections) as postgres:
            yield postgres
