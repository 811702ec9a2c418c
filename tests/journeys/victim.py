"""Runs `deskmate` with a database that kills the process with SIGKILL at one exact transaction, before or after its commit.

`python -m tests.journeys.victim before:12 serve` dies when the twelfth transaction of the work is about to commit; `after:12` when it is
durable and nobody has been told.
`intended:TOOL` dies when the intent to call that tool is durable and the call is not made; `answered:TOOL` when the tool has answered
and that is about to be stored. `posted:KIND` dies when the first reply of a kind stands and that is about to be stored.
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from bot.mail import Lease
from bot.ports import Reader, Storage, UnitOfWork
from bot.redaction import Redactor
from bot.reply import Reply
from bot.run import Step
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
        return result

    async def read(self, work: Callable[[Reader], Awaitable[Result]]) -> Result:
        """Read."""
        return await self._inner.read(work)


class KillingAtCall:
    """A storage that dies between the intent and the result of one tool's call."""

    def __init__(self, inner: Storage, moment: str, tool: str) -> None:
        self._inner = inner
        self._moment = moment
        self._tool = tool
        self._intended = False

    async def transact(self, work: Callable[[UnitOfWork], Awaitable[Result]], *, under: Lease | None = None) -> Result:
        """Run the transaction; die after the one that intends the call, or inside the one that stores its result."""

        async def watched(uow: UnitOfWork) -> Result:
            result = await work(uow)
            intents = await uow.find(Step, kind="tool", state="intent")
            intended = any(step.call is not None and step.call.name == self._tool for step in intents)
            if self._moment == "answered" and self._intended and not intended:
                os.kill(os.getpid(), signal.SIGKILL)
            self._intended = intended
            return result

        result = await self._inner.transact(watched, under=under)
        if self._moment == "intended" and self._intended:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    async def read(self, work: Callable[[Reader], Awaitable[Result]]) -> Result:
        """Read."""
        return await self._inner.read(work)


class KillingAtPost:
    """A storage that dies when a post stands, and nobody has stored that yet."""

    def __init__(self, inner: Storage, kind: str) -> None:
        self._inner = inner
        self._kind = kind

    async def transact(self, work: Callable[[UnitOfWork], Awaitable[Result]], *, under: Lease | None = None) -> Result:
        """Run the transaction; die inside the one that stores the post."""

        async def watched(uow: UnitOfWork) -> Result:
            result = await work(uow)
            if await uow.find(Reply, kind=self._kind, state="sent", limit=1):
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return await self._inner.transact(watched, under=under)

    async def read(self, work: Callable[[Reader], Awaitable[Result]]) -> Result:
        """Read."""
        return await self._inner.read(work)


def _killing(storage: Storage, moment: str, where: str) -> Storage:
    if moment == "posted":
        return KillingAtPost(storage, where)
    return (
        KillingAtCall(storage, moment, where)
        if moment in {"intended", "answered"}
        else Killing(storage, moment, int(where))
    )


def _main() -> None:
    moment, _, where = sys.argv[1].partition(":")

    @contextlib.asynccontextmanager
    async def open_killing(url: str) -> AsyncIterator[Storage]:
        async with open_database(url) as storage:
            yield _killing(storage, moment, where)

    settings = read_settings(os.environ)
    set_up_logs(settings.log_level, settings.log_format, Redactor(settings.secrets))
    asyncio.run(serve(settings, open_storage=open_killing))


if __name__ == "__main__":
    _main()
