"""The audit trail on SQLite stays one chain although its writer remembers the head: whatever is undone is forgotten with it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest_asyncio

from bot.audit import GENESIS, Event
from bot.counter import Counter
from bot.errors import DeskmateError, TemporaryError
from bot.labels import SYSTEM
from bot.ports import UnitOfWork
from storage.database import open_database
from storage.mapping import EPOCH
from storage.sqlite import SqliteStorage
from tests.fakes.databases import plain


@pytest_asyncio.fixture
async def desk(sqlite_database: str) -> AsyncIterator[SqliteStorage]:
    """Give SQLite, which waits 50 ms for a file that somebody else holds."""
    async with open_database(sqlite_database, busy_timeout=0.05) as opened:
        assert isinstance(opened, SqliteStorage)
        yield opened


async def note(desk: SqliteStorage, kind: str, *, failing: bool = False) -> None:
    """Add a counter and an audit entry in one transaction, which fails at its very end where that is wished."""

    async def work(unit: UnitOfWork) -> None:
        await unit.audit(Event(kind=kind, actor=SYSTEM, at=EPOCH))
        await unit.add(Counter(id=kind))
        if failing:
            await unit.put(Counter(id="nobody"))

    await desk.transact(work)


async def whole(desk: SqliteStorage) -> list[int]:
    """Return the numbers of the entries, each of which names the hash of the one before."""
    entries = await desk.audit_entries()
    assert [GENESIS, *(entry.hash for entry in entries)][: len(entries)] == [entry.previous for entry in entries]
    return [entry.number for entry in entries]


async def test_members_that_fail_leave_no_gap(desk: SqliteStorage) -> None:
    """Of transactions that share commits, every third of which fails, the others' entries are numbered without a gap."""

    many = [note(desk, f"k{number}", failing=number % 3 == 1) for number in range(30)]

    outcomes = await asyncio.gather(*many, return_exceptions=True)

    assert 10 == sum(1 for outcome in outcomes if isinstance(outcome, DeskmateError))
    assert list(range(1, 21)) == await whole(desk)


async def test_a_full_disk_leaves_no_gap(desk: SqliteStorage) -> None:
    """SQLite ends a transaction by itself when its disk is full; the next entry follows the last that was stored."""

    await note(desk, "before")
    writer = desk._writer._link
    pages = int(str((await writer.fetch("PRAGMA page_count"))[0][0]))
    await writer.command(f"PRAGMA max_page_count={pages}")
    for number in range(200):
        try:
            await note(desk, f"k{number}" + "x" * 2000)
        except TemporaryError:
            break
    await writer.command("PRAGMA max_page_count=1000000")

    await note(desk, "after")

    numbers = await whole(desk)
    assert list(range(1, len(numbers) + 1)) == numbers


async def test_another_writer_is_noticed(desk: SqliteStorage, sqlite_database: str) -> None:
    """An entry that somebody else chained meanwhile is followed, not overwritten."""

    await note(desk, "ours")
    async with open_database(sqlite_database) as other:
        assert isinstance(other, SqliteStorage)
        await note(other, "theirs")

    await note(desk, "ours again")

    assert [1, 2, 3] == await whole(desk)
    with closing(sqlite3.connect(Path(plain(sqlite_database).removeprefix("sqlite:///")))) as file:
        assert 3 == file.execute("SELECT count(*) FROM audit").fetchone()[0]
