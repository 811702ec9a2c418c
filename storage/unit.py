"""One transaction as the desk sees it, whatever the database.

Writes wait in memory until somebody reads their table, or the end; then each table's rows go to the database at once. A transaction
therefore costs a few round trips, however many records it writes. What is added goes first, in an order in which everything that a record
refers to stands before it. The audit trail is chained last, so that nobody waits for the chain longer than needed.
A record that was read stays locked to the end, so asking for it by its key again costs no round trip: it is as this transaction left it.
What was found with a limit is a look at others' records and locks nothing, or those who look at each other would wait for each other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from bot.audit import GENESIS, Event, chained
from bot.errors import DeskmateError, LeaseLost
from bot.mail import Lease
from storage.mapping import Mapping as Kind
from storage.mapping import Record, Value, kept_moment, kept_text, mapping
from storage.problems import MissingRecord
from storage.statements import Bound, Statements
from storage.tables import KEPT, TABLES

Row = tuple[Value, ...]
Head = tuple[int, str]
"""Number and hash of the last audit entry."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """An INSERT or an UPDATE, to be run for each row."""

    text: str
    rows: Sequence[Row]
    kind: type | None = None
    """For an UPDATE: the records' kind, all of which must exist."""


class Link(Protocol):
    """A connection with a transaction open. Raises the words of `bot.errors` and `storage.problems`, no driver's."""

    async def fetch(self, text: str, values: Sequence[Bound] = ()) -> Sequence[Sequence[Value]]:
        """Run a statement and return its rows."""
        ...

    async def send(self, orders: Sequence[Order]) -> Sequence[int]:
        """Run each order for each of its rows, in order, and return how many rows each met."""
        ...

    shared: bool
    """Whether others may chain to the audit trail meanwhile."""

    async def own_chain(self) -> Head | None:
        """Return once no other transaction can chain to the audit trail before this one has ended: its head, where that is known."""
        ...

    def chained(self, head: Head) -> None:
        """Learn the head of the trail once this transaction is committed."""
        ...


class View:
    """A `Reader` of what its link shows."""

    def __init__(self, link: Link, statements: Statements, *, locking: bool = False) -> None:
        self._link = link
        self._statements = statements
        self._locking = locking

    async def get(self, kind: type[Record], key: str) -> Record | None:
        """Return the record with this key, or None."""
        found = await self._select(kind, {"id": key}, limit=None, newest=False)
        return found[0] if found else None

    async def find(
        self, kind: type[Record], /, *, limit: int | None = None, newest: bool = False, **where: object
    ) -> Sequence[Record]:
        """Return the records that `where` describes, as `bot.ports.Reader` says."""
        known = mapping(kind)
        for name in where:
            if name not in known.names or name in known.nested:
                raise DeskmateError(f"{kind.__name__} cannot be found by {name}: ask for a field that is a scalar.")
        return await self._select(kind, where, limit=limit, newest=newest)

    async def _select(
        self, kind: type[Record], where: Mapping[str, object], *, limit: int | None, newest: bool
    ) -> list[Record]:
        locking = self._locking and limit is None
        text, values = self._statements.finding(kind, where, limit=limit, newest=newest, locking=locking)
        record = mapping(kind).record
        return [record(row) for row in await self._link.fetch(text, values)]


class Unit(View):
    """A `UnitOfWork`. `finish` sends what is still waiting; a unit whose sending failed once stays failed."""

    def __init__(self, link: Link, statements: Statements) -> None:
        super().__init__(link, statements, locking=True)
        self._added: dict[type, list[Any]] = {}
        self._changed: dict[type, dict[str, Any]] = {}
        self._known: dict[tuple[type, str], Any] = {}
        self._events: list[Event] = []
        self._failed: Exception | None = None

    async def add(self, *records: object) -> None:
        """Store new records when the transaction ends, or their table is read."""
        for record in records:
            self._added.setdefault(_kept(record), []).append(record)
            self._remember(record)

    async def put(self, *records: object) -> None:
        """Replace existing records when the transaction ends, or their table is read."""
        for record in records:
            self._changed.setdefault(_kept(record), {})[self._remember(record)] = record

    async def audit(self, *events: Event) -> None:
        """Chain the events to the audit trail when the transaction ends."""
        self._events.extend(events)

    async def get(self, kind: type[Record], key: str) -> Record | None:
        """Return the record with this key as this transaction left it, or None."""
        known = None if self._failed else self._known.get((kind, key))
        return await super().get(kind, key) if known is None else cast("Record", known)

    async def hold(self, lease: Lease) -> None:
        """Lock the lease's mailbox and raise `LeaseLost` when its token is another."""
        rows = await self._link.fetch(self._statements.token(), [kept_text(lease.mailbox_id)])
        if [tuple(row) for row in rows] != [(lease.token,)]:
            raise LeaseLost(f"Somebody else works {lease.mailbox_id} now; stop and change nothing.")

    async def finish(self) -> None:
        """Send everything that waits, and chain the events: last, where others wait for the chain meanwhile."""
        if self._events and self._link.shared:
            await self._send()
        await self._send(*([await self._chain()] if self._events else []))

    async def _select(
        self, kind: type[Record], where: Mapping[str, object], *, limit: int | None, newest: bool
    ) -> list[Record]:
        if self._failed or kind in self._added or kind in self._changed:
            await self._send()
        found = await super()._select(kind, where, limit=limit, newest=newest)
        if limit is None:
            for record in found:
                self._remember(record)
        return found

    def _remember(self, record: Any) -> str:  # noqa: ANN401 -- any record
        key: str = record.id
        self._known[type(record), key] = record
        return key

    async def _send(self, *more: Order) -> None:
        if self._failed:
            raise self._failed
        try:
            orders = [*self._inserts(), *self._updates(), *more]
            if orders:
                _check(orders, await self._link.send(orders))
        except Exception as error:
            self._failed = error
            raise

    def _inserts(self) -> Iterator[Order]:
        for kind in [kept.kind for kept in KEPT if kept.kind in self._added]:
            known: Kind[Any] = mapping(kind)
            yield Order(text=self._statements.adding(kind), rows=[known.row(item) for item in self._added.pop(kind)])

    def _updates(self) -> Iterator[Order]:
        for kind in [kept.kind for kept in KEPT if kept.kind in self._changed]:
            known: Kind[Any] = mapping(kind)
            place = known.names.index("id")
            rows = [known.row(record) for record in self._changed.pop(kind).values()]
            moved = [(*row[:place], *row[place + 1 :], row[place]) for row in rows]
            yield Order(text=self._statements.putting(kind), rows=moved, kind=kind)

    async def _chain(self) -> Order:
        number, previous = await self._link.own_chain() or await self._head()
        rows: list[Row] = []
        for event in self._events:
            entry = chained(event, number + 1, previous)
            number, previous = entry.number, entry.hash
            about = None if event.request_id is None else kept_text(event.request_id)
            chain = (entry.number, kept_text(entry.canonical), entry.previous, entry.hash)
            rows.append((*chain, kept_moment(event.at), kept_text(event.kind), about))
        self._link.chained((number, previous))
        return Order(text=self._statements.audit_adding(), rows=rows)

    async def _head(self) -> Head:
        head = await self._link.fetch(self._statements.audit_head())
        return (int(head[0][0] or 0), str(head[0][1])) if head else (0, GENESIS)


def _check(orders: Sequence[Order], met: Sequence[int]) -> None:
    for order, count in zip(orders, met, strict=True):
        if order.kind is not None and count != len(order.rows):
            keys = ", ".join(str(row[-1]) for row in order.rows)
            raise MissingRecord(f"Of these {order.kind.__name__} records not all exist, so they cannot be put: {keys}.")


def _kept(record: object) -> type:
    kind = type(record)
    if kind not in TABLES:
        raise DeskmateError(f"{kind.__name__} is not stored: add it to storage/tables.py, with a migration.")
    return kind
