"""Local servers as processes of their own, and how a test steers one from outside.

A kill test ends Deskmate while the platform lives on, so the platform cannot be part of the test's process, nor of
Deskmate's. `separately` starts one and ends it with the block; a `Remote` calls its verbs. The child prints its address
as its first line, so that nobody has to guess a port or wait for one.
"""

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.fakes.faults import JsonObject
from tests.fakes.loopback import Loopback

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class Remote:
    """A local server that runs as a process of its own."""

    url: str
    """Where it listens."""
    process: asyncio.subprocess.Process
    """The process, for tests that stop the platform itself."""

    async def do(self, verb: str, **arguments: object) -> Any:  # noqa: ANN401 -- whatever the verb returns, as JSON
        """Call a verb of the server; its refusal is a LookupError with the server's sentence."""
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{self.url}/_test/{verb}", json=arguments) as response,
        ):
            answer = await response.json()
        if "error" in answer:
            raise LookupError(answer["error"])
        return answer["result"]

    async def state(self) -> JsonObject:
        """Give what the server knows, as JSON."""
        async with aiohttp.ClientSession() as http, http.get(f"{self.url}/_test/state") as response:
            document: JsonObject = await response.json()
            return document


@asynccontextmanager
async def separately(module: str, *arguments: str) -> AsyncIterator[Remote]:
    """Run a local server (`tests.fakes.slack`, `.teams`, `.claude`) as a process, until the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        if process.stdout is None:
            raise RuntimeError("The server's output is not piped.")
        async with asyncio.timeout(20):
            hello = json.loads(await process.stdout.readline())
        yield Remote(url=hello["url"], process=process)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _serve(server: Loopback) -> JsonObject:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with server:
        sys.stdout.write(json.dumps({"url": server.url}) + "\n")
        sys.stdout.flush()
        await stop.wait()
    return server.state()


def serve(parser: argparse.ArgumentParser, build: Callable[[argparse.Namespace], Awaitable[Loopback]]) -> None:
    """Run a local server from the command line until SIGTERM; the first line of output is `{"url": …}`.

    `--state FILE` is where its state is written, as JSON, when it stops.
    """
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state", type=Path, default=None)
    options = parser.parse_args()

    async def main() -> JsonObject:
        return await _serve(await build(options))

    state = asyncio.run(main())
    if options.state is not None:
        options.state.write_text(json.dumps(state, indent=1), encoding="utf-8")
