"""A stand-in for the customer's HR system: employees, their leave, and a few fields that People Ops may correct."""

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from typing_extensions import TypedDict

from adapters.sandbox.books import Books, NotInTheBooks, Seed
from adapters.sandbox.fleet import PEOPLE, folded
from adapters.sandbox.offering import ACTS_ONCE, READS, Offering, acting, server

_SCHEMA: Final = """
CREATE TABLE employees (
  email TEXT PRIMARY KEY, name TEXT NOT NULL, title TEXT NOT NULL, department TEXT NOT NULL, location TEXT NOT NULL,
  manager TEXT NOT NULL, phone TEXT NOT NULL, address TEXT NOT NULL, allowance INTEGER NOT NULL
);
CREATE TABLE leave (
  leave_id INTEGER PRIMARY KEY, email TEXT NOT NULL, kind TEXT NOT NULL, first_day TEXT NOT NULL, last_day TEXT NOT NULL,
  status TEXT NOT NULL
);
"""
_CHANGES: Final = {
    "phone": "UPDATE employees SET phone = ? WHERE email = ?",
    "address": "UPDATE employees SET address = ? WHERE email = ?",
    "title": "UPDATE employees SET title = ? WHERE email = ?",
    "location": "UPDATE employees SET location = ? WHERE email = ?",
    "manager": "UPDATE employees SET manager = ? WHERE email = ?",
}


class Employee(TypedDict):
    """An employee's file."""

    email: str
    name: str
    title: str
    department: str
    location: str
    manager: str
    phone: str
    address: str


class Leave(TypedDict):
    """A leave of absence; days are ISO dates, both included."""

    leave_id: str
    kind: str
    first_day: str
    last_day: str
    status: str


class LeaveRecord(TypedDict):
    """Somebody's leave this year."""

    email: str
    allowance_days: int
    leave: list[Leave]


class FieldChange(TypedDict):
    """A corrected field."""

    email: str
    field: str
    before: str
    after: str


class Hris:
    """The capabilities of the HR system."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def get_employee(self, email: str) -> Employee:
        """Return the file of the employee with this e-mail."""
        with self._books.open() as db:
            row = _employee(db, email)
        return {
            "email": row["email"],
            "name": row["name"],
            "title": row["title"],
            "department": row["department"],
            "location": row["location"],
            "manager": row["manager"],
            "phone": row["phone"],
            "address": row["address"],
        }

    def list_leave(self, email: str) -> LeaveRecord:
        """Return the yearly allowance and the leave of the employee with this e-mail."""
        with self._books.open() as db:
            employee = _employee(db, email)
            rows = db.execute("SELECT * FROM leave WHERE email = ? ORDER BY first_day", (employee["email"],)).fetchall()
        return {
            "email": employee["email"],
            "allowance_days": employee["allowance"],
            "leave": [_leave(row) for row in rows],
        }

    def request_leave(self, email: str, kind: str, first_day: str, last_day: str, context: Context) -> Leave:
        """Ask for leave (kind: annual, sick or parental; days as 2026-05-04); the manager still has to agree."""

        def change(db: sqlite3.Connection) -> Leave:
            row = _employee(db, email)
            _check_leave(kind, first_day, last_day)
            leave_id = db.execute(
                "INSERT INTO leave (email, kind, first_day, last_day, status) VALUES (?, ?, ?, ?, 'requested')",
                (row["email"], kind, first_day, last_day),
            ).lastrowid
            return _leave(db.execute("SELECT * FROM leave WHERE leave_id = ?", (leave_id,)).fetchone())

        call = acting(
            context,
            "request_leave",
            repeatable=True,
            email=folded(email),
            kind=kind,
            first_day=first_day,
            last_day=last_day,
        )
        return self._books.act(call, change)

    def update_employee_field(self, email: str, field: str, value: str, context: Context) -> FieldChange:
        """Correct one field of an employee's file: phone, address, title, location or manager."""

        def change(db: sqlite3.Connection) -> FieldChange:
            row = _employee(db, email)
            if field not in _CHANGES:
                raise NotInTheBooks(f"The field {field!r} cannot be changed here; {', '.join(_CHANGES)} can.")
            db.execute(_CHANGES[field], (value, row["email"]))
            return {"email": row["email"], "field": field, "before": row[field], "after": value}

        call = acting(context, "update_employee_field", repeatable=True, email=folded(email), field=field, value=value)
        return self._books.act(call, change)


def build(folder: Path) -> MCPServer:
    """Return the server with its books in `folder`."""
    hris = Hris(Books(folder=folder, seed=Seed(system="hris", schema=_SCHEMA, fill=_fill)))
    return server(
        "hris",
        Offering(annotations=READS, methods=[hris.get_employee, hris.list_leave]),
        Offering(annotations=ACTS_ONCE, methods=[hris.request_leave, hris.update_employee_field]),
    )


def _fill(db: sqlite3.Connection) -> None:
    year = datetime.now(UTC).year
    for index, one in enumerate(PEOPLE):
        db.execute(
            "INSERT INTO employees VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (one.email, one.name, one.title, one.department, one.location, one.manager,
             f"+44 20 7946 {100 + index:04}", f"{index + 1} Sample Street, {one.location}", 25),
        )  # fmt: skip
        db.execute(
            "INSERT INTO leave (email, kind, first_day, last_day, status) VALUES (?, 'annual', ?, ?, 'approved')",
            (one.email, f"{year}-08-{3 + index:02}", f"{year}-08-{7 + index:02}"),
        )


def _check_leave(kind: str, first_day: str, last_day: str) -> None:
    if kind not in ("annual", "sick", "parental"):
        raise NotInTheBooks(f"There is no leave of the kind {kind!r}; there is annual, sick and parental.")
    try:
        backwards = date.fromisoformat(first_day) > date.fromisoformat(last_day)
    except ValueError:
        raise NotInTheBooks("Write the days as 2026-05-04.") from None
    if backwards:
        raise NotInTheBooks("The first day is after the last day; swap them.")


def _employee(db: sqlite3.Connection, email: str) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute("SELECT * FROM employees WHERE email = ?", (folded(email),)).fetchone()
    if row is None:
        raise NotInTheBooks(f"There is no employee {email!r}; check the e-mail of the person whom it is for.")
    return row


def _leave(row: sqlite3.Row) -> Leave:
    return {
        "leave_id": f"leave-{row['leave_id']}",
        "kind": row["kind"],
        "first_day": row["first_day"],
        "last_day": row["last_day"],
        "status": row["status"],
    }
