"""Migrations lead from every earlier revision to the tables of this code, whole or not at all."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.counter import Counter
from bot.errors import PermanentError, TemporaryError
from storage.database import open_database
from storage.migrate import HEAD, migrate
from storage.tables import METADATA
from storage.upgrade import configuration
from tests.fakes.databases import plain, postgres_url, sqlite_url

REVISIONS = [script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()][::-1]


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a database without tables: of each kind in turn."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "folder" / "that is new")
        return
    with postgres_url() as url:
        yield url


async def differences(url: str) -> list[Any]:
    """Return how the database's tables differ from the code's."""

    def compare(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, METADATA))

    engine = create_async_engine(url)
    async with engine.connect() as connection:
        found = await connection.run_sync(compare)
    await engine.dispose()
    return found


async def execute(url: str, statement: str) -> None:
    """Run one statement."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


def test_the_head_is_the_newest_revision() -> None:
    """A database at `HEAD` is taken for up to date without a look at the scripts, so the constant must be theirs."""

    assert HEAD == ScriptDirectory.from_config(configuration()).get_current_head()


@pytest.mark.parametrize("start", [None, *REVISIONS])
async def test_every_revision_leads_to_the_tables_of_the_code(empty: str, start: str | None) -> None:
    """From nothing and from each revision, upwards, twice."""
    if start is not None:
        await migrate(empty, to=start)

    await migrate(empty)
    await migrate(empty)

    assert await differences(empty) == []


async def test_two_may_migrate_at_once(empty: str) -> None:
    """Two processes that start together both end with the tables."""
    await asyncio.gather(migrate(empty), migrate(empty))

    assert await differences(empty) == []


async def test_a_newer_database_is_refused(empty: str) -> None:
    """A revision that this code does not know stops it, with a sentence."""
    await migrate(empty)
    await execute(empty, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(PermanentError, match="newer Deskmate"):
        await migrate(empty)


async def test_a_migration_that_fails_leaves_the_old_tables(empty: str) -> None:
    """A table in the way makes the first revision fail in the middle; nothing of it stays."""
    if empty.startswith("sqlite"):
        await migrate(empty, to="base")
    await execute(empty, "CREATE TABLE spending (mine INTEGER)")

    with pytest.raises(PermanentError, match="not those of this version"):
        await migrate(empty)

    await execute(empty, "DROP TABLE spending")
    await migrate(empty)
    assert await differences(empty) == []


def test_the_file_is_left_alone_by_a_second_look(sqlite_database: str) -> None:
    """The tables of the fixture's file are those that a migration makes."""
    path = Path(plain(sqlite_database).removeprefix("sqlite:///"))

    with closing(sqlite3.connect(path)) as file:
        names = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

    assert set(METADATA.tables) | {"alembic_version", "sqlite_sequence"} == names


async def test_a_database_that_was_not_migrated_is_told(empty: str) -> None:
    """Whoever reads or writes without tables learns what to run."""
    async with open_database(empty) as storage:
        with pytest.raises(PermanentError, match="deskmate migrate"):
            await storage.read(lambda reader: reader.get(Counter, "c"))
        with pytest.raises(PermanentError, match="deskmate migrate"):
            await storage.transact(lambda unit: unit.get(Counter, "c"))


async def test_no_server_is_weather() -> None:
    """Nobody listens on port 1."""
    with pytest.raises(TemporaryError, match="see that it runs"):
        await migrate("postgresql+asyncpg://postgres@127.0.0.1:1/none")
