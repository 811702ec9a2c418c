"""PostgreSQL with several at work: races that start again, connections that break, a commit whose answer is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import asyncpg  # type: ignore[import-untyped]
import pytest
import pytest_asyncio
from sqlalchemy import make_url

from bot.counter import Counter
from bot.errors import PermanentError, TemporaryError
from bot.ports import UnitOfWork
from storage.database import open_database
from storage.postgres import PostgresStorage
from tests.fakes.databases import plain


@pytest_asyncio.fixture
async def desk(postgres_database: str) -> AsyncIterator[PostgresStorage]:
    """Give PostgreSQL with three connections at most."""
    async with open_database(postgres_database, connections=3) as opened:
        assert isinstance(opened, PostgresStorage)
        yield opened


async def disconnect(url: str) -> None:
    """Have the server end all connections to the database but this one, as a restart does."""
    connection = await asyncpg.connect(plain(url))
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    await connection.execute(others)
    await connection.close()


async def add(desk: PostgresStorage, *keys: str) -> None:
    """Add counters in one transaction."""

    async def work(unit: UnitOfWork) -> None:
        await unit.add(*[Counter(id=key) for key in keys])

    await desk.transact(work)


async def keys(desk: PostgresStorage) -> list[str]:
    """Return the keys of the counters that are stored."""
    return [counter.id for counter in await desk.read(lambda reader: reader.find(Counter))]


async def test_those_who_only_look_at_each_other_do_not_wait(desk: PostgresStorage) -> None:
    """What is found with a limit is not locked: each holds its own record and looks at all, at its first try."""
    await add(desk, "a", "b")
    met = asyncio.Barrier(2)
    tries: list[str] = []

    async def look(own: str) -> int:
        async def work(unit: UnitOfWork) -> int:
            tries.append(own)
            await unit.get(Counter, own)
            await met.wait()
            return len(await unit.find(Counter, limit=10))

        return await desk.transact(work)

    async with asyncio.timeout(10):
        seen = list(await asyncio.gather(look("a"), look("b")))

    assert ([2, 2], ["a", "b"]) == (seen, sorted(tries))


async def test_a_deadlock_starts_again(desk: PostgresStorage) -> None:
    """Two that lock the same records in opposite order both end well."""
    await add(desk, "a", "b")
    met = asyncio.Barrier(2)

    async def raise_both(first: str, second: str) -> None:
        waited = False

        async def work(unit: UnitOfWork) -> None:
            nonlocal waited
            one = await unit.get(Counter, first)
            if not waited:
                waited = True
                await met.wait()
            two = await unit.get(Counter, second)
            assert one is not None
            assert two is not None
            await unit.put(replace(one, value=one.value + 1), replace(two, value=two.value + 1))

        await desk.transact(work)

    await asyncio.gather(raise_both("a", "b"), raise_both("b", "a"))

    assert [counter.value for counter in await desk.read(lambda reader: reader.find(Counter))] == [2, 2]


async def test_two_that_add_the_same_end_with_one(desk: PostgresStorage) -> None:
    """Both look, neither finds, both add: the second starts again and finds."""
    met = asyncio.Barrier(2)

    async def once() -> str:
        waited = False

        async def work(unit: UnitOfWork) -> str:
            nonlocal waited
            found = await unit.get(Counter, "c")
            if not waited:
                waited = True
                await met.wait()
            if found is not None:
                return "found"
            await unit.add(Counter(id="c"))
            return "added"

        return await desk.transact(work)

    assert sorted(await asyncio.gather(once(), once())) == ["added", "found"]


async def test_closed_connections_are_replaced(desk: PostgresStorage, postgres_database: str) -> None:
    """After the server ended all idle connections, the next transactions do not notice."""
    await asyncio.gather(*[add(desk, f"a{number}") for number in range(3)])

    await disconnect(postgres_database)
    await asyncio.gather(*[add(desk, f"b{number}") for number in range(3)])

    assert {"a0", "a1", "a2", "b0", "b1", "b2"} == set(await keys(desk))


async def test_a_connection_lost_in_the_middle_is_weather(desk: PostgresStorage, postgres_database: str) -> None:
    """The transaction fails with TemporaryError and leaves nothing; the next one works."""

    async def work(unit: UnitOfWork) -> None:
        await unit.add(Counter(id="lost"))
        await unit.find(Counter)
        await disconnect(postgres_database)
        await unit.find(Counter)

    with pytest.raises(TemporaryError) as caught:
        await desk.transact(work)
    await add(desk, "later")

    assert not caught.value.maybe_done
    assert await keys(desk) == ["later"]


async def test_a_cancelled_caller_leaves_nothing(desk: PostgresStorage) -> None:
    """Callers that are cancelled in the middle do not use up connections, nor keep locks."""
    begun = asyncio.Semaphore(0)

    async def work(unit: UnitOfWork) -> None:
        await unit.add(Counter(id="cancelled"))
        await unit.find(Counter)
        begun.release()
        await asyncio.Event().wait()

    for _ in range(5):
        task = asyncio.create_task(desk.transact(work))
        await begun.acquire()
        task.cancel()
        await asyncio.wait([task])
    await add(desk, "cancelled")

    assert await keys(desk) == ["cancelled"]


async def test_hidden_failures_are_not_acknowledged(desk: PostgresStorage) -> None:
    """Work that swallows a conflict is not told that it was stored."""
    await add(desk, "c")

    async def work(unit: UnitOfWork) -> None:
        await unit.add(Counter(id="c"), Counter(id="d"))
        try:
            await unit.find(Counter)
        except Exception:  # noqa: BLE001 -- what work must not do
            return

    with pytest.raises(Exception, match="exists already"):
        await desk.transact(work)

    assert await keys(desk) == ["c"]


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, last: bytes | None) -> None:
    """Pass on what comes, until the end or until `last` has been passed on."""
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
        if last is not None and last in data:
            return


@asynccontextmanager
async def cutting(url: str, word: bytes) -> AsyncIterator[str]:
    """Give the URL of a way to the server that is cut as soon as the client has sent `word`, which still arrives."""
    there = make_url(url)
    meetings: list[asyncio.Task[None]] = []

    async def meet(client: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        server, questions = await asyncio.open_connection(there.host, there.port or 5432)
        ways = [asyncio.create_task(carry(client, questions, word)), asyncio.create_task(carry(server, answers, None))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        for end in (answers, questions):
            end.close()
            with suppress(ConnectionError):
                await end.wait_closed()

    def begin(client: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        meetings.append(asyncio.create_task(meet(client, answers)))

    async with await asyncio.start_server(begin, "127.0.0.1") as listening:
        here = there.set(host="127.0.0.1", port=listening.sockets[0].getsockname()[1])
        yield here.render_as_string(hide_password=False)
        await asyncio.gather(*meetings)


async def test_a_commit_whose_answer_is_lost_may_be_done(postgres_database: str) -> None:
    """The caller is told that nobody knows whether it was stored."""
    async with cutting(postgres_database, b"COMMIT\x00") as url, open_database(url) as cut:
        assert isinstance(cut, PostgresStorage)
        with pytest.raises(TemporaryError) as caught:
            await add(cut, "c")

    assert caught.value.maybe_done


async def test_no_server_is_weather_and_no_database_is_not() -> None:
    """The sentences say what to do."""
    async with open_database("postgresql+asyncpg://postgres@127.0.0.1:1/none") as nowhere:
        with pytest.raises(TemporaryError, match="see that it runs"):
            await nowhere.read(lambda reader: reader.find(Counter))


async def test_an_unknown_database_is_told(postgres_database: str) -> None:
    """Repeating would not help, so it is no weather."""
    unknown = make_url(postgres_database).set(database="deskmate_never_made").render_as_string(hide_password=False)

    async with open_database(unknown) as nowhere:
        with pytest.raises(PermanentError, match="create the database"):
            await nowhere.read(lambda reader: reader.find(Counter))
