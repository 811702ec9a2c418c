"""Opens the database that a URL names, as `bot.ports.Storage`."""

import contextlib
from collections.abc import AsyncIterator

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import PermanentError
from storage.migrate import make_folder
from storage.postgres import PostgresStorage, open_postgres
from storage.sqlite import SqliteStorage, open_sqlite

KNOWN = "sqlite+aiosqlite:///var/deskmate.db or postgresql+asyncpg://user@host/database"


@contextlib.asynccontextmanager
async def open_database(
    url: str, *, connections: int = 8, busy_timeout: float = 5.0
) -> AsyncIterator[SqliteStorage | PostgresStorage]:
    """Open the database until the block ends; it must have been migrated (`storage.migrate.migrate`).

    `connections` is PostgreSQL's most; `busy_timeout` is how many seconds to wait for a SQLite file that somebody else holds.
    Raises `PermanentError` for a URL of another kind.
    """
    try:
        place = make_url(url)
    except ArgumentError as error:
        raise PermanentError(f"DATABASE_URL is no database URL: write {KNOWN}.") from error
    match place.drivername:
        case "sqlite+aiosqlite" if place.database and place.database != ":memory:":
            make_folder(place)
            async with open_sqlite(place, busy_timeout=busy_timeout) as sqlite:
                yield sqlite
        case "postgresql+asyncpg":
            async with open_postgres(place, connections=connections) as postgres:
                yield postgres
        case _:
            raise PermanentError(f"Deskmate keeps its data in a SQLite file or in PostgreSQL: write {KNOWN}.")
