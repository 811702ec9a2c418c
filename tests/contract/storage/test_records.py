"""Every record comes back exactly as it was stored, from every storage."""

import itertools
import json
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.counter import Counter
from bot.errors import Conflict
from bot.ids import PersonId
from bot.person import Person
from bot.ports import Reader, UnitOfWork
from bot.request import Request
from storage.tables import KEPT, TABLES, Kept
from tests.fakes.databases import AnyStorage
from tests.fakes.records import AnyRecord, any_record, example, referring

NASTY = Path(__file__).resolve().parents[4] / "shared" / "data" / "nasty" / "blns.json"
NEW = itertools.count()


async def lay(storage: AnyStorage) -> None:
    """Store the examples of all kinds, once."""

    async def work(unit: UnitOfWork) -> None:
        if not await unit.find(Counter, id="counter"):
            await unit.add(*[example(kept.kind) for kept in KEPT])

    await storage.transact(work)


async def there_and_back(storage: AnyStorage, record: AnyRecord) -> list[AnyRecord]:
    """Return the record as added and as put, each as read by somebody else."""

    async def add(unit: UnitOfWork) -> None:
        await unit.add(record)

    async def put(unit: UnitOfWork) -> None:
        await unit.put(record)

    async def look(reader: Reader) -> AnyRecord:
        return await reader.get(type(record), record.id)

    seen = []
    for step in (add, put):
        await storage.transact(step)
        seen.append(await storage.read(look))
    return seen


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.name)
def test_each_field_has_its_column(kept: Kept) -> None:
    """A table has its record's fields and the number of the row, and nothing else."""
    columns = {column.name for column in TABLES[kept.kind].c}

    assert {"added"} | {each.name for each in fields(kept.kind)} == columns


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.name)
@given(data=st.data())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
async def test_any_record_survives(storage: AnyStorage, kept: Kept, data: st.DataObject) -> None:
    """Whatever a record holds, it is read back equal."""
    await lay(storage)
    drawn = referring(data.draw(any_record(kept.kind)))
    record = replace(drawn, **{name: f"{next(NEW)}{getattr(drawn, name)}" for name in ("id", *kept.unique)})

    seen = await there_and_back(storage, record)

    assert [record, record] == seen


async def test_naughty_strings_survive(storage: AnyStorage) -> None:
    """Strings that have broken other programs come back as they were, as scalars, in nested values and as keys."""
    if not NASTY.exists():
        pytest.skip("the shared data is not beside the repository")
    strings = [*json.loads(NASTY.read_text()), "\x00", "a\x00b", "\ud800", "\udfff\ud800", "\ufdd00000", "\ufeff"]
    people = [Person(id=PersonId(f"p{text}"), name=text, attributes={text: text}) for text in dict.fromkeys(strings)]

    async def add(unit: UnitOfWork) -> None:
        await unit.add(*people)

    async def look(reader: Reader) -> tuple[Sequence[Person], Sequence[Person]]:
        return await reader.find(Person), await reader.find(Person, id=[person.id for person in people])

    await storage.transact(add)

    assert (people, people) == await storage.read(look)


async def test_a_request_number_is_given_once(storage: AnyStorage) -> None:
    """Another request with the same number is a conflict, like another with the same key."""
    await lay(storage)

    async def add(unit: UnitOfWork) -> None:
        await unit.add(replace(example(Request), id="another"))

    with pytest.raises(Conflict):
        await storage.transact(add)
