"""What every local server has in common: a port on loopback, a way to wait, and a way to be steered from outside.

A test in the same process calls the server object's methods. A test whose server runs as a process of its own (so that
Deskmate can be killed while the platform lives on) posts the same method's name and arguments to `/_test/{verb}`.
Nothing sleeps: whoever waits for a post is woken by the call that makes it.
"""

import asyncio
import inspect
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self, TypeAlias, TypeVar

import aiohttp
from aiohttp import web

from tests.fakes.faults import Faults, JsonObject, from_json

Found = TypeVar("Found")
Verb: TypeAlias = Callable[..., Any]


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
        """Give the platform's own endpoints."""
        return []

    def verbs(self) -> Mapping[str, Verb]:
        """Give what a test in another process may call by name, with JSON arguments."""
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
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, backlog=1024)
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
            raise RuntimeError("The server is not running: use it inside `async with`.")
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

    def inject(self, method: str, faults: list[JsonObject], most: int | None = None) -> None:
        """Queue faults that came as JSON, unless `most` wait for the method already."""
        if most is not None and self.faults.left().get(method, 0) >= most:
            return
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
        except (LookupError, TypeError, ValueError, TimeoutError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
        await self.happened()
        return web.json_response({"result": result})
