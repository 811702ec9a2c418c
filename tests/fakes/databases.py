"""Databases for tests: empty, migrated, gone afterwards.

`storage` gives each of the three storages in turn, `database_url` each of the two databases. SQLite is a file in the test's folder.
PostgreSQL is a database of this test process alone on the local server; where there is no server the tests skip and say
so, unless `DESKMATE_TEST_POSTGRES=required`, as in continuous integration.
"""

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg  # type: ignore[import-untyped]
import pytest
import pytest_asyncio

from storage.database import open_database
from storage.migrate import migrate
from storage.postgres import PostgresStorage
from storage.sqlite import SqliteStorage
from storage.tables import METADATA
from tests.fakes.memory import MemoryStorage

AnyStorage: TypeAlias = MemoryStorage | SqliteStorage | PostgresStorage

SERVER = "postgresql://postgres@127.0.0.1:5432"
BACKENDS = ("memory", "sqlite", "postgres")


def sqlite_url(folder: Path) -> str:
    """Return the URL of a file in `folder`, which nobody has made yet."""
    return f"sqlite+aiosqlite:///{folder / 'desk.db'}"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a migrated, empty SQLite file; copies of it are quicker than migrations."""
    folder = tmp_path_factory.mktemp("migrated")
    _apart(migrate(sqlite_url(folder)))
    return folder / "desk.db"


@pytest.fixture(scope="session")
def empty_postgres() -> Iterator[str]:
    """Give the URL of a database without tables."""
    with postgres_url() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_postgres() -> Iterator[str]:
    """Give the URL of a migrated database that the tests of this process share."""
    with postgres_url() as url:
        _apart(migrate(url))
        yield url


@pytest.fixture
def sqlite_database(migrated_file: Path, tmp_path: Path) -> str:
    """Give the URL of an empty, migrated SQLite file of this test."""
    shutil.copy(migrated_file, tmp_path / "desk.db")
    return sqlite_url(tmp_path)


@pytest.fixture
def postgres_database(migrated_postgres: str) -> str:
    """Give the URL of the migrated PostgreSQL database, emptied."""
    _apart(_execute(plain(migrated_postgres), f"TRUNCATE {', '.join(METADATA.tables)} RESTART IDENTITY CASCADE"))
    return migrated_postgres


@pytest.fixture(params=BACKENDS[1:])
def database_url(request: pytest.FixtureRequest) -> str:
    """Give the URL of an empty, migrated database: of each kind in turn."""
    url: str = request.getfixturevalue(f"{request.param}_database")
    return url


@pytest_asyncio.fixture(params=BACKENDS)
async def storage(request: pytest.FixtureRequest) -> AsyncIterator[AnyStorage]:
    """Give an empty storage: in memory, on SQLite and on PostgreSQL in turn."""
    if request.param == "memory":
        yield MemoryStorage()
        return
    async with open_database(request.getfixturevalue(f"{request.param}_database")) as opened:
        yield opened


def plain(url: str) -> str:
    """Return a database's URL as the driver alone reads it."""
    return url.replace("+asyncpg", "").replace("+aiosqlite", "")


@contextmanager
def postgres_url() -> Iterator[str]:
    """Make a PostgreSQL database of this block's own, without tables, and give its URL; skip the test where there is no server."""
    name = f"deskmate_test_{os.getpid()}_{secrets.token_hex(4)}"
    try:
        _apart(_execute(f"{SERVER}/postgres", f"CREATE DATABASE {name}"))
    except OSError as error:
        if os.environ.get("DESKMATE_TEST_POSTGRES") == "required":
            pytest.fail(f"PostgreSQL is required and does not answer at {SERVER}: {error}")
        pytest.skip(f"No PostgreSQL answers at {SERVER}")
    try:
        yield f"{SERVER.replace('://', '+asyncpg://')}/{name}"
    finally:
        _apart(_execute(f"{SERVER}/postgres", f"DROP DATABASE {name} WITH (FORCE)"))


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _apart(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` in a loop of its own, away from the loops of the tests."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()
