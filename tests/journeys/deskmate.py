"""Deskmate as a process of its own, started as an admin starts it: `deskmate serve` with an environment.

A journey talks to it as the platforms do, over HTTP, and looks into its database as an auditor would. It can be killed and started
again on the same database; `kill_at` has it kill itself at one exact transaction (see `victim.py`).
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where one journey's Deskmate keeps its things."""

    folder: Path
    database_url: str
    port: int
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def whole_environment(self) -> dict[str, str]:
        """Return the environment of the process: nothing of this one's configuration but the path."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {
            **kept,
            "DATABASE_URL": self.database_url,
            "DESKMATE_PORT": str(self.port),
            "DESKMATE_WORKFORCE": str(ROOT / "config" / "workforce"),
            "DESKMATE_SANDBOX_DIR": str(self.folder / "sandbox"),
            "DESKMATE_LEASE_SECONDS": "3",
            "DESKMATE_SETTLE_MS": "100",
            **self.environment,
        }


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Deskmate:
    """One run of the process."""

    def __init__(self, process: asyncio.subprocess.Process, place: Place, log: Path) -> None:
        self.process = process
        self.place = place
        self.log = log

    async def ready(self) -> bool:
        """Wait until it answers; False when it died instead."""
        async with aiohttp.ClientSession() as http, asyncio.timeout(PATIENCE):
            while self.process.returncode is None:
                with contextlib.suppress(aiohttp.ClientError):
                    async with http.get(f"{self.place.url}/readyz") as answer:
                        if answer.status == 200:
                            return True
                await asyncio.sleep(0.05)
        return False

    def kill(self) -> None:
        """Kill it as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    def pause(self) -> None:
        """Stop it in its tracks."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on as if nothing had been."""
        self.process.send_signal(signal.SIGCONT)

    async def ended(self) -> int:
        """Return its exit status once it has ended."""
        return await self.process.wait()


@contextlib.asynccontextmanager
async def running(place: Place, *, kill_at: str | None = None, wait: bool = True) -> AsyncIterator[Deskmate]:
    """Run Deskmate until the block ends; `kill_at` (such as `before:12`) has it kill itself there."""
    log = place.folder / "deskmate.log"
    command = ["-m", "config.start"] if kill_at is None else ["-m", "tests.journeys.victim", kill_at]
    program = [sys.executable, *command] if kill_at else [str(Path(sys.executable).with_name("deskmate"))]
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *program, "serve", cwd=ROOT, env=place.whole_environment(), stdout=output, stderr=output
        )
    deskmate = Deskmate(process, place, log)
    try:
        if wait and not await deskmate.ready() and kill_at is None:
            raise AssertionError(f"Deskmate did not start:\n{log.read_text()[-3000:]}")
        yield deskmate
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 15)
            except TimeoutError:
                process.kill()
                await process.wait()
