"""The one connection that writes to SQLite, and the commits that its transactions share.

Transactions run one after the other, and several that wait are committed at once: a commit waits for the disk, so ten that
share one cost little more than one. Each member of such a group stands in a savepoint of its own, fails alone, and
returns only after the commit that it shares. A caller that was cancelled before its part was complete leaves nothing behind.
Who goes ahead is let in before all others that wait: a platform waits seconds for its acknowledgement, work can wait.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.errors import TemporaryError
from bot.mail import Lease
from bot.ports import UnitOfWork
from storage.sqlite_link import SqliteLink
from storage.statements import Statements
from storage.unit import Unit

GROUP = 64
"""The most transactions that share a commit."""
LINGER = 0.005
"""After so many seconds a group takes no more members."""
AHEAD, IN_TURN = 0, 1
STOP: tuple[int, int, None] = (2, 0, None)
"""Stands behind everybody."""
CLOSED = "The database is closed: this Deskmate is stopping."


@dataclass(frozen=True, kw_only=True)
class Member:
    """A transaction that waits for the writer."""

    work: Callable[[UnitOfWork], Awaitable[Any]]
    under: Lease | None
    done: asyncio.Future[Any]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Transactions that share a commit."""

    taken: list[Member] = field(default_factory=list)
    """Everybody who was let in, those that failed included."""
    ready: list[tuple[Member, object]] = field(default_factory=list)
    """Those that wait for the commit, with their results."""


class Writer:
    """Runs transactions one after the other on one connection. `run` is its task; `stop` ends it behind what waits."""

    def __init__(self, link: SqliteLink, statements: Statements) -> None:
        self._link = link
        self._statements = statements
        self._waiting: asyncio.PriorityQueue[tuple[int, int, Member | None]] = asyncio.PriorityQueue()
        self._order = count()
        self._closed = False
        self.commits = 0
        """How many commits were made."""

    async def transact(
        self, work: Callable[[UnitOfWork], Awaitable[Any]], under: Lease | None, *, ahead: bool = False
    ) -> Any:  # noqa: ANN401 -- what `work` returns
        """Run `work` in a transaction and return its result once the commit that it shares is durable."""
        if self._closed:
            raise TemporaryError(CLOSED)
        member = Member(work=work, under=under, done=asyncio.get_running_loop().create_future())
        self._waiting.put_nowait((AHEAD if ahead else IN_TURN, next(self._order), member))
        return await member.done

    def stop(self) -> None:
        """Have `run` return once everything that waits now is done; nothing more is taken."""
        self._closed = True
        self._waiting.put_nowait(STOP)

    async def run(self) -> None:
        """Work group after group until `stop`. Whatever fails, the next group begins anew."""
        try:
            while (first := (await self._waiting.get())[-1]) is not None:
                await self._work(Group(taken=[first]))
        finally:
            # Whoever cancels this task would leave callers waiting for ever otherwise.
            self._closed = True
            while (member := self._next()) is not None:
                _fail(member, TemporaryError(CLOSED))

    async def _work(self, group: Group) -> None:
        try:
            await self._begin(group)
            await self._gather(group)
            await self._commit(group)
        except asyncio.CancelledError:
            await self._give_up(group, TemporaryError(CLOSED, maybe_done=True))
            raise
        except Exception as error:  # noqa: BLE001 -- handed to everybody who waits for this group
            await self._give_up(group, error)

    async def _begin(self, group: Group) -> None:
        try:
            await self._link.command("BEGIN IMMEDIATE")
        except TemporaryError:
            # The file was locked for as long as we wait: whoever waits behind would wait as long again, for nothing.
            while (member := self._next()) is not None:
                group.taken.append(member)
            raise

    async def _gather(self, group: Group) -> None:
        """Run members until none waits, the group is full, or time is up."""
        loop = asyncio.get_running_loop()
        closing = loop.time() + LINGER
        member: Member | None = group.taken[0]
        while member is not None:
            await self._join(member, group)
            if len(group.ready) >= GROUP or loop.time() >= closing or not self._link.open:
                return
            member = self._next()
            if member is not None:
                group.taken.append(member)

    def _next(self) -> Member | None:
        """Return the member whose turn it is, the one that has waited longest among equals; a wish to stop stays in the queue."""
        if self._waiting.empty():
            return None
        member = self._waiting.get_nowait()[-1]
        if member is None:
            self._waiting.put_nowait(STOP)
        return member

    async def _join(self, member: Member, group: Group) -> None:
        """Run one member; when it fails, undo it alone. The first needs no savepoint: nothing stands before it."""
        if member.done.cancelled():
            return
        alone = not group.ready
        if not alone:
            await self._link.command("SAVEPOINT member")
        try:
            result = await self._attempt(member)
        except (Exception, asyncio.CancelledError) as error:
            if _ending():
                raise
            _fail(member, error)
            await self._undo(alone=alone)
        else:
            if not alone:
                await self._link.command("RELEASE member")
            group.ready.append((member, result))

    async def _attempt(self, member: Member) -> object:
        unit = Unit(self._link, self._statements)
        if member.under is not None:
            await unit.hold(member.under)
        result: object = await member.work(unit)
        await unit.finish()
        if member.done.cancelled():
            raise asyncio.CancelledError
        return result

    async def _undo(self, *, alone: bool) -> None:
        if alone:
            await self._roll_back()
        elif self._link.open:
            await self._link.command("ROLLBACK TO member")
            await self._link.command("RELEASE member")
        else:
            raise TemporaryError("The database ended the transaction (is its disk full?): nothing of it was stored.")

    async def _commit(self, group: Group) -> None:
        if not group.ready:
            await self._roll_back()
            return
        try:
            await self._link.command("COMMIT")
        except TemporaryError as error:
            raise TemporaryError(f"Nobody knows whether this was stored. {error}", maybe_done=True) from error
        self.commits += 1
        for member, result in group.ready:
            if not member.done.done():
                member.done.set_result(result)

    async def _roll_back(self) -> None:
        if self._link.open:
            await self._link.command("ROLLBACK")

    async def _give_up(self, group: Group, error: Exception) -> None:
        with contextlib.suppress(TemporaryError):
            await self._roll_back()
        for member in group.taken:
            _fail(member, error)


def _ending() -> bool:
    """Tell whether the writer's own task is being cancelled, rather than something that its member awaited."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _fail(member: Member, error: BaseException) -> None:
    if member.done.done():
        return
    if isinstance(error, asyncio.CancelledError):
        member.done.cancel()
    else:
        member.done.set_exception(error)
