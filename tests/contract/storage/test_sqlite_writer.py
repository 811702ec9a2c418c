"""The writer of SQLite: shared commits, members that fail alone, a file that cannot be written for a while."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio

from bot.audit import Event
from bot.counter import Counter
from bot.errors import PermanentError, TemporaryError
from bot.labels import SYSTEM
from bot.person import Person
from bot.ports import Reader, UnitOfWork
from storage.database import open_database
from storage.mapping import EPOCH
from storage.migrate import migrate
from storage.sqlite import SqliteStorage
from storage.sqlite_link import SqliteLink
from tests.fakes.databases import plain


@pytest.fixture
def file(sqlite_database: str) -> Path:
    """Give the path of the database's file."""
    return Path(plain(sqlite_database).removeprefix("sqlite:///"))


@pytest_asyncio.fixture
async def desk(sqlite_database: str) -> AsyncIterator[SqliteStorage]:
    """Give SQLite, which waits 50 ms for a file that somebody else holds."""
    async with open_database(sqlite_database, busy_timeout=0.05) as opened:
        assert isinstance(opened, SqliteStorage)
        yield opened


async def count(desk: SqliteStorage, key: str) -> None:
    """Add a counter and an audit entry in one transaction."""

    async def work(unit: UnitOfWork) -> None:
        await unit.add(Counter(id=key))
        await unit.audit(Event(kind=key, actor=SYSTEM, at=EPOCH))

    await desk.transact(work)


def stored(file: Path) -> list[str]:
    """Return the keys of the counters that another connection sees."""
    with closing(sqlite3.connect(file)) as other:
        return [key for (key,) in other.execute("SELECT id FROM counter ORDER BY added")]


async def kinds(desk: SqliteStorage) -> list[str]:
    """Return the keys of the counters that the storage sees."""

    async def work(reader: Reader) -> list[str]:
        return [counter.id for counter in await reader.find(Counter)]

    return await desk.read(work)


async def test_transactions_share_commits(desk: SqliteStorage, file: Path) -> None:
    """Two hundred at once need a few commits, and each is on disk when it returns."""

    async def one(number: int) -> bool:
        await count(desk, f"c{number}")
        return f"c{number}" in stored(file)

    durable = await asyncio.gather(*[one(number) for number in range(200)])

    assert all(durable)
    assert 4 <= desk.commits <= 100


async def test_one_alone_is_committed_at_once(desk: SqliteStorage) -> None:
    """Nobody waits for company: ten one after the other are ten commits."""
    for number in range(10):
        await count(desk, f"c{number}")

    assert desk.commits == 10


async def test_a_member_fails_alone(desk: SqliteStorage, file: Path) -> None:
    """Of a group, those that fail leave nothing and the others stay, whoever is first."""

    async def one(number: int) -> None:
        async def work(unit: UnitOfWork) -> None:
            await unit.add(Counter(id=f"c{number}"))
            await unit.find(Counter)
            await unit.audit(Event(kind="counted", actor=SYSTEM, at=EPOCH))
            if number % 3 == 0:
                raise KeyError(number)

        await desk.transact(work)

    results = await asyncio.gather(*[one(number) for number in range(30)], return_exceptions=True)

    assert [number % 3 == 0 for number in range(30)] == [isinstance(result, KeyError) for result in results]
    assert [f"c{number}" for number in range(30) if number % 3] == stored(file)
    assert list(range(1, 21)) == [entry.number for entry in await desk.audit_entries()]


async def test_a_cancelled_caller_leaves_the_others_whole(desk: SqliteStorage, file: Path) -> None:
    """A caller that is cancelled while its work runs, or while it waits, leaves nothing; its neighbours are stored."""
    begun = asyncio.Event()
    go_on = asyncio.Event()

    async def slow(unit: UnitOfWork) -> None:
        await unit.add(Counter(id="cancelled"))
        await unit.find(Counter)
        begun.set()
        await go_on.wait()

    before = asyncio.create_task(count(desk, "before"))
    running = asyncio.create_task(desk.transact(slow))
    waiting = asyncio.create_task(count(desk, "waiting"))
    after = asyncio.create_task(count(desk, "after"))
    await begun.wait()
    running.cancel()
    waiting.cancel()
    await asyncio.wait([running, waiting])
    go_on.set()
    await asyncio.gather(before, after)

    assert running.cancelled()
    assert waiting.cancelled()
    assert stored(file) == ["before", "after"]


async def test_a_closed_database_answers(sqlite_database: str, file: Path) -> None:
    """What waits when the database is closed is done; what comes later is refused, and nobody waits for ever."""
    async with open_database(sqlite_database) as opened:
        assert isinstance(opened, SqliteStorage)
        last = asyncio.create_task(count(opened, "last"))
        await asyncio.sleep(0)

    with pytest.raises(TemporaryError, match="stopping"):
        await count(opened, "late")
    await last

    assert stored(file) == ["last"]


async def test_a_cancelled_writer_lets_everybody_go(desk: SqliteStorage, file: Path) -> None:
    """When the writer's task itself is cancelled, as at a hard end, its callers are told and nothing is half stored."""
    begun = asyncio.Event()

    async def forever(unit: UnitOfWork) -> None:
        await unit.add(Counter(id="half"))
        await unit.find(Counter)
        begun.set()
        await asyncio.Event().wait()

    callers = [asyncio.create_task(desk.transact(forever)), asyncio.create_task(count(desk, "waiting"))]
    await begun.wait()
    next(task for task in asyncio.all_tasks() if task.get_name() == "sqlite writer").cancel()

    told = await asyncio.gather(*callers, return_exceptions=True)

    assert [TemporaryError, TemporaryError] == [type(one) for one in told]
    assert stored(file) == []


async def test_a_cancelled_reader_gives_its_connection_back(desk: SqliteStorage) -> None:
    """Readers that were cancelled in the middle do not use up the connections."""
    begun = asyncio.Semaphore(0)

    async def forever(reader: Reader) -> None:
        await reader.find(Counter)
        begun.release()
        await asyncio.Event().wait()

    for _ in range(8):
        task = asyncio.create_task(desk.read(forever))
        await begun.acquire()
        task.cancel()
        await asyncio.wait([task])
    await count(desk, "c")

    assert await kinds(desk) == ["c"]


async def test_a_reader_keeps_its_view(desk: SqliteStorage) -> None:
    """What is committed while a reader reads does not show in its view, and the writer does not wait for it."""

    async def twice(reader: Reader) -> list[int]:
        first = len(await reader.find(Counter))
        await count(desk, "c")
        return [first, len(await reader.find(Counter))]

    assert await desk.read(twice) == [0, 0]
    assert await kinds(desk) == ["c"]


async def test_a_locked_file_is_weather(desk: SqliteStorage, file: Path) -> None:
    """While another process holds the file, all who wait fail with TemporaryError; then the writer goes on by itself."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        failures = await asyncio.gather(*[count(desk, f"c{n}") for n in range(5)], return_exceptions=True)
        other.execute("ROLLBACK")
    await count(desk, "later")

    assert [TemporaryError] * 5 == [type(failure) for failure in failures]
    assert stored(file) == ["later"]


async def test_a_full_disk_is_weather(desk: SqliteStorage, file: Path) -> None:
    """When the file cannot grow, what did not fit fails with TemporaryError, what was acknowledged stays, and it recovers."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        pages = other.execute("PRAGMA page_count").fetchone()[0]
    await desk._writer._link.command(f"PRAGMA max_page_count={pages + 20}")

    async def big(number: int) -> str:
        async def work(unit: UnitOfWork) -> None:
            await unit.add(Person(id=f"p{number}", name="x" * 10_000))  # type: ignore[arg-type]

        await desk.transact(work)
        return f"p{number}"

    results = await asyncio.gather(*[big(number) for number in range(40)], return_exceptions=True)
    await desk._writer._link.command(f"PRAGMA max_page_count={2**30}")
    await big(100)

    acknowledged = [result for result in results if isinstance(result, str)]
    people = await desk.read(lambda reader: reader.find(Person))
    assert {TemporaryError, str} >= {type(result) for result in results}
    assert len(acknowledged) < 40
    assert [*acknowledged, "p100"] == [person.id for person in people]


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    """The sentence says what to do."""
    (tmp_path / "desk.db").write_bytes(b"no database" * 1000)

    with pytest.raises(PermanentError, match="restore it"):
        async with open_database(f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}"):
            pass


@pytest.mark.parametrize("url", ["sqlite+aiosqlite://", "sqlite:///a.db", "mysql://x/y", "nonsense"])
async def test_other_databases_are_refused(url: str) -> None:
    """The sentence names the two kinds of URL that work."""
    with pytest.raises(PermanentError, match="postgresql\\+asyncpg"):
        async with open_database(url):
            pass
    with pytest.raises(PermanentError, match="postgresql\\+asyncpg"):
        await migrate(url)


async def test_the_connections_are_set_up(desk: SqliteStorage) -> None:
    """The writer waits for the disk and checks references; readers cannot write."""

    async def setting(link: SqliteLink, name: str) -> object:
        return (await link.fetch(f"PRAGMA {name}"))[0][0]

    writer = desk._writer._link
    async with desk._view() as reader:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only")
        found = [[await setting(link, name) for name in names] for link in (writer, reader)]

    assert found == [["wal", 2, 1, 50, 0], ["wal", 2, 1, 50, 1]]
