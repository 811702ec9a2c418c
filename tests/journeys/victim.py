"""Runs `deskmate` with a database that kills the process with SIGKILL at one exact transaction, before or after its commit.

`python -m tests.journeys.victim before:12 serve` dies when the twelfth transaction of the work is about to commit; `after:12` when it is
durable and nobody has been told; `count:0` never dies and writes the number of transactions to `$VICTIM_COUNT` at the end.
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from bot.mail import Lease
from bot.ports import Reader, Storage, UnitOfWork
from bot.redaction import Redactor
from config.commands.serve import serve
from config.logs import set_up_logs
from config.settings import read_settings
from storage.database import open_database

Result = TypeVar("Result")


class Killing:
    """A storage that counts its transactions and dies at one of them."""

    def __init__(self, inner: Storage, moment: str, number: int) -> None:
        self._inner = inner
        self._moment = moment
        self._number = number
        self._count = 0

    async def transact(self, work: Callable[[UnitOfWork], Awaitable[Result]], *, under: Lease | None = None) -> Result:
        """Run the transaction; die inside it, or after it, when it is the one."""
        self._count += 1
        mine = self._count

        async def watched(uow: UnitOfWork) -> Result:
            result = await work(uow)
            if self._moment == "before" and mine == self._number:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        result = await self._inner.transact(watched, under=under)
        if self._moment == "after" and mine == self._number:
            os.kill(os.getpid(), signal.SIGKILL)
        if self._moment == "count":
            Path(os.environ["VICTIM_COUNT"]).write_text(str(self._count))
        return result

    async def read(self, work: Callable[[Reader], Awaitable[Result]]) -> Result:
        """Read."""
        return await self._inner.read(work)


def _main() -> None:
    moment, _, number = sys.argv[1].partition(":")

    @contextlib.asynccontextmanager
    async def open_killing(url: str) -> AsyncIterator[Storage]:
        async with open_database(url) as storage:
            yield Killing(storage, moment, int(number))

    settings = read_settings(os.environ)
    set_up_logs(settings.log_level, settings.log_format, Redactor(settings.secrets))
    asyncio.run(serve(settings, open_storage=open_killing))


if __name__ == "__main__":
    _main()
