"""A connection to PostgreSQL, with the driver's failures turned into the desk's words.

PostgreSQL names every failure by a code of five characters (its manual, appendix A); the first two are the class. What a code means
for us is decided here and nowhere else.
"""

import contextlib
from collections.abc import Iterator, Sequence
from typing import cast

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.errors import Conflict, DeskmateError, PermanentError, TemporaryError
from storage.mapping import Value
from storage.problems import BrokenRule
from storage.restarts import LostRace
from storage.statements import Bound
from storage.unit import Head, Order

CHAIN = 0x6175646974
"""The advisory lock of the audit trail ("audit")."""
RACES = {"40001", "40P01", "55P03"}
"""Serialization failure, deadlock, lock not available."""
WEATHER = {"08", "25", "53", "57", "58"}
"""Connection, read-only after a failover, resources, operator's intervention, system error."""
LACKING = {"42P01", "42703", "42P07"}
"""No such table, no such column, a table in the way."""
WRONG_DOOR = {"28", "3D", "3F"}
"""Not allowed in, no such database, no such schema."""


class PostgresLink:
    """One connection of the driver, in its own words on one side and ours on the other."""

    shared = True

    def __init__(self, driver: asyncpg.Connection) -> None:
        self._driver = driver

    async def command(self, text: str) -> str:
        """Run a statement that returns nothing, such as BEGIN, and return what the server calls it."""
        with translated():
            return str(await self._driver.execute(text))

    async def fetch(self, text: str, values: Sequence[Bound] = ()) -> Sequence[Sequence[Value]]:
        """Run a statement and return its rows."""
        with translated():
            return cast("Sequence[Sequence[Value]]", await self._driver.fetch(text, *values))

    async def send(self, orders: Sequence[Order]) -> Sequence[int]:
        """Run each order for each of its rows and return how many rows each UPDATE met."""
        with translated():
            return [await self._send(order) for order in orders]

    async def _send(self, order: Order) -> int:
        if len(order.rows) == 1:
            return len(await self._driver.fetch(order.text, *order.rows[0]))
        if order.kind is not None:
            return len(await self._driver.fetchmany(order.text, order.rows))
        await self._driver.executemany(order.text, order.rows)
        return len(order.rows)

    async def own_chain(self) -> Head | None:
        """Return once no other transaction can chain to the audit trail before this one has ended; its head is to be read then."""
        await self.command(f"SELECT pg_advisory_xact_lock({CHAIN})")
        return None

    def chained(self, head: Head) -> None:
        """Keep nothing: another process may chain the next entry."""

    async def commit(self) -> None:
        """Commit; a `TemporaryError` says whether it may have been done all the same."""
        try:
            ended = await self.command("COMMIT")
        except TemporaryError as error:
            raise TemporaryError(f"Nobody knows whether this was stored. {error}", maybe_done=True) from error
        if ended != "COMMIT":
            raise BrokenRule("A failure within the transaction was hidden by its work: nothing was stored.")

    async def rolled_back(self) -> bool:
        """Undo the transaction and return True; False when the connection is of no more use."""
        if self._driver.is_closed():
            return False
        try:
            await self.command("ROLLBACK")
        except DeskmateError:
            return False
        return True


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn the failures of the driver and of the pool into ours."""
    try:
        yield
    except asyncpg.PostgresError as error:
        raise _meaning(error.sqlstate or "", error) from error
    except DBAPIError as error:
        raise _meaning(str(getattr(error.orig, "sqlstate", None) or "08000"), error) from error
    except asyncpg.DataError:
        raise
    except (OSError, TimeoutError, PoolTimeoutError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        raise _away(error) from error


def _meaning(code: str, error: Exception) -> DeskmateError:
    if code == "23505":
        return Conflict(f"A record with this key exists already ({error}).")
    if code[:2] == "23":
        return BrokenRule(f"A record breaks a rule of its table, so nothing was stored ({error}).")
    if code in RACES:
        return LostRace(f"Another transaction came between ({error}): try again.")
    if code[:2] in WRONG_DOOR:
        return PermanentError(
            f"The database server refuses us ({error}): correct DATABASE_URL, or create the database."
        )
    if code in LACKING:
        return PermanentError(f"The tables are not those of this version ({error}): run `deskmate migrate`.")
    if code[:2] in WEATHER:
        return _away(error)
    return BrokenRule(f"The database could not do this ({error}).")


def _away(error: Exception) -> TemporaryError:
    return TemporaryError(
        f"The database cannot be reached now ({str(error) or type(error).__name__}): see that it runs."
    )
