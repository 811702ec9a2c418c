"""Tells whether this process is the only one that works on the database, so that it may end the leases of dead ones at once.

On SQLite the file lock has settled it. On PostgreSQL a session's advisory lock is held for as long as the process lives; the
server frees it when the process dies. Who does not get it works all the same, and waits for the leases of others to run out. Should two
believe themselves alone (the server was restarted), the fencing tokens still stop whoever lost a lease.
"""

import contextlib
from collections.abc import AsyncIterator

from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.errors import TemporaryError

LOCK = 0x616C6F6E
"""The PostgreSQL advisory lock ("alon")."""


@contextlib.asynccontextmanager
async def alone(url: str) -> AsyncIterator[bool]:
    """Yield whether nobody else works on the database now; holds the claim until the block ends."""
    place = make_url(url)
    if place.get_backend_name() != "postgresql":
        yield True
        return
    engine = create_async_engine(place, isolation_level="AUTOCOMMIT", pool_size=1)
    try:
        async with engine.connect() as connection:
            found = await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK})
            yield bool(found)
    except (DBAPIError, OSError) as error:
        raise TemporaryError("The database cannot be reached; see that it runs.") from error
    finally:
        await engine.dispose()
