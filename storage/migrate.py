"""Brings a database to the tables of this version of Deskmate.

All steps of one call are one transaction, on SQLite too, so a kill midway leaves the old tables or the new ones. Two processes
that migrate at once do so one after the other. A database that a newer Deskmate has migrated is refused: old code would misread it.
Alembic, which takes the steps, is loaded only where there are some to take: it is large, and most starts find nothing to do.
"""

from contextlib import AbstractContextManager

from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import create_async_engine

from storage import sqlite_link
from storage.address import address, sqlite_file

HEAD = "0006"
"""The newest revision (a test compares it with the scripts)."""
LOCK = 0x6465736B
"""The PostgreSQL advisory lock that migrations take ("desk")."""


async def migrate(url: str, *, to: str = "head") -> None:
    """Bring the database to the revision `to`; nothing happens when it is there already.

    Raises `PermanentError` when the database is newer than this code or was made by something else, `TemporaryError` when nobody
    can reach it now.
    """
    place = address(url)
    sqlite_file(place)
    engine = create_async_engine(place, isolation_level="AUTOCOMMIT")
    try:
        with _translated(place.get_backend_name()):
            async with engine.connect() as connection:
                await connection.run_sync(_upgrade, to)
    finally:
        await engine.dispose()


def _translated(backend: str) -> AbstractContextManager[None]:
    """Return what tells the failures of this kind of database in our words."""
    if backend == "sqlite":
        return sqlite_link.translated()
    from storage import postgres_link  # noqa: PLC0415  # its driver is loaded only where it is used

    return postgres_link.translated()


def _upgrade(connection: Connection, to: str) -> None:
    postgres = connection.dialect.name == "postgresql"
    # The engine leaves transactions to us: the SQLite driver would commit at every CREATE TABLE.
    connection.exec_driver_sql("BEGIN" if postgres else "BEGIN IMMEDIATE")
    try:
        if postgres:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        if to != "head" or _revisions(connection) != [HEAD]:
            from storage.upgrade import upgrade  # noqa: PLC0415  # 8 MB that a database which is up to date does not need

            upgrade(connection, to)
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")


def _revisions(connection: Connection) -> list[str]:
    """Return the revisions that the database says it is at."""
    if not inspect(connection).has_table("alembic_version"):
        return []
    return [str(row[0]) for row in connection.exec_driver_sql("SELECT version_num FROM alembic_version")]
