"""What was acknowledged before a kill is there afterwards, and the audit trail is whole."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.audit import GENESIS, AuditEntry
from bot.counter import Counter
from storage.database import open_database

ROOT = Path(__file__).resolve().parents[3]


async def killed_after(url: str, acknowledged: int) -> set[str]:
    """Run the process until it has acknowledged so many, kill it, and return all that it acknowledged."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.acknowledging", url, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    lines = [await process.stdout.readline() for _ in range(acknowledged)]
    process.kill()
    rest = await process.stdout.read()
    await process.wait()
    # The last line may be cut off; what it tells of was not acknowledged.
    whole = (b"".join(lines) + rest).rpartition(b"\n")[0]
    return set(whole.decode().split("\n"))


def counted(entries: Sequence[AuditEntry]) -> list[str]:
    """Return the keys that the trail tells of, having checked its links."""
    assert list(range(1, len(entries) + 1)) == [entry.number for entry in entries]
    assert [GENESIS, *[entry.hash for entry in entries[:-1]]] == [entry.previous for entry in entries]
    return [json.loads(entry.canonical)["data"]["id"] for entry in entries]


async def test_the_acknowledged_survives_a_kill(database_url: str) -> None:
    """Three kills, each in the middle of writing; records and trail tell the same."""
    acknowledged: set[str] = set()
    for how_many in (1, 50, 200):
        acknowledged |= await killed_after(database_url, how_many)

    async with open_database(database_url) as storage:
        stored = [counter.id for counter in await storage.read(lambda reader: reader.find(Counter))]
        trail = counted(await storage.audit_entries(limit=1_000_000))

    assert acknowledged <= set(stored)
    assert sorted(stored) == sorted(trail)
