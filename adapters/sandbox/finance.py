"""A stand-in for the customer's finance system: expense reports and invoices."""

import sqlite3
from pathlib import Path
from typing import Final

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from typing_extensions import TypedDict

from adapters.sandbox.books import Books, NotInTheBooks, Seed, ago
from adapters.sandbox.fleet import PEOPLE, folded
from adapters.sandbox.offering import ACTS_ONCE, READS, Offering, acting, server

_SCHEMA: Final = """
CREATE TABLE people (email TEXT PRIMARY KEY);
CREATE TABLE expenses (
  report_id TEXT PRIMARY KEY, email TEXT NOT NULL, purpose TEXT NOT NULL, pence INTEGER NOT NULL, status TEXT NOT NULL,
  age INTEGER NOT NULL
);
CREATE TABLE invoices (
  number TEXT PRIMARY KEY, vendor TEXT NOT NULL, pence INTEGER NOT NULL, status TEXT NOT NULL, age INTEGER NOT NULL
);
"""
_DAY: Final = 24 * 60
_EXPENSES: Final = (
    ("exp-3001", "june@example.com", "Conference ticket", 42000, "submitted", 2 * _DAY),
    ("exp-3002", "mateo@example.com", "Client dinner in Lisbon", 18650, "submitted", 6 * _DAY),
    ("exp-3003", "mateo@example.com", "Train to Porto", 5400, "paid", 30 * _DAY),
    ("exp-3004", "ingrid@example.com", "Hotel, two nights", 31000, "needs_receipt", 4 * _DAY),
    ("exp-3005", "aiko@example.com", "Keyboard", 12900, "approved", 9 * _DAY),
)
_INVOICES: Final = (
    ("INV-9001", "Acme Software", 120000, "paid", 45 * _DAY),
    ("INV-9002", "Acme Software", 120000, "awaiting_payment", 12 * _DAY),
    ("INV-9003", "Northwind Catering", 86450, "on_hold", 20 * _DAY),
    ("INV-9004", "Fabrikam Cleaning", 54000, "awaiting_payment", 3 * _DAY),
)


class ExpenseReport(TypedDict):
    """Money that somebody spent for the company."""

    report_id: str
    email: str
    purpose: str
    amount_gbp: float
    status: str
    submitted: str


class ExpenseReports(TypedDict):
    """Somebody's expense reports, newest first."""

    email: str
    reports: list[ExpenseReport]


class Invoice(TypedDict):
    """What a vendor asks for."""

    number: str
    vendor: str
    amount_gbp: float
    status: str
    received: str


class Invoices(TypedDict):
    """A vendor's invoices, newest first."""

    vendor: str
    invoices: list[Invoice]


class Finance:
    """The capabilities of the finance system."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def get_expense_report(self, report_id: str) -> ExpenseReport:
        """Return one expense report, such as exp-3001."""
        with self._books.open() as db:
            return _report(_by_id(db, report_id))

    def list_expense_reports(self, email: str) -> ExpenseReports:
        """Return the expense reports of the person with this e-mail, newest first."""
        with self._books.open() as db:
            if db.execute("SELECT 1 FROM people WHERE email = ?", (folded(email),)).fetchone() is None:
                raise NotInTheBooks(f"Nobody here has the e-mail {email!r}; check whom it is for.")
            rows = db.execute("SELECT * FROM expenses WHERE email = ? ORDER BY age", (folded(email),)).fetchall()
        return {"email": folded(email), "reports": [_report(row) for row in rows]}

    def approve_expense(self, report_id: str, context: Context) -> ExpenseReport:
        """Approve a submitted expense report for payment."""

        def change(db: sqlite3.Connection) -> ExpenseReport:
            row = _by_id(db, report_id)
            if row["status"] not in ("submitted", "approved"):
                raise NotInTheBooks(f"{report_id} is {row['status']}; only a submitted report can be approved.")
            db.execute("UPDATE expenses SET status = 'approved' WHERE report_id = ?", (report_id,))
            return {**_report(row), "status": "approved"}

        return self._books.act(acting(context, "approve_expense", repeatable=True, report_id=report_id), change)

    def get_invoice(self, number: str) -> Invoice:
        """Return one invoice, such as INV-9002."""
        with self._books.open() as db:
            row = db.execute("SELECT * FROM invoices WHERE number = ? COLLATE NOCASE", (number,)).fetchone()
        if row is None:
            raise NotInTheBooks(f"There is no invoice {number!r}; list_invoices names a vendor's invoices.")
        return _invoice(row)

    def list_invoices(self, vendor: str) -> Invoices:
        """Return a vendor's invoices, newest first."""
        with self._books.open() as db:
            rows = db.execute(
                "SELECT * FROM invoices WHERE vendor = ? COLLATE NOCASE ORDER BY age", (vendor,)
            ).fetchall()
        if not rows:
            raise NotInTheBooks(f"There is no vendor {vendor!r}; check the name on the invoice.")
        return {"vendor": rows[0]["vendor"], "invoices": [_invoice(row) for row in rows]}


def build(folder: Path) -> MCPServer:
    """Return the server with its books in `folder`."""
    finance = Finance(Books(folder=folder, seed=Seed(system="finance", schema=_SCHEMA, fill=_fill)))
    reads = [finance.get_expense_report, finance.list_expense_reports, finance.get_invoice, finance.list_invoices]
    return server(
        "finance",
        Offering(annotations=READS, methods=reads),
        Offering(annotations=ACTS_ONCE, methods=[finance.approve_expense]),
    )


def _fill(db: sqlite3.Connection) -> None:
    db.executemany("INSERT INTO people VALUES (?)", [(one.email,) for one in PEOPLE])
    db.executemany("INSERT INTO expenses VALUES (?, ?, ?, ?, ?, ?)", _EXPENSES)
    db.executemany("INSERT INTO invoices VALUES (?, ?, ?, ?, ?)", _INVOICES)


def _by_id(db: sqlite3.Connection, report_id: str) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute("SELECT * FROM expenses WHERE report_id = ?", (report_id,)).fetchone()
    if row is None:
        raise NotInTheBooks(f"There is no expense report {report_id!r}; list_expense_reports names a person's reports.")
    return row


def _report(row: sqlite3.Row) -> ExpenseReport:
    return {
        "report_id": row["report_id"],
        "email": row["email"],
        "purpose": row["purpose"],
        "amount_gbp": row["pence"] / 100,
        "status": row["status"],
        "submitted": ago(row["age"]),
    }


def _invoice(row: sqlite3.Row) -> Invoice:
    return {
        "number": row["number"],
        "vendor": row["vendor"],
        "amount_gbp": row["pence"] / 100,
        "status": row["status"],
        "received": ago(row["age"]),
    }
