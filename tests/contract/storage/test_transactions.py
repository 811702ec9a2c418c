"""What every storage promises of one transaction: all or nothing, order, conflicts, leases, the audit trail."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.audit import GENESIS, Event, chained
from bot.counter import Counter
from bot.errors import Conflict, DeskmateError, LeaseLost
from bot.ids import IdentityId, MailboxId, MessageId, PersonId
from bot.labels import SYSTEM
from bot.mail import Lease, Mail, Mailbox, Said
from bot.person import Identity, Person
from bot.ports import AtMost, Reader, UnitOfWork
from storage.problems import BrokenRule, MissingRecord
from tests.fakes.databases import AnyStorage

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BOX = Mailbox(id=MailboxId("request:r1"), kind="request", subject="r1", waiting_since=NOON, token=1)


def mail(key: str, minutes: int = 0, taken_by: str | None = None) -> Mail:
    """Return mail to the mailbox, so many minutes after noon."""
    return Mail(
        id=key,
        mailbox_id=BOX.id,
        trigger=Said(message_id=MessageId(key)),
        at=NOON + timedelta(minutes=minutes),
        taken_by=taken_by,
    )


def event(kind: str) -> Event:
    """Return an event that happened at noon."""
    return Event(kind=kind, actor=SYSTEM, reason="\x00 é", request_id="r1", at=NOON)


async def add(storage: AnyStorage, *records: object) -> None:
    """Add the records in one transaction."""

    async def work(unit: UnitOfWork) -> None:
        await unit.add(*records)

    await storage.transact(work)


async def keys(storage: AnyStorage, *, limit: int | None = None, newest: bool = False, **where: object) -> list[str]:
    """Return the keys of the mail that is found."""

    async def work(reader: Reader) -> Sequence[Mail]:
        return await reader.find(Mail, limit=limit, newest=newest, **where)

    return [found.id for found in await storage.read(work)]


async def test_a_failure_leaves_nothing(storage: AnyStorage) -> None:
    """When the work raises, neither its records nor its events are stored, and the caller sees what was raised."""

    async def work(unit: UnitOfWork) -> None:
        await unit.add(BOX, mail("m1"))
        await unit.find(Mail)
        await unit.audit(event("gone"))
        raise KeyError("stop")

    with pytest.raises(KeyError, match="stop"):
        await storage.transact(work)

    assert await keys(storage) == []
    assert list(await storage.audit_entries()) == []


async def test_a_transaction_reads_what_it_wrote(storage: AnyStorage) -> None:
    """What was added and put is found in the same transaction, and by others only afterwards."""

    async def work(unit: UnitOfWork) -> tuple[Mailbox | None, Sequence[Mail]]:
        await unit.add(BOX, mail("m1"))
        await unit.put(replace(BOX, due=True))
        return await unit.get(Mailbox, BOX.id), await unit.find(Mail, mailbox_id=BOX.id)

    seen = await storage.transact(work)

    assert (replace(BOX, due=True), [mail("m1")]) == (seen[0], list(seen[1]))


async def test_find_asks_for_values_members_unset_and_no_more_than(storage: AnyStorage) -> None:
    """The four ways of asking, and that they can be asked together."""
    await add(storage, BOX, mail("late", 9), mail("b", 5, "run1"), mail("a", 1), mail("soon", 3))

    assert await keys(storage, mailbox_id=BOX.id) == ["late", "b", "a", "soon"]
    assert await keys(storage, taken_by=None) == ["late", "a", "soon"]
    assert await keys(storage, taken_by="run1") == ["b"]
    assert await keys(storage, id={"soon", "b", "unknown"}) == ["b", "soon"]
    assert await keys(storage, taken_by=["run1", None]) == ["late", "b", "a", "soon"]
    assert await keys(storage, id=[]) == []
    assert await keys(storage, at=AtMost(value=NOON + timedelta(minutes=5))) == ["a", "soon", "b"]
    assert await keys(storage, at=AtMost(value=NOON + timedelta(minutes=5)), taken_by=None) == ["a", "soon"]


async def test_find_keeps_the_order_of_adding(storage: AnyStorage) -> None:
    """Newest first is the same backwards; a limit counts from the end that was asked for; a put moves nothing."""
    await add(storage, BOX, mail("c"), mail("a"))
    await add(storage, mail("b"))

    async def touch(unit: UnitOfWork) -> None:
        await unit.put(mail("c", taken_by="run"))

    await storage.transact(touch)

    assert await keys(storage) == ["c", "a", "b"]
    assert await keys(storage, newest=True, limit=2) == ["b", "a"]
    assert await keys(storage, limit=1) == ["c"]


async def test_an_unset_field_is_never_at_most(storage: AnyStorage) -> None:
    """AtMost means that there is a value."""
    await add(storage, BOX, replace(BOX, id=MailboxId("later"), not_before=NOON))

    async def work(reader: Reader) -> Sequence[Mailbox]:
        return await reader.find(Mailbox, not_before=AtMost(value=NOON), due=False, priority=[1, 2])

    assert [box.id for box in await storage.read(work)] == ["later"]


@pytest.mark.parametrize("name", ["trigger", "unknown"])
async def test_nested_and_unknown_fields_cannot_be_asked_for(storage: AnyStorage, name: str) -> None:
    """The refusal names the field."""
    with pytest.raises(DeskmateError, match=name):
        await storage.read(lambda reader: reader.find(Mail, **{name: "x"}))  # type: ignore[arg-type]


async def test_a_known_key_restarts_the_transaction(storage: AnyStorage) -> None:
    """Work that looks first finds, the second time, what it collided with."""
    await add(storage, Counter(id="request:IT", value=7))
    seen: list[Counter | None] = []

    async def work(unit: UnitOfWork) -> str:
        if not seen:
            seen.append(None)
            await unit.add(Counter(id="request:IT"))
            return "added"
        seen.append(await unit.get(Counter, "request:IT"))
        return "found"

    assert await storage.transact(work) == "found"
    assert [None, Counter(id="request:IT", value=7)] == seen


async def test_a_conflict_that_stays_is_told(storage: AnyStorage) -> None:
    """Work that adds a known key each time fails with Conflict."""
    await add(storage, Counter(id="request:IT"))

    with pytest.raises(Conflict):
        await add(storage, Counter(id="request:FAC"), Counter(id="request:IT"))

    async def work(reader: Reader) -> Sequence[Counter]:
        return await reader.find(Counter)

    assert [Counter(id="request:IT")] == list(await storage.read(work))


async def test_putting_what_was_never_added_is_a_mistake(storage: AnyStorage) -> None:
    """The error names the record, and nothing of the transaction stays."""

    async def work(unit: UnitOfWork) -> None:
        await unit.add(BOX)
        await unit.put(BOX, replace(BOX, id=MailboxId("request:none")))

    with pytest.raises(MissingRecord, match="request:none"):
        await storage.transact(work)

    assert None is await storage.read(lambda reader: reader.get(Mailbox, BOX.id))


async def test_a_reference_must_exist(storage: AnyStorage) -> None:
    """Mail for no mailbox is refused."""
    with pytest.raises(BrokenRule):
        await add(storage, mail("m1"))


async def test_records_may_be_added_in_any_order(storage: AnyStorage) -> None:
    """In one call, a record may stand before what it refers to."""
    person = Person(id=PersonId("p"), name="Sam")
    identity = Identity(id=IdentityId("i"), platform="slack", tenant="t", user="u", person_id=person.id)

    await add(storage, mail("m1"), identity, BOX, person)

    assert identity == await storage.read(lambda reader: reader.get(Identity, "i"))


async def test_what_is_not_stored_says_so(storage: AnyStorage) -> None:
    """A class without a table is refused by name."""
    with pytest.raises(DeskmateError, match="Said is not stored"):
        await add(storage, Said(message_id=MessageId("m")))


async def test_a_woken_zombie_changes_nothing(storage: AnyStorage) -> None:
    """Once the mailbox was claimed anew, a write under the old lease is refused as a whole."""
    await add(storage, BOX)
    old = Lease(mailbox_id=BOX.id, token=1)

    async def claim(unit: UnitOfWork) -> None:
        await unit.put(replace(BOX, token=2))

    async def write(unit: UnitOfWork) -> None:
        await unit.add(mail("m1"))
        await unit.audit(event("written"))

    await storage.transact(claim, under=old)
    with pytest.raises(LeaseLost):
        await storage.transact(write, under=old)
    await storage.transact(write, under=replace(old, token=2))

    assert await keys(storage) == ["m1"]
    assert len(await storage.audit_entries()) == 1


async def test_a_lease_on_nothing_is_lost(storage: AnyStorage) -> None:
    """A mailbox that does not exist cannot be worked."""
    with pytest.raises(LeaseLost):
        await storage.transact(lambda unit: unit.find(Mail), under=Lease(mailbox_id=MailboxId("none"), token=0))


async def test_one_of_many_claims_wins(storage: AnyStorage) -> None:
    """Of twenty that claim one mailbox at the same time, one gets it."""
    await add(storage, BOX)

    async def claim(holder: str) -> bool:
        async def work(unit: UnitOfWork) -> bool:
            box = await unit.get(Mailbox, BOX.id)
            assert box is not None
            if box.holder is not None:
                return False
            await unit.put(replace(box, holder=holder, token=box.token + 1))
            return True

        return await storage.transact(work)

    won = await asyncio.gather(*[claim(f"h{number}") for number in range(20)])

    box = await storage.read(lambda reader: reader.get(Mailbox, BOX.id))
    assert box is not None
    assert [(box.holder, 2)] == [(f"h{number}", box.token) for number, one in enumerate(won) if one]


async def test_numbers_are_given_once(storage: AnyStorage) -> None:
    """Thirty that take a number from one counter at the same time get thirty numbers, the first from nothing."""

    async def take(unit: UnitOfWork) -> int:
        counter = await unit.get(Counter, "request:IT")
        if counter is None:
            await unit.add(Counter(id="request:IT", value=1))
            return 1
        await unit.put(replace(counter, value=counter.value + 1))
        return counter.value + 1

    numbers = await asyncio.gather(*[storage.transact(take) for _ in range(30)])

    assert list(range(1, 31)) == sorted(numbers)


async def test_the_audit_trail_is_one_chain(storage: AnyStorage) -> None:
    """Whoever writes at the same time, entries are numbered without a gap, each chained to the one before, at the first try."""
    ran = []

    async def write(number: int) -> None:
        async def work(unit: UnitOfWork) -> None:
            ran.append(number)
            await unit.audit(event(f"first.{number}"), event(f"second.{number}"))
            if number % 5 == 4:
                raise KeyError(number)

        await storage.transact(work)

    await asyncio.gather(*[write(number) for number in range(20)], return_exceptions=True)

    entries = await storage.audit_entries()
    assert list(range(20)) == sorted(ran)
    assert list(range(1, 33)) == [entry.number for entry in entries]
    assert [GENESIS, *[entry.hash for entry in entries[:-1]]] == [entry.previous for entry in entries]
    kind = entries[0].canonical.split('"kind":"')[2].split('"')[0]
    assert chained(event(kind), 1, GENESIS) == entries[0]
    assert [entries[2], entries[3]] == list(await storage.audit_entries(after=2, limit=2))
