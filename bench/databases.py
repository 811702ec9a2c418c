"""Empty, migrated databases for a benchmark: a SQLite file, or a PostgreSQL database of its own where a server answers."""

import contextlib
import os
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]

from storage.migrate import migrate

SERVER = os.environ.get("DESKMATE_BENCH_POSTGRES", "postgresql://postgres@127.0.0.1:5432")


@contextlib.asynccontextmanager
async def sqlite(folder: Path) -> AsyncIterator[str]:
    """Give the URL of a file in `folder`."""
    url = f"sqlite+aiosqlite:///{folder / f'{secrets.token_hex(4)}.db'}"
    await migrate(url)
    yield url


@contextlib.asynccontextmanager
async def postgres() -> AsyncIterator[str | None]:
    """Give the URL of a database that is gone afterwards; None where no server answers."""
    name = f"deskmate_bench_{os.getpid()}_{secrets.token_hex(4)}"
    try:
        await _execute(f"CREATE DATABASE {name}")
    except (OSError, asyncpg.PostgresError):
        yield None
        return
    try:
        url = f"{SERVER.replace('://', '+asyncpg://')}/{name}"
        await migrate(url)
        yield url
    finally:
        await _execute(f"DROP DATABASE {name} WITH (FORCE)")


async def _execute(statement: str) -> None:
    connection = await asyncpg.connect(f"{SERVER}/postgres", timeout=10)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
