"""What every local server has in common: a port on loopback, a way to wait, and a way to be steered from outside.

A test in the same process calls the server object's methods. A test whose server runs as a process of its own (so that
Deskmate can be killed while the platform lives on) posts the same method's name and arguments to `/_test/{verb}`.
Nothing sleeps: whoever waits for a post is woken by the call that makes it.
"""

import argparse
import asyncio
import inspect
import json
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias, TypeVar

import aiohttp
from aiohttp import web

from tests.fakes.faults import Faults, JsonObject, from_json

Found = TypeVar("Found")
Verb: TypeAlias = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[2]


class Loopback:
    """An aiohttp server on 127.0.0.1; subclasses add routes in `routes` and verbs in `verbs`."""

    def __init__(self, *, port: int = 0) -> None:
        self.faults = Faults()
        self.stopping = asyncio.Event()
        self._port = port
        self._runner: web.AppRunner | None = None
        self._http: aiohttp.ClientSession | None = None
        self._changed = asyncio.Condition()

    def routes(self) -> list[web.RouteDef]:
        """The platform's own endpoints."""
        return []

    def verbs(self) -> Mapping[str, Verb]:
        """What a test in another process may call by name, with JSON arguments."""
        return {}

    def state(self) -> JsonObject:
        """Everything that a test may want to look at, as JSON."""
        return {}

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=64 * 1024 * 1024)
        application.add_routes(self.routes())
        application.add_routes([web.get("/_test/state", self._state), web.post("/_test/{verb}", self._steer)])
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self._http = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        if self._http is not None:
            await self._http.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """Where the server listens, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def http(self) -> aiohttp.ClientSession:
        """The session in which the platform calls the bot."""
        if self._http is None:
            message = "The server is not running: use it inside `async with`."
            raise RuntimeError(message)
        return self._http

    async def happened(self) -> None:
        """Wake whoever waits for something to change."""
        async with self._changed:
            self._changed.notify_all()

    async def until(self, find: Callable[[], Found | None], *, seconds: float = 10) -> Found:
        """Wait until `find` gives something true and return it; TimeoutError after `seconds`."""
        async with asyncio.timeout(seconds), self._changed:
            while not (found := find()):
                await self._changed.wait()
            return found

    def inject(self, method: str, faults: list[JsonObject]) -> None:
        """Queue faults that came as JSON."""
        self.faults.inject(method, *(from_json(fault) for fault in faults))

    async def _state(self, _: web.Request) -> web.Response:
        return web.json_response(self.state())

    async def _steer(self, request: web.Request) -> web.Response:
        verbs: dict[str, Verb] = {"inject": self.inject, **self.verbs()}
        verb = verbs.get(request.match_info["verb"])
        if verb is None:
            return web.json_response({"error": f"Unknown verb; use one of {', '.join(sorted(verbs))}."}, status=404)
        try:
            result = verb(**(await request.json() if request.can_read_body else {}))
            result = await result if inspect.isawaitable(result) else result
        except (LookupError, TypeError, ValueError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
        await self.happened()
        return web.json_response({"result": result})


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
        """What the server knows, as JSON."""
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
            message = "The server's output is not piped."
            raise RuntimeError(message)
        async with asyncio.timeout(20):
            hello = json.loads(await process.stdout.readline())
        yield Remote(url=hello["url"], process=process)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _serve(server: Loopback, state_file: Path | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with server:
        sys.stdout.write(json.dumps({"url": server.url}) + "\n")
        sys.stdout.flush()
        await stop.wait()
    if state_file is not None:
        state_file.write_text(json.dumps(server.state(), indent=1), encoding="utf-8")


def serve(parser: argparse.ArgumentParser, build: Callable[[argparse.Namespace], Awaitable[Loopback]]) -> None:
    """Run a local server from the command line until SIGTERM; the first line of output is `{"url": …}`.

    `--state FILE` is where its state is written, as JSON, when it stops.
    """
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state", type=Path, default=None)
    options = parser.parse_args()

    async def main() -> None:
        await _serve(await build(options), options.state)

    asyncio.run(main())
