"""Wakes what a transaction made due, once it is durable.

Every mailbox that is stored as due inside a transaction is woken after the commit. No caller has to remember it; and a wake-up that is
lost to a crash costs nothing, since at the next start the tables say what is due.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from bot.audit import Event
from bot.ids import MailboxId
from bot.mail import Lease, Mailbox
from bot.ports import Dispatcher, Reader, Storage, UnitOfWork

Record = TypeVar("Record")
Result = TypeVar("Result")


class WakingStorage:
    """A `Storage` that tells a dispatcher what became due."""

    def __init__(
        self, storage: Storage, dispatcher: Dispatcher, *, watch: Callable[[Sequence[Event]], None] | None = None
    ) -> None:
        """`watch` is told the audit events of each transaction once they are durable; it must not raise or wait."""
        self._storage = storage
        self._dispatcher = dispatcher
        self._watch = watch

    async def transact(self, work: Callable[[UnitOfWork], Awaitable[Result]], *, under: Lease | None = None) -> Result:
        """As `Storage.transact`; afterwards wakes what `work` made due, except the mailbox whose lease it holds."""
        rung: set[MailboxId] = set()
        events: list[Event] = []

        async def watched(uow: UnitOfWork) -> Result:
            rung.clear()
            events.clear()
            return await work(_Listening(uow, rung, events))

        result = await self._storage.transact(watched, under=under)
        if under is not None:
            rung.discard(under.mailbox_id)
        if rung:
            self._dispatcher.wake(*rung)
        if events and self._watch is not None:
            self._watch(events)
        return result

    async def read(self, work: Callable[[Reader], Awaitable[Result]]) -> Result:
        """As `Storage.read`."""
        return await self._storage.read(work)


class _Listening:
    """A unit of work that notes which mailboxes were stored as due."""

    def __init__(self, uow: UnitOfWork, rung: set[MailboxId], events: list[Event]) -> None:
        self._uow = uow
        self._rung = rung
        self._events = events

    async def get(self, kind: type[Record], key: str, /) -> Record | None:
        return await self._uow.get(kind, key)

    async def find(
        self, kind: type[Record], /, *, limit: int | None = None, newest: bool = False, **where: object
    ) -> Sequence[Record]:
        return await self._uow.find(kind, limit=limit, newest=newest, **where)

    async def add(self, *records: object) -> None:
        await self._uow.add(*records)
        self._note(records)

    async def put(self, *records: object) -> None:
        await self._uow.put(*records)
        self._note(records)

    async def audit(self, *events: Event) -> None:
        await self._uow.audit(*events)
        self._events.extend(events)

    def _note(self, records: tuple[object, ...]) -> None:
        for record in records:
            if isinstance(record, Mailbox) and record.due and record.holder is None:
                self._rung.add(record.id)
