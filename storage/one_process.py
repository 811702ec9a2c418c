"""Refuses a second process on one SQLite file: each would believe that it alone hands out the work.

The lock is the operating system's, so it ends with the process, however that ends. PostgreSQL is made for several processes and needs none.
"""

import contextlib
from collections.abc import Iterator

from filelock import FileLock, Timeout

from bot.errors import PermanentError
from storage.address import address, sqlite_file


@contextlib.contextmanager
def only_process(url: str) -> Iterator[None]:
    """Hold `<file>.lock` until the block ends.

    Raises `PermanentError` when another process holds it.
    """
    file = sqlite_file(address(url))
    if file is None:
        yield
        return
    lock = FileLock(f"{file}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise PermanentError(
            f"Another Deskmate works with {file} already: stop it first, or give this one a DATABASE_URL of its own."
        ) from error
    try:
        yield
    finally:
        lock.release()
