"""A connection to SQLite, with the driver's failures turned into the desk's two words.

What may wait (for the lock, for the disk) goes through the driver, to its thread and back. A statement inside an open transaction waits for
nothing and takes some ten microseconds, less than the trip: it is run in place. A connection is used by one task at a time, so
by one thread at a time, and SQLite itself would serialise them.
"""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence

import aiosqlite
from sqlalchemy.exc import DBAPIError

from bot.errors import Conflict, DeskmateError, PermanentError, TemporaryError
from storage.mapping import Value
from storage.problems import BrokenRule
from storage.statements import Bound
from storage.unit import Head, Order

_WAITS = ("BEGIN IMMEDIATE", "COMMIT", "PRAGMA")
"""What waits for the lock or the disk."""


class SqliteLink:
    """One connection of the driver, in its own words on one side and ours on the other."""

    shared = False

    def __init__(self, driver: aiosqlite.Connection) -> None:
        self._driver = driver
        self._connection: sqlite3.Connection = driver._conn  # noqa: SLF001 -- the driver has no public way to run in place
        self._head: Head | None = None
        self._committed = False
        """Whether the last command was a commit that went well; SQLite may end a transaction without one."""

    async def command(self, text: str) -> None:
        """Run a statement that returns nothing, such as BEGIN."""
        if text.startswith("ROLLBACK") or (text.startswith("BEGIN") and not self._committed):
            self._head = None
        self._committed = False
        with translated():
            if text.startswith(_WAITS):
                await self._driver.execute_fetchall(text)
            else:
                self._connection.execute(text)
        self._committed = text == "COMMIT"

    async def fetch(self, text: str, values: Sequence[Bound] = ()) -> Sequence[Sequence[Value]]:
        """Run a statement and return its rows."""
        with translated():
            return self._connection.execute(text, values).fetchall()

    async def send(self, orders: Sequence[Order]) -> Sequence[int]:
        """Run each order for each of its rows, and return how many rows each met."""
        with translated():
            return [self._connection.executemany(order.text, order.rows).rowcount for order in orders]

    async def own_chain(self) -> Head | None:
        """Return the head that this connection left: nobody else writes. Somebody who does all the same meets a number that is taken."""
        return self._head

    def chained(self, head: Head) -> None:
        """Keep the head, until something is undone or a transaction ends without a commit."""
        self._head = head

    @property
    def open(self) -> bool:
        """Whether a transaction is open; SQLite ends one by itself when the disk is full."""
        return self._driver.in_transaction


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn the failures of the driver, bare or wrapped by SQLAlchemy, into ours."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise
    except sqlite3.DatabaseError as error:
        raise _meaning(error) from error
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.DatabaseError):
            raise _meaning(error.orig) from error
        raise


def _meaning(error: sqlite3.DatabaseError) -> DeskmateError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code in {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}:
        return Conflict(f"A record with this key exists already ({error}).")
    if isinstance(error, sqlite3.IntegrityError):
        return BrokenRule(f"A record breaks a rule of its table, so nothing was stored ({error}).")
    if code == sqlite3.SQLITE_ERROR:
        return PermanentError(f"The tables are not those of this version ({error}): run `deskmate migrate`.")
    if isinstance(error, sqlite3.OperationalError):
        return TemporaryError(
            f"The database file cannot be used now ({error}): see that its disk has room and nothing else holds it."
        )
    return PermanentError(f"The database file cannot be read ({error}): restore it from a backup.")
