"""The file of books: made once, whoever comes first."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from subprocess import PIPE, Popen

from adapters.sandbox.books import Books, Seed, effects

STARTED_TOGETHER = """
import sys
from pathlib import Path
from adapters.sandbox.jumpcloud import JumpCloud, build
sys.stdin.readline()
from mcp import Client
import asyncio
async def main():
    async with Client(build(Path(sys.argv[1]))) as client:
        await client.call_tool("lock_device", {"device_id": "dev-1001"}, meta={"deskmate/idempotency-key": sys.argv[2]})
asyncio.run(main())
"""


def test_nothing_was_done_by_a_system_that_never_started(tmp_path: Path) -> None:
    """Counting effects does not make a file."""
    assert effects(tmp_path, "jumpcloud") == ()
    assert list(tmp_path.iterdir()) == []


def test_processes_that_start_together_share_one_file(tmp_path: Path) -> None:
    """Each change of four processes is kept, and no half-filled file is left."""
    children = [
        Popen([sys.executable, "-c", STARTED_TOGETHER, str(tmp_path), f"key-{number}"], stdin=PIPE)
        for number in range(4)
    ]
    for child in children:
        assert child.stdin is not None
        child.stdin.write(b"\n")
        child.stdin.close()
    codes = [child.wait(timeout=60) for child in children]

    assert codes == [0, 0, 0, 0]
    assert {f"key-{number}" for number in range(4)} == {effect.key for effect in effects(tmp_path, "jumpcloud")}
    assert {"jumpcloud.db"} == {path.name for path in tmp_path.iterdir() if path.suffix == ".db" or path.is_dir()}


def test_a_failing_fill_leaves_no_file(tmp_path: Path) -> None:
    """A file that is there is complete."""

    def fill(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO missing VALUES (1)")

    books = Books(folder=tmp_path, seed=Seed(system="broken", schema="", fill=fill))
    try:
        with books.open():
            raise AssertionError("opened")
    except sqlite3.OperationalError:
        pass

    assert list(tmp_path.iterdir()) == []


def test_the_file_uses_a_write_ahead_log(tmp_path: Path) -> None:
    """Readers and a writer do not wait for each other."""
    books = Books(folder=tmp_path, seed=Seed(system="plain", schema="CREATE TABLE t (a);", fill=lambda _db: None))
    with books.open():
        pass
    with closing(sqlite3.connect(tmp_path / "plain.db")) as db:
        mode = db.execute("PRAGMA journal_mode").fetchone()[0]

    assert mode == "wal"
