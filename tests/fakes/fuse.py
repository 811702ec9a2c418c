"""Ends a test's process at a chosen moment: before or after a transaction, a model call or a tool call."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from bot.mail import Lease
from bot.ports import Reader, Storage, UnitOfWork
from tests.fakes.messenger import Killed

Result = TypeVar("Result")


@dataclass(kw_only=True)
class Fuse:
    """Ends the process at the n-th moment that is worth it: before and after each transaction and each call outside."""

    at: int | None = None
    count: int = 0
    where: str = ""
    """The moment at which the process died."""
    moments: list[str] = field(default_factory=list)

    def burn(self, moment: str) -> None:
        """Count the moment; raise `Killed` at the chosen one, once."""
        self.count += 1
        self.moments.append(moment)
        if self.count == self.at:
            self.where = moment
            raise Killed


class FusedStorage:
    """A storage whose process may die before or after each transaction."""

    def __init__(self, inner: Storage, fuse: Fuse) -> None:
        self._inner = inner
        self._fuse = fuse

    async def transact(self, work: Callable[[UnitOfWork], Awaitable[Result]], *, under: Lease | None = None) -> Result:
        """Run `work`, unless the process dies first; it may die afterwards too."""
        self._fuse.burn("before a transaction")
        result = await self._inner.transact(work, under=under)
        self._fuse.burn("after a transaction")
        return result

    async def read(self, work: Callable[[Reader], Awaitable[Result]]) -> Result:
        """Read."""
        return await self._inner.read(work)
