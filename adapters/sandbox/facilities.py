"""A stand-in for the customer's building system: badges, rooms and work orders."""

import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Final

from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from typing_extensions import TypedDict

from adapters.sandbox.books import Books, NotInTheBooks, Seed
from adapters.sandbox.fleet import PEOPLE, folded
from adapters.sandbox.offering import ACTS_ONCE, READS, Offering, acting, server

_ZONES: Final = ("office", "server-room", "lab", "warehouse")
_SCHEMA: Final = """
CREATE TABLE people (email TEXT PRIMARY KEY);
CREATE TABLE badges (badge_id INTEGER PRIMARY KEY, email TEXT NOT NULL, zone TEXT NOT NULL, status TEXT NOT NULL);
CREATE TABLE rooms (room TEXT PRIMARY KEY, site TEXT NOT NULL, seats INTEGER NOT NULL, screen INTEGER NOT NULL);
CREATE TABLE bookings (
  booking_id INTEGER PRIMARY KEY, room TEXT NOT NULL, email TEXT NOT NULL, starts TEXT NOT NULL, ends TEXT NOT NULL
);
CREATE TABLE work_orders (
  order_id INTEGER PRIMARY KEY, site TEXT NOT NULL, description TEXT NOT NULL, status TEXT NOT NULL
);
"""
_ROOMS: Final = (
    ("Thames", "London", 12, True),
    ("Fleet", "London", 4, True),
    ("Tyburn", "London", 2, False),
    ("Spree", "Berlin", 8, True),
    ("Tejo", "Lisbon", 6, False),
)


class Badge(TypedDict):
    """An access badge."""

    badge_id: str
    email: str
    zone: str
    status: str


class Badges(TypedDict):
    """Somebody's badges."""

    email: str
    badges: list[Badge]


class Room(TypedDict):
    """A meeting room."""

    room: str
    site: str
    seats: int
    screen: bool


class Rooms(TypedDict):
    """The meeting rooms."""

    rooms: list[Room]


class Booking(TypedDict):
    """A booked room; times as they were given."""

    booking_id: str
    room: str
    email: str
    starts: str
    ends: str


class WorkOrder(TypedDict):
    """A job for the building's staff."""

    order_id: str
    site: str
    description: str
    status: str


class Facilities:
    """The capabilities of the building system."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def list_badges(self, email: str) -> Badges:
        """Return the access badges of the person with this e-mail."""
        with self._books.open() as db:
            person = _person(db, email)
            rows = db.execute("SELECT * FROM badges WHERE email = ? ORDER BY badge_id", (person,)).fetchall()
        return {"email": person, "badges": [_badge(row) for row in rows]}

    def issue_badge(self, email: str, zone: str, context: Context) -> Badge:
        """Issue a badge for a zone (office, server-room, lab or warehouse); revoke_badge undoes it."""

        def change(db: sqlite3.Connection) -> Badge:
            person = _person(db, email)
            if zone not in _ZONES:
                raise NotInTheBooks(f"There is no zone {zone!r}; the zones are {', '.join(_ZONES)}.")
            made = db.execute("INSERT INTO badges (email, zone, status) VALUES (?, ?, 'active')", (person, zone))
            return _badge(db.execute("SELECT * FROM badges WHERE badge_id = ?", (made.lastrowid,)).fetchone())

        return self._books.act(acting(context, "issue_badge", repeatable=True, email=folded(email), zone=zone), change)

    def revoke_badge(self, badge_id: str, context: Context) -> Badge:
        """Revoke a badge."""

        def change(db: sqlite3.Connection) -> Badge:
            number = badge_id.removeprefix("badge-")
            row = db.execute("SELECT * FROM badges WHERE badge_id = ?", (number,)).fetchone()
            if row is None:
                raise NotInTheBooks(f"There is no badge {badge_id!r}; list_badges names a person's badges.")
            db.execute("UPDATE badges SET status = 'revoked' WHERE badge_id = ?", (number,))
            return {**_badge(row), "status": "revoked"}

        return self._books.act(acting(context, "revoke_badge", repeatable=True, badge_id=badge_id), change)

    def list_rooms(self) -> Rooms:
        """Return the meeting rooms."""
        with self._books.open() as db:
            rows = db.execute("SELECT * FROM rooms ORDER BY site, room").fetchall()
        return {
            "rooms": [
                {"room": row["room"], "site": row["site"], "seats": row["seats"], "screen": bool(row["screen"])}
                for row in rows
            ]
        }

    def book_room(self, room: str, email: str, starts: str, ends: str, context: Context) -> Booking:
        """Book a room for somebody; times as 2026-05-04T10:00."""

        def change(db: sqlite3.Connection) -> Booking:
            person, name = _person(db, email), _room(db, room)
            _check_free(db, name, starts, ends)
            made = db.execute(
                "INSERT INTO bookings (room, email, starts, ends) VALUES (?, ?, ?, ?)", (name, person, starts, ends)
            )
            return {
                "booking_id": f"booking-{made.lastrowid}",
                "room": name,
                "email": person,
                "starts": starts,
                "ends": ends,
            }

        call = acting(context, "book_room", repeatable=True, room=room, email=folded(email), starts=starts, ends=ends)
        return self._books.act(call, change)

    def create_work_order(self, site: str, description: str, context: Context) -> WorkOrder:
        """Ask the building's staff at a site (London, Berlin or Lisbon) to do something."""

        def change(db: sqlite3.Connection) -> WorkOrder:
            sites = sorted({place for _, place, _, _ in _ROOMS})
            if site not in sites:
                raise NotInTheBooks(f"There is no site {site!r}; the sites are {', '.join(sites)}.")
            made = db.execute(
                "INSERT INTO work_orders (site, description, status) VALUES (?, ?, 'open')", (site, description)
            )
            return {"order_id": f"order-{made.lastrowid}", "site": site, "description": description, "status": "open"}

        call = acting(context, "create_work_order", repeatable=True, site=site, description=description)
        return self._books.act(call, change)


def build(folder: Path) -> MCPServer:
    """Return the server with its books in `folder`."""
    building = Facilities(Books(folder=folder, seed=Seed(system="facilities", schema=_SCHEMA, fill=_fill)))
    return server(
        "facilities",
        Offering(annotations=READS, methods=[building.list_badges, building.list_rooms]),
        Offering(
            annotations=ACTS_ONCE,
            methods=[building.issue_badge, building.revoke_badge, building.book_room, building.create_work_order],
        ),
    )


def _fill(db: sqlite3.Connection) -> None:
    for one in PEOPLE:
        db.execute("INSERT INTO people VALUES (?)", (one.email,))
        db.execute("INSERT INTO badges (email, zone, status) VALUES (?, 'office', 'active')", (one.email,))
    db.executemany("INSERT INTO rooms VALUES (?, ?, ?, ?)", _ROOMS)


def _person(db: sqlite3.Connection, email: str) -> str:
    row = db.execute("SELECT email FROM people WHERE email = ?", (folded(email),)).fetchone()
    if row is None:
        raise NotInTheBooks(f"Nobody here has the e-mail {email!r}; check the e-mail of the person whom it is for.")
    return str(row["email"])


def _room(db: sqlite3.Connection, room: str) -> str:
    row = db.execute("SELECT room FROM rooms WHERE room = ? COLLATE NOCASE", (room,)).fetchone()
    if row is None:
        raise NotInTheBooks(f"There is no room {room!r}; list_rooms names the rooms.")
    return str(row["room"])


def _check_free(db: sqlite3.Connection, room: str, starts: str, ends: str) -> None:
    try:
        backwards = datetime.fromisoformat(starts) >= datetime.fromisoformat(ends)
    except (TypeError, ValueError):
        raise NotInTheBooks("Write both times as 2026-05-04T10:00.") from None
    if backwards:
        raise NotInTheBooks("The booking ends before it starts; swap the times.")
    taken = db.execute(
        "SELECT 1 FROM bookings WHERE room = ? AND starts < ? AND ends > ?", (room, ends, starts)
    ).fetchone()
    if taken is not None:
        raise NotInTheBooks(f"{room} is taken at that time; choose another time or another room.")


def _badge(row: sqlite3.Row) -> Badge:
    return {"badge_id": f"badge-{row['badge_id']}", "email": row["email"], "zone": row["zone"], "status": row["status"]}
