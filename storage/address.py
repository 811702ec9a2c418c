"""Reads DATABASE_URL: a SQLite file or a PostgreSQL database, and nothing else."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import PermanentError

KNOWN = "sqlite+aiosqlite:///var/deskmate.db or postgresql+asyncpg://user@host/database"


def address(url: str) -> URL:
    """Return the parts of `url`; `PermanentError` when it names no database that Deskmate can use."""
    try:
        place = make_url(url)
    except ArgumentError as error:
        raise PermanentError(f"DATABASE_URL is no database URL: write {KNOWN}.") from error
    file = place.drivername == "sqlite+aiosqlite" and place.database not in {None, "", ":memory:"}
    if not file and place.drivername != "postgresql+asyncpg":
        raise PermanentError(f"Deskmate keeps its data in a SQLite file or in PostgreSQL: write {KNOWN}.")
    return place


def sqlite_file(place: URL) -> Path | None:
    """Return the path of a SQLite file, having made its folder; None for PostgreSQL."""
    if place.get_backend_name() != "sqlite" or place.database is None:
        return None
    path = Path(place.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
