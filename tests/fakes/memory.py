"""The storage without a database, for tests of what uses it.

It passes the same contract suite as the databases: one transaction at a time, work done on a copy that replaces the truth at the end,
the same words for the same failures, references checked. It forgets everything with the process.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any, TypeVar

from bot.audit import GENESIS, AuditEntry, Event, chained
from bot.errors import Conflict, DeskmateError, LeaseLost
from bot.mail import Lease, Mailbox
from bot.ports import AtMost, Reader, UnitOfWork
from storage.mapping import mapping
from storage.problems import BrokenRule, MissingRecord
from storage.tables import KEPT

Record = TypeVar("Record")
Result = TypeVar("Result")
Rows = dict[type, dict[str, Any]]
"""Kind → key → record, in the order of their coming."""

KINDS = {kept.name: kept.kind for kept in KEPT}
RULES = {kept.kind: kept for kept in KEPT}


class MemoryView:
    """A `Reader` of the rows that it is given."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, kind: type[Record], key: str, /) -> Record | None:
        """Return the record with this key, or None."""
        found: Record | None = self._rows[kind].get(key)
        return found

    async def find(
        self, kind: type[Record], /, *, limit: int | None = None, newest: bool = False, **where: object
    ) -> Sequence[Record]:
        """Return the records that `where` describes, as `bot.ports.Reader` says."""
        for name in where:
            if name not in mapping(kind).names or name in mapping(kind).nested:
                raise DeskmateError(f"{kind.__name__} cannot be found by {name}: ask for a field that is a scalar.")
        found: list[Record] = [
            record
            for record in self._rows[kind].values()
            if all(_fits(getattr(record, name), wanted) for name, wanted in where.items())
        ]
        order = [name for name, wanted in where.items() if isinstance(wanted, AtMost)]
        if order:
            found.sort(key=lambda record: [getattr(record, name) for name in order])
        return (found[::-1] if newest else found)[:limit]


class MemoryUnit(MemoryView):
    """A `UnitOfWork` on a copy of the rows."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(rows)
        self.events: list[Event] = []

    async def add(self, *records: object) -> None:
        """Store new records."""
        order = list(RULES)
        for record in sorted(records, key=lambda record: order.index(_kept(record))):
            others, key = self._rows[type(record)], _key(record)
            unique = RULES[type(record)].unique
            if key in others or any(getattr(record, n) == getattr(o, n) for n in unique for o in others.values()):
                raise Conflict(f"A {type(record).__name__} with this key exists already: {key}.")
            self._check(record)
            others[key] = record

    async def put(self, *records: object) -> None:
        """Replace existing records."""
        for record in records:
            if _key(record) not in self._rows[_kept(record)]:
                raise MissingRecord(f"There is no {type(record).__name__} {_key(record)}, so it cannot be put.")
            self._check(record)
            self._rows[type(record)][_key(record)] = record

    async def audit(self, *events: Event) -> None:
        """Chain the events to the audit trail at the end."""
        self.events.extend(events)

    def _check(self, record: object) -> None:
        for name, table in RULES[type(record)].refers.items():
            key = getattr(record, name)
            if key is not None and key not in self._rows[KINDS[table]]:
                raise BrokenRule(f"{type(record).__name__}.{name} refers to {key}, which does not exist.")


class MemoryStorage:
    """`bot.ports.Storage` in memory."""

    def __init__(self) -> None:
        self._rows: Rows = {kind: {} for kind in RULES}
        self._entries: list[AuditEntry] = []
        self._alone = asyncio.Lock()

    async def transact(self, work: Callable[[UnitOfWork], Awaitable[Result]], *, under: Lease | None = None) -> Result:
        """Run `work` in one transaction; a second time after a `Conflict`."""
        try:
            return await self._once(work, under)
        except Conflict:
            return await self._once(work, under)

    async def read(self, work: Callable[[Reader], Awaitable[Result]]) -> Result:
        """Run `work` on what is stored now."""
        return await work(MemoryView(self._copy()))

    async def audit_entries(self, *, after: int = 0, limit: int = 1000) -> Sequence[AuditEntry]:
        """Return up to `limit` entries of the audit trail behind the number `after`, in order."""
        return self._entries[after : after + limit]

    async def _once(self, work: Callable[[UnitOfWork], Awaitable[Result]], under: Lease | None) -> Result:
        async with self._alone:
            unit = MemoryUnit(self._copy())
            if under is not None:
                mailbox = await unit.get(Mailbox, under.mailbox_id)
                if mailbox is None or mailbox.token != under.token:
                    raise LeaseLost(f"Somebody else works {under.mailbox_id} now; stop and change nothing.")
            result = await work(unit)
            self._rows = unit._rows
            for event in unit.events:
                previous = self._entries[-1].hash if self._entries else GENESIS
                self._entries.append(chained(event, len(self._entries) + 1, previous))
            return result

    def _copy(self) -> Rows:
        return {kind: dict(records) for kind, records in self._rows.items()}


def _kept(record: object) -> type:
    if type(record) not in RULES:
        raise DeskmateError(f"{type(record).__name__} is not stored: add it to storage/tables.py, with a migration.")
    return type(record)


def _key(record: Any) -> str:  # noqa: ANN401 -- any record
    return str(record.id)


def _fits(value: Any, wanted: object) -> bool:  # noqa: ANN401 -- of the field's type
    if isinstance(wanted, AtMost):
        return value is not None and bool(value <= wanted.value)
    if isinstance(wanted, Collection) and not isinstance(wanted, str):
        return value in wanted
    return bool(value == wanted)
