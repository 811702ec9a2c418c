"""Refuses a second process on one SQLite file: each would believe that it alone hands out the work.

The lock is the operating system's, so it ends with the process, however that ends. PostgreSQL is made for several processes and needs none.
"""

import contextlib
from collections.abc import Iterator

from filelock import FileLock, Timeout
from sqlalchemy import make_url

from bot.errors import PermanentError
from storage.migrate import make_folder


@contextlib.contextmanager
def only_process(url: str) -> Iterator[None]:
    """Hold `<file>.lock` until the block ends.

    Raises `PermanentError` when another process holds it.
    """
    place = make_url(url)
    if place.get_backend_name() != "sqlite" or not place.database:
        yield
        return
    make_folder(place)
    lock = FileLock(f"{place.database}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise PermanentError(
            f"Another Deskmate works with {place.database} already: stop it first, or give this one a DATABASE_URL of its own."
        ) from error
    try:
        yield
    finally:
        lock.release()
