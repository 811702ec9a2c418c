"""Turns records into rows and back, exactly.

A row holds a record's fields in their order. Text goes through an escape for what PostgreSQL cannot store (NUL) and what is no
Unicode text (lone surrogates, which broken senders do produce), so that every string comes back as it was. Nested values are JSON in pure
ASCII, which needs no escape; pydantic knows their types. A naive datetime is refused: nobody knows which moment it means.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Any, Generic, TypeAlias, TypeVar

from pydantic import TypeAdapter

from storage.shapes import Keeping, Shape, shapes

Record = TypeVar("Record")
Value: TypeAlias = str | int | bool | None
Change: TypeAlias = Callable[[Any], Any]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
ESCAPE = "\ufdd0"
"""A code point that Unicode reserves for programs; it begins an escaped character, four hex digits follow."""
_UNSAFE = re.compile("[\x00\ud800-\udfff\ufdd0]")
_ESCAPED = re.compile(ESCAPE + "([0-9a-f]{4})")


def kept_text(text: str) -> str:
    """Return `text` as both databases can store it."""
    return _UNSAFE.sub(lambda found: f"{ESCAPE}{ord(found[0]):04x}", text) if _UNSAFE.search(text) else str(text)


def read_text(text: str) -> str:
    """Return the text that `kept_text` was given."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if ESCAPE in text else text


def kept_moment(moment: datetime) -> int:
    """Return whole microseconds since 1970 in UTC; TypeError for a naive datetime."""
    return (moment - EPOCH) // MICROSECOND


def read_moment(microseconds: int) -> datetime:
    """Return the moment that `kept_moment` was given, in UTC."""
    return EPOCH + timedelta(microseconds=microseconds)


@dataclass(frozen=True, kw_only=True)
class Mapping(Generic[Record]):
    """How one kind of record becomes a row."""

    kind: type[Record]
    names: tuple[str, ...]
    nested: frozenset[str]
    """Fields that cannot be asked for."""
    writers: tuple[Change, ...]
    readers: tuple[Change, ...]
    values: Callable[[Any], Sequence[object]]

    def row(self, record: Record) -> tuple[Value, ...]:
        """Return the record's fields as stored."""
        return tuple(
            [
                None if value is None else write(value)
                for write, value in zip(self.writers, self.values(record), strict=True)
            ]
        )

    def record(self, row: Sequence[Value]) -> Record:
        """Return the record that `row` holds."""
        values = [None if value is None else read(value) for read, value in zip(self.readers, row, strict=True)]
        return self.kind(**dict(zip(self.names, values, strict=True)))

    def value(self, name: str, value: object) -> Value:
        """Return a value of the field `name` as stored."""
        kept: Value = self.writers[self.names.index(name)](value)
        return kept


def mapping(kind: type[Record]) -> Mapping[Record]:
    """Return the mapping of a kind of record, made when it is first asked for."""
    if kind not in _MAPPINGS:
        _MAPPINGS[kind] = _mapping(kind)
    return _MAPPINGS[kind]


_MAPPINGS: dict[type, Mapping[Any]] = {}


def _mapping(kind: type[Record]) -> Mapping[Record]:
    fields = shapes(kind)
    names = tuple(shape.name for shape in fields)
    changes = [_changes(shape) for shape in fields]
    return Mapping(
        kind=kind,
        names=names,
        nested=frozenset(shape.name for shape in fields if shape.keeping is Keeping.NESTED),
        writers=tuple(write for write, _ in changes),
        readers=tuple(read for _, read in changes),
        values=attrgetter(*names),
    )


def _changes(shape: Shape) -> tuple[Change, Change]:
    """Return how a present value of the field is written and read."""
    match shape.keeping:
        case Keeping.TEXT:
            choice = isinstance(shape.type, type) and issubclass(shape.type, StrEnum)
            return kept_text, shape.type if choice else read_text
        case Keeping.WHOLE:
            return int, int
        case Keeping.FLAG:
            return bool, bool
        case Keeping.MOMENT:
            return kept_moment, read_moment
        case Keeping.NESTED:
            return _json(TypeAdapter(shape.type))


def _json(adapter: TypeAdapter[Any]) -> tuple[Change, Change]:
    encode = json.JSONEncoder(separators=(",", ":")).encode

    def write(value: object) -> str:
        return encode(adapter.dump_python(value))

    def read(text: str) -> object:
        return adapter.validate_python(json.loads(text))

    return write, read
