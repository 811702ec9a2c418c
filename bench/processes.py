"""Starts what is measured, each a process of its own, and the load generator beside it."""

import asyncio
import contextlib
import json
import signal
import sqlite3
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bench.events import USERS, channel, user
from tests.fakes.separate import Remote, separately
from tests.fakes.slack import SIGNING_SECRET, TOKEN
from tests.journeys.deskmate import ROOT, Place, free_port


@dataclass(frozen=True, kw_only=True)
class Load:
    """What became of a round of events."""

    acknowledged: int
    refused: int
    unanswered: int
    seconds: float
    latencies: list[float]
    """Of acknowledged events, in ms."""
    began: float
    """On the monotonic clock, which all processes share."""

    @property
    def rate(self) -> float:
        """Acknowledged events per second."""
        return self.acknowledged / self.seconds


@contextlib.asynccontextmanager
async def process(
    module: str, *arguments: str, environment: Mapping[str, str] | None = None, log: Path | None = None
) -> AsyncIterator[Remote]:
    """Run a module that prints `{"url": …}` first, until the block ends; its complaints go to `log`."""
    with contextlib.ExitStack() as stack:
        complaints = stack.enter_context(log.open("ab")) if log is not None else None
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *arguments,
            cwd=ROOT,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=complaints,
        )
        try:
            assert child.stdout is not None
            async with asyncio.timeout(60):
                hello = json.loads(await child.stdout.readline())
            yield Remote(url=hello["url"], process=child)
        finally:
            if child.returncode is None:
                child.terminate()
            await child.wait()


async def serve_app(routes: Iterable[web.RouteDef]) -> None:
    """Serve these routes until SIGTERM, as the process that is measured; the address is printed first."""
    app = web.Application()
    app.add_routes(list(routes))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{runner.addresses[0][1]}"}) + "\n")
    sys.stdout.flush()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    await runner.cleanup()


async def answer(module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> dict[str, float]:
    """Run a module to its end and return the JSON object that it printed."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await child.communicate()
    if child.returncode:
        raise RuntimeError(f"{module} failed with status {child.returncode}; what it said stands above.")
    found: dict[str, float] = json.loads(printed)
    return found


async def load(
    url: str,
    *,
    count: int,
    first: int = 0,
    connections: int = 32,
    rate: float = 0,
    seconds: float = 60,
    requests: Path | None = None,
) -> Load:
    """Send Slack's events `first` to `first + count - 1`, or what the file of `requests` holds, and return what became of them."""
    ready = ("--requests", str(requests)) if requests is not None else ()
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.load",
        url.removeprefix("http://"),
        *("--first", str(first), "--count", str(count), "--connections", str(connections)),
        *("--rate", str(rate), "--seconds", str(seconds)),
        *ready,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await child.communicate()
    return Load(**json.loads(printed))


@contextlib.asynccontextmanager
async def slack_with_people() -> AsyncIterator[Remote]:
    """Run a local Slack in which the senders of `bench.events` exist."""
    async with separately("tests.fakes.slack") as slack:
        for number in range(USERS):
            await slack.do("add_user", id=user(number), name=user(number), email=f"{user(number).lower()}@example.com")
            await slack.do("add_channel", id=channel(number), private=True, members=[user(number)])
        for name in ("C0SUPPORT", "C0SECURITY"):
            await slack.do("add_user", id=f"U{name}", name=name, email=f"{name.lower()}@example.com")
            await slack.do("add_channel", id=name, private=True, members=[f"U{name}"])
        yield slack


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """Give a folder for one Deskmate."""
    with tempfile.TemporaryDirectory(prefix="deskmate-bench-") as name:
        yield Path(name)


def place(slack: Remote, where: Path, **environment: str) -> Place:
    """Return where a Deskmate that is connected to `slack` keeps its things: a SQLite file, settled as it ships."""
    settings = {
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"{slack.url}/api/",
        "DESKMATE_LEASE_SECONDS": "30",
        "DESKMATE_SETTLE_MS": "800",
        "DESKMATE_MODEL": "offline",
        **environment,
    }
    url = f"sqlite+aiosqlite:///{where / 'desk.db'}"
    return Place(folder=where, database_url=url, port=free_port(), environment=settings)


def stored(where: Path, question: str = "SELECT count(*) FROM message") -> int:
    """Return the number that the database in `where` answers with."""
    with contextlib.closing(sqlite3.connect(f"file:{where / 'desk.db'}?mode=ro", uri=True)) as database:
        return int(database.execute(question).fetchone()[0])
