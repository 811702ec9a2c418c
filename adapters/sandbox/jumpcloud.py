"""A stand-in for the customer's device management: devices, their logs, and what can be done to them.

The names and shapes of the capabilities are those that the seeded workforce's `jumpcloud` tool file declares. Accounts
are in `accounts.py`; both share one file of books. A password is never returned: the caller learns where it was sent.
"""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from typing_extensions import TypedDict

from adapters.sandbox import accounts
from adapters.sandbox.books import Books, NotInTheBooks, Seed, ago
from adapters.sandbox.device_logs import lines
from adapters.sandbox.fleet import MACHINES, folded
from adapters.sandbox.offering import ACTS_EACH_TIME, ACTS_ONCE, DESTROYS, READS, Offering, acting, server

_SCHEMA: Final = """
CREATE TABLE devices (
  device_id TEXT PRIMARY KEY, hostname TEXT NOT NULL UNIQUE, model TEXT NOT NULL, os TEXT NOT NULL, os_version TEXT NOT NULL,
  owner_email TEXT NOT NULL, memory_gb INTEGER NOT NULL, disk_gb INTEGER NOT NULL, disk_free_gb REAL NOT NULL,
  seen INTEGER NOT NULL, encrypted INTEGER NOT NULL, locked INTEGER NOT NULL DEFAULT 0, password_version INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE logs (
  device_id TEXT NOT NULL, age INTEGER NOT NULL, level TEXT NOT NULL, source TEXT NOT NULL, process TEXT NOT NULL,
  message TEXT NOT NULL, action TEXT NOT NULL
);
"""


class Device(TypedDict):
    """A managed device."""

    device_id: str
    hostname: str
    model: str
    os: str
    os_version: str
    owner_email: str
    memory_gb: int
    disk_free_gb: float
    last_seen: str
    encrypted: bool
    locked: bool


class Devices(TypedDict):
    """Somebody's devices."""

    email: str
    devices: list[Device]


class Entry(TypedDict):
    """A log line."""

    time: str
    level: str
    source: str
    process: str
    message: str
    action: str


class DeviceLogs(TypedDict):
    """Log lines of a device, newest first."""

    device_id: str
    hostname: str
    entries: list[Entry]


class PasswordReset(TypedDict):
    """Where a new password went."""

    email: str
    device_id: str
    hostname: str
    sent_to: str


class DeviceChange(TypedDict):
    """What was done to a device."""

    device_id: str
    hostname: str
    done: str


class JumpCloud:
    """The capabilities on devices."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def get_device(self, email: str) -> Device:
        """Return the main device of the person with this e-mail."""
        return self.list_devices(email)["devices"][0]

    def list_devices(self, email: str) -> Devices:
        """Return all devices of the person with this e-mail, the main one first."""
        with self._books.open() as db:
            rows = _owned(db, email)
        return {"email": folded(email), "devices": [_device(row) for row in rows]}

    def get_device_logs(self, device_id: str, hours: int = 24) -> DeviceLogs:
        """Return the log lines of a device during the last `hours` (1 to 168), newest first."""
        with self._books.open() as db:
            device = _by_id(db, device_id)
            rows = db.execute(
                "SELECT * FROM logs WHERE device_id = ? AND age <= ? ORDER BY age",
                (device["device_id"], min(max(hours, 1), 168) * 60),
            ).fetchall()
        return {
            "device_id": device["device_id"],
            "hostname": device["hostname"],
            "entries": [_entry(row) for row in rows],
        }

    def reset_device_password(self, email: str, context: Context) -> PasswordReset:
        """Set a new password on the person's main device and send it to them; the password is not returned."""

        def change(db: sqlite3.Connection) -> PasswordReset:
            device = _owned(db, email)[0]
            db.execute(
                "UPDATE devices SET password_version = password_version + 1 WHERE device_id = ?", (device["device_id"],)
            )
            return {
                "email": folded(email),
                "device_id": device["device_id"],
                "hostname": device["hostname"],
                "sent_to": f"the recovery phone on file for {folded(email)}",
            }

        return self._books.act(acting(context, "reset_device_password", repeatable=False, email=folded(email)), change)

    def lock_device(self, device_id: str, context: Context) -> DeviceChange:
        """Lock a device; unlock_device undoes it."""
        return self._set_lock(device_id, context, capability="lock_device", locked=1)

    def unlock_device(self, device_id: str, context: Context) -> DeviceChange:
        """Unlock a device."""
        return self._set_lock(device_id, context, capability="unlock_device", locked=0)

    def wipe_device(self, device_id: str, context: Context) -> DeviceChange:
        """Erase everything on a device. This cannot be undone."""

        def change(db: sqlite3.Connection) -> DeviceChange:
            device = _by_id(db, device_id)
            db.execute("DELETE FROM logs WHERE device_id = ?", (device["device_id"],))
            db.execute("UPDATE devices SET disk_free_gb = disk_gb WHERE device_id = ?", (device["device_id"],))
            return {"device_id": device["device_id"], "hostname": device["hostname"], "done": "wiped"}

        return self._books.act(acting(context, "wipe_device", repeatable=False, device_id=device_id), change)

    def _set_lock(self, device_id: str, context: Context, *, capability: str, locked: int) -> DeviceChange:
        def change(db: sqlite3.Connection) -> DeviceChange:
            device = _by_id(db, device_id)
            db.execute("UPDATE devices SET locked = ? WHERE device_id = ?", (locked, device["device_id"]))
            done = "locked" if locked else "unlocked"
            return {"device_id": device["device_id"], "hostname": device["hostname"], "done": done}

        return self._books.act(acting(context, capability, repeatable=True, device_id=device_id), change)


def build(folder: Path) -> MCPServer:
    """Return the server with its books in `folder`."""
    books = Books(folder=folder, seed=Seed(system="jumpcloud", schema=_SCHEMA + accounts.SCHEMA, fill=_fill))
    devices, people = JumpCloud(books), accounts.Accounts(books)
    return server(
        "jumpcloud",
        Offering(
            annotations=READS,
            methods=[devices.get_device, devices.list_devices, devices.get_device_logs, people.get_user],
        ),
        Offering(
            annotations=ACTS_ONCE,
            methods=[devices.lock_device, devices.unlock_device, people.add_to_group, people.remove_from_group],
        ),
        Offering(annotations=ACTS_EACH_TIME, methods=[devices.reset_device_password, people.reset_mfa]),
        Offering(annotations=DESTROYS, methods=[devices.wipe_device]),
    )


def _fill(db: sqlite3.Connection) -> None:
    for one in MACHINES:
        db.execute(
            "INSERT INTO devices (device_id, hostname, model, os, os_version, owner_email, memory_gb, disk_gb, disk_free_gb,"
            " seen, encrypted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (one.device_id, one.hostname, one.model, one.os, one.os_version, one.owner, one.memory_gb, one.disk_gb,
             one.disk_free_gb, one.seen, one.encrypted),
        )  # fmt: skip
        db.executemany(
            "INSERT INTO logs VALUES (?, ?, ?, ?, ?, ?, ?)", [(one.device_id, *line) for line in lines(one.device_id)]
        )
    accounts.fill(db)


def _owned(db: sqlite3.Connection, email: str) -> Sequence[sqlite3.Row]:
    rows = db.execute("SELECT * FROM devices WHERE owner_email = ? ORDER BY device_id", (folded(email),)).fetchall()
    if not rows:
        raise NotInTheBooks(f"No device belongs to {email!r}; check the e-mail of the person whom it is for.")
    return rows


def _by_id(db: sqlite3.Connection, device_id: str) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute("SELECT * FROM devices WHERE device_id = ?", (device_id,)).fetchone()
    if row is None:
        raise NotInTheBooks(f"There is no device {device_id!r}; ask get_device for the device_id first.")
    return row


def _device(row: sqlite3.Row) -> Device:
    return {
        "device_id": row["device_id"],
        "hostname": row["hostname"],
        "model": row["model"],
        "os": row["os"],
        "os_version": row["os_version"],
        "owner_email": row["owner_email"],
        "memory_gb": row["memory_gb"],
        "disk_free_gb": row["disk_free_gb"],
        "last_seen": ago(row["seen"]),
        "encrypted": bool(row["encrypted"]),
        "locked": bool(row["locked"]),
    }


def _entry(row: sqlite3.Row) -> Entry:
    return {
        "time": ago(row["age"]),
        "level": row["level"],
        "source": row["source"],
        "process": row["process"],
        "message": row["message"],
        "action": row["action"],
    }
