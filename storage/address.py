"""Reads DATABASE_URL: a SQLite file or a PostgreSQL database, and nothing else.

What is wrong with a URL is never quoted: it may hold a password. A SQLite file is made here, readable by its owner alone, since it
holds private notes; SQLite gives its log the same permissions.
"""

import contextlib
import os
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import PermanentError

KNOWN = "sqlite+aiosqlite:///var/deskmate.db or postgresql+asyncpg://user@host/database"


def address(url: str) -> URL:
    """Return the parts of `url`; `PermanentError` when it names no database that Deskmate can use."""
    try:
        place = make_url(url)
    except (ArgumentError, ValueError):
        raise PermanentError(f"DATABASE_URL is no database URL: write {KNOWN}.") from None
    file = place.drivername == "sqlite+aiosqlite" and place.database not in {None, "", ":memory:"}
    if not file and place.drivername != "postgresql+asyncpg":
        raise PermanentError(f"Deskmate keeps its data in a SQLite file or in PostgreSQL: write {KNOWN}.")
    return place


def sqlite_file(place: URL) -> Path | None:
    """Return the path of a SQLite file, having made it and its folder; None for PostgreSQL."""
    if place.get_backend_name() != "sqlite" or place.database is None:
        return None
    path = Path(place.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(OSError):  # whoever opens it says what is wrong with it
        os.close(os.open(path, os.O_CREAT | os.O_RDONLY, 0o600))
    return path
