"""SQL, written once per shape of question and kept as text.

SQLAlchemy compiles each statement for the database's dialect when it is first needed. The drivers are then given the text and the values
themselves: measured, that costs a quarter (SQLite) to a half (PostgreSQL) of running the statement through SQLAlchemy each time.
Collections travel as one value (a JSON array, a PostgreSQL array), so that their length does not make new statements.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, Table, bindparam, func, insert, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

from bot.errors import DeskmateError
from bot.mail import Mailbox
from bot.ports import AtMost
from storage.mapping import Record, Value, mapping
from storage.tables import AUDIT, TABLES

Bound: TypeAlias = Value | list[Value]

NOTHING: ColumnElement[int] = literal_column("0")
"""Written out, because SQLAlchemy gives SQLite an offset as a value of its own otherwise."""


class Test(Enum):
    """How a field is compared."""

    EQUAL = "equal"
    ANY = "any"
    ANY_OR_UNSET = "any or unset"
    UNSET = "unset"
    AT_MOST = "at most"


@dataclass(frozen=True, kw_only=True)
class Question:
    """The shape of a `find`: everything but its values."""

    kind: type
    tests: tuple[tuple[str, Test], ...]
    limited: bool
    newest: bool
    locking: bool


class Statements:
    """The statements of one database."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._postgres = dialect.name == "postgresql"
        self._kept: dict[object, str] = {}

    def adding(self, kind: type) -> str:
        """Return the INSERT that takes `Mapping.row`."""
        key = ("add", kind)
        if key not in self._kept:
            self._kept[key] = self._text(insert(TABLES[kind]).inline(), mapping(kind).names)
        return self._kept[key]

    def putting(self, kind: type) -> str:
        """Return the UPDATE that takes `Mapping.row` without the key, then the key."""
        key = ("put", kind)
        if key not in self._kept:
            table = TABLES[kind]
            statement = update(table).where(table.c.id == bindparam("key_"))
            names = tuple(name for name in mapping(kind).names if name != "id")
            self._kept[key] = self._text(
                statement.returning(table.c.id) if self._postgres else statement, names, ("key_",)
            )
        return self._kept[key]

    def finding(
        self, kind: type[Record], where: Mapping[str, object], *, limit: int | None, newest: bool, locking: bool
    ) -> tuple[str, Sequence[Bound]]:
        """Return the SELECT of the record's fields and its values."""
        tests = tuple([(name, _test(value)) for name, value in where.items()])
        question = Question(kind=kind, tests=tests, limited=limit is not None, newest=newest, locking=locking)
        text = self._kept.get(question)
        if text is None:
            text = self._kept[question] = self._question(question)
        values = [self._bound(kind, name, test, where[name]) for name, test in tests if test is not Test.UNSET]
        return text, values if limit is None else [*values, limit]

    def token(self) -> str:
        """Return the SELECT of a mailbox's token, locking its row; it takes the mailbox's key."""
        if "token" not in self._kept:
            table = TABLES[Mailbox]
            statement = select(table.c.token).where(table.c.id == bindparam("key_"))
            self._kept["token"] = self._text(statement.with_for_update(key_share=True), (), ("key_",))
        return self._kept["token"]

    def audit_head(self) -> str:
        """Return the SELECT of number and hash of the last audit entry."""
        if "head" not in self._kept:
            last = select(AUDIT.c.number, AUDIT.c.hash).order_by(AUDIT.c.number.desc()).limit(1)
            self._kept["head"] = str(last.compile(dialect=self._dialect, compile_kwargs={"literal_binds": True}))
        return self._kept["head"]

    def audit_adding(self) -> str:
        """Return the INSERT of an audit entry: the columns of `AUDIT` in their order."""
        if "audit" not in self._kept:
            self._kept["audit"] = self._text(insert(AUDIT).inline(), tuple(column.name for column in AUDIT.c))
        return self._kept["audit"]

    def audit_entries(self) -> str:
        """Return the SELECT of the chain behind a number; it takes the number and how many."""
        if "entries" not in self._kept:
            chain = select(AUDIT.c.number, AUDIT.c.canonical, AUDIT.c.previous, AUDIT.c.hash)
            behind = chain.where(AUDIT.c.number > bindparam("after_")).order_by(AUDIT.c.number)
            self._kept["entries"] = self._text(
                behind.limit(bindparam("limit_", type_=AUDIT.c.number.type)).offset(NOTHING), ()
            )
        return self._kept["entries"]

    def _question(self, question: Question) -> str:
        table = TABLES[question.kind]
        conditions = [self._condition(table, name, test) for name, test in question.tests]
        order = [table.c[name] for name, test in question.tests if test is Test.AT_MOST] + [table.c.added]
        statement: Select[Any] = select(*[table.c[name] for name in mapping(question.kind).names]).where(*conditions)
        statement = statement.order_by(*[column.desc() for column in order] if question.newest else order)
        if question.limited:
            statement = statement.limit(bindparam("limit_", type_=table.c.added.type)).offset(NOTHING)
        if question.locking:
            # No key is ever changed, so the weaker lock is enough and lets others refer to the row meanwhile.
            statement = statement.with_for_update(key_share=True)
        return self._text(statement, ())

    def _condition(self, table: Table, name: str, test: Test) -> ColumnElement[bool]:
        column = table.c[name]
        match test:
            case Test.UNSET:
                return column.is_(None)
            case Test.AT_MOST:
                return column <= bindparam(name, type_=column.type)
            case Test.EQUAL:
                return column == bindparam(name, type_=column.type)
            case Test.ANY:
                return self._any(column, name)
            case Test.ANY_OR_UNSET:
                return or_(column.is_(None), self._any(column, name))

    def _any(self, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
        if self._postgres:
            return column == func.any(bindparam(name, type_=ARRAY(column.type)))
        return column.in_(select(func.json_each(bindparam(name)).table_valued("value").c.value))

    def _bound(self, kind: type, name: str, test: Test, value: Any) -> Bound:  # noqa: ANN401 -- of the field's type
        kept = mapping(kind).value
        if test is Test.AT_MOST:
            return kept(name, value.value)
        if test is Test.EQUAL:
            return kept(name, value)
        members = [kept(name, member) for member in value if member is not None]
        return members if self._postgres else json.dumps(members)

    def _text(self, statement: Any, names: Sequence[str], more: Sequence[str] = ()) -> str:  # noqa: ANN401 -- any kind
        compiled: SQLCompiler = statement.compile(dialect=self._dialect, column_keys=list(names) or None)
        places = list(compiled.positiontup or ())
        if names and places != [*names, *more]:
            raise DeskmateError(f"The values of {compiled} would be given in the wrong order: {places}.")
        return str(compiled)


def _test(value: object) -> Test:
    if value is None:
        return Test.UNSET
    if isinstance(value, AtMost):
        return Test.AT_MOST
    if isinstance(value, Collection) and not isinstance(value, str):
        return Test.ANY_OR_UNSET if None in value else Test.ANY
    return Test.EQUAL
