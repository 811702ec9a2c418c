"""The accounts in the stand-in for the customer's identity system: who somebody is, second factor, groups.

They live in the same books as the devices, because the product that they stand in for keeps both.
"""

import sqlite3
from typing import Final

from mcp.server.mcpserver import Context
from typing_extensions import TypedDict

from adapters.sandbox.books import Books, NotInTheBooks
from adapters.sandbox.fleet import PEOPLE, folded
from adapters.sandbox.offering import acting

SCHEMA: Final = """
CREATE TABLE users (
  email TEXT PRIMARY KEY, name TEXT NOT NULL, department TEXT NOT NULL, status TEXT NOT NULL, mfa_enrolled INTEGER NOT NULL
);
CREATE TABLE membership (email TEXT NOT NULL, member_of TEXT NOT NULL, PRIMARY KEY (email, member_of));
"""
_GROUPS: Final = frozenset(group for person in PEOPLE for group in person.groups)


class User(TypedDict):
    """An account."""

    email: str
    name: str
    department: str
    status: str
    mfa_enrolled: bool
    groups: list[str]


class MfaReset(TypedDict):
    """A second factor that must be set up again."""

    email: str
    mfa_enrolled: bool
    sent_to: str


class Membership(TypedDict):
    """Somebody's groups after a change."""

    email: str
    groups: list[str]


class Accounts:
    """The capabilities on accounts."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def get_user(self, email: str) -> User:
        """Return the account of the person with this e-mail."""
        with self._books.open() as db:
            row = _user(db, email)
            groups = _groups(db, row["email"])
        return {
            "email": row["email"],
            "name": row["name"],
            "department": row["department"],
            "status": row["status"],
            "mfa_enrolled": bool(row["mfa_enrolled"]),
            "groups": groups,
        }

    def reset_mfa(self, email: str, context: Context) -> MfaReset:
        """Remove the person's second factor and send them an invitation to set it up again."""

        def change(db: sqlite3.Connection) -> MfaReset:
            row = _user(db, email)
            db.execute("UPDATE users SET mfa_enrolled = 0 WHERE email = ?", (row["email"],))
            return {"email": row["email"], "mfa_enrolled": False, "sent_to": row["email"]}

        return self._books.act(acting(context, "reset_mfa", repeatable=False, email=folded(email)), change)

    def add_to_group(self, email: str, group: str, context: Context) -> Membership:
        """Add a person to a group that exists; remove_from_group undoes it."""

        def change(db: sqlite3.Connection) -> Membership:
            row = _user(db, email)
            _known_group(group)
            db.execute("INSERT OR IGNORE INTO membership VALUES (?, ?)", (row["email"], group))
            return {"email": row["email"], "groups": _groups(db, row["email"])}

        call = acting(context, "add_to_group", repeatable=True, email=folded(email), group=group)
        return self._books.act(call, change)

    def remove_from_group(self, email: str, group: str, context: Context) -> Membership:
        """Remove a person from a group."""

        def change(db: sqlite3.Connection) -> Membership:
            row = _user(db, email)
            _known_group(group)
            db.execute("DELETE FROM membership WHERE email = ? AND member_of = ?", (row["email"], group))
            return {"email": row["email"], "groups": _groups(db, row["email"])}

        call = acting(context, "remove_from_group", repeatable=True, email=folded(email), group=group)
        return self._books.act(call, change)


def fill(db: sqlite3.Connection) -> None:
    """Write the fictional accounts."""
    for one in PEOPLE:
        db.execute(
            "INSERT INTO users VALUES (?, ?, ?, ?, ?)", (one.email, one.name, one.department, one.status, one.mfa)
        )
        db.executemany("INSERT INTO membership VALUES (?, ?)", [(one.email, group) for group in one.groups])


def _user(db: sqlite3.Connection, email: str) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute("SELECT * FROM users WHERE email = ?", (folded(email),)).fetchone()
    if row is None:
        raise NotInTheBooks(f"There is no account {email!r}; check the e-mail of the person whom it is for.")
    return row


def _groups(db: sqlite3.Connection, email: str) -> list[str]:
    rows = db.execute("SELECT member_of FROM membership WHERE email = ? ORDER BY member_of", (email,)).fetchall()
    return [row["member_of"] for row in rows]


def _known_group(group: str) -> None:
    if group not in _GROUPS:
        raise NotInTheBooks(f"There is no group {group!r}; the groups are {', '.join(sorted(_GROUPS))}.")
