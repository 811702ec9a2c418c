"""Brings a database to the tables of this version of Deskmate, step by step, with Alembic.

All steps of one call are one transaction, on SQLite too, so a kill midway leaves the old tables or the new ones. Two processes
that migrate at once do so one after the other. A database that a newer Deskmate has migrated is refused: old code would misread it.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from bot.errors import PermanentError
from storage import postgres_link, sqlite_link
from storage.address import address, sqlite_file

SCRIPTS = Path(__file__).with_name("migrations")
TRANSLATED = {"sqlite": sqlite_link.translated, "postgresql": postgres_link.translated}
"""How the failures of each kind of database are told."""
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
        with TRANSLATED[place.get_backend_name()]():
            async with engine.connect() as connection:
                await connection.run_sync(_upgrade, to)
    finally:
        await engine.dispose()


def configuration() -> Config:
    """Return Alembic's configuration, which needs no file."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


def _upgrade(connection: Connection, to: str) -> None:
    postgres = connection.dialect.name == "postgresql"
    # The engine leaves transactions to us: the SQLite driver would commit at every CREATE TABLE.
    connection.exec_driver_sql("BEGIN" if postgres else "BEGIN IMMEDIATE")
    try:
        if postgres:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        config = configuration()
        _refuse_newer(connection, ScriptDirectory.from_config(config))
        config.attributes["connection"] = connection
        command.upgrade(config, to)
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")


def _refuse_newer(connection: Connection, scripts: ScriptDirectory) -> None:
    known = {script.revision for script in scripts.walk_revisions()}
    unknown = set(MigrationContext.configure(connection).get_current_heads()) - known
    if unknown:
        raise PermanentError(
            f"The database was migrated by a newer Deskmate (revision {', '.join(sorted(unknown))}): start that version or a later one."
        )
