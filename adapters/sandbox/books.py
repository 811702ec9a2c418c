"""The books of one fictional system: a SQLite file that is filled on first use and that actions really change.

Several processes may start at once, so the file is filled under another name and then linked into place: whoever comes
second uses what the first one made. Every acting call writes what it did into `effects`, with the idempotency key that
came with it, in the same transaction as the change. A test counts those rows to see that nothing was done twice.
"""

import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

ResultT = TypeVar("ResultT", bound=Mapping[str, Any])

_EFFECTS = """
CREATE TABLE effects (
  id INTEGER PRIMARY KEY, key TEXT, capability TEXT NOT NULL, arguments TEXT NOT NULL, result TEXT NOT NULL, at TEXT NOT NULL
);
CREATE INDEX effects_by_key ON effects (key);
"""


class NotInTheBooks(LookupError):
    """Nobody and nothing of that name is known; the message says what to try instead."""


@dataclass(frozen=True, kw_only=True)
class Seed:
    """What a system knows on its first day."""

    system: str
    """The name of the system and of its file."""
    schema: str
    """CREATE TABLE statements."""
    fill: Callable[[sqlite3.Connection], None]
    """Writes the fictional rows."""


@dataclass(frozen=True, kw_only=True)
class Acting:
    """An acting call."""

    capability: str
    arguments: dict[str, str]
    key: str | None
    """The caller's idempotency key, when it sent one."""
    repeatable: bool = False
    """The same key again returns the first result instead of acting again."""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """Something that a system really did."""

    capability: str
    key: str | None
    arguments: dict[str, str]
    at: datetime
    """UTC."""


class Books:
    """One system's file."""

    def __init__(self, *, folder: Path, seed: Seed) -> None:
        self._path = _path(folder, seed.system)
        self._seed = seed

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection with named columns; what is written is committed at the end, or not at all."""
        if not self._path.exists():
            _create(self._path, self._seed)
        with closing(_connect(self._path)) as connection:
            connection.execute("BEGIN")
            with connection:
                yield connection

    def act(self, acting: Acting, change: Callable[[sqlite3.Connection], ResultT]) -> ResultT:
        """Make a change and record it, in one transaction; return the first result when a repeatable key comes again."""
        with self.open() as connection:
            # Written first, so that a second caller with the same key waits here and then sees the first one's result.
            row = connection.execute(
                "INSERT INTO effects (key, capability, arguments, result, at) VALUES (?, ?, ?, '', ?)",
                (acting.key, acting.capability, json.dumps(acting.arguments), datetime.now(UTC).isoformat()),
            ).lastrowid
            if (earlier := _earlier(connection, acting)) is not None:
                connection.execute("DELETE FROM effects WHERE id = ?", (row,))
                return cast("ResultT", json.loads(earlier))
            result = change(connection)
            connection.execute("UPDATE effects SET result = ? WHERE id = ?", (json.dumps(result), row))
            return result


def effects(folder: Path, system: str) -> tuple[Effect, ...]:
    """Return what `system` did so far, oldest first; nothing when it was never started."""
    path = _path(folder, system)
    if not path.exists():
        return ()
    with closing(_connect(path)) as connection:
        rows = connection.execute("SELECT capability, key, arguments, at FROM effects ORDER BY id").fetchall()
    return tuple(
        Effect(
            capability=row["capability"],
            key=row["key"],
            arguments=json.loads(row["arguments"]),
            at=datetime.fromisoformat(row["at"]),
        )
        for row in rows
    )


def ago(minutes: float) -> str:
    """Return the moment `minutes` ago in ISO 8601, UTC, so that seeded logs look fresh whenever they are read."""
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat(timespec="seconds")


def _path(folder: Path, system: str) -> Path:
    return folder / f"{system}.db"


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=20, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def _create(path: Path, seed: Seed) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{seed.system}-") as draft_folder:
        draft = Path(draft_folder) / path.name
        with closing(_connect(draft)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_EFFECTS + seed.schema)
            connection.execute("BEGIN")
            with connection:
                seed.fill(connection)
        try:
            os.link(draft, path)
        except FileExistsError:
            return


def _earlier(connection: sqlite3.Connection, acting: Acting) -> str | None:
    if not acting.repeatable or acting.key is None:
        return None
    row = connection.execute(
        "SELECT result FROM effects WHERE key = ? AND capability = ? AND result <> '' ORDER BY id LIMIT 1",
        (acting.key, acting.capability),
    ).fetchone()
    return None if row is None else str(row["result"])
