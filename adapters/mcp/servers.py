"""All configured tool servers: what a coworker's toolbox calls.

Each server is started by its first call and owned by one task (see `owner.py`). Secrets are resolved when a server is
connected, never earlier, and are known here only to be kept out of what is shown. Elicitation, sampling and roots are
not offered to servers: a tool that needs a person's answer says so, and a person does it.
"""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from mcp import Client
from mcp.client.stdio import get_default_environment
from mcp.shared.exceptions import MCPError
from mcp_types import Implementation
from pydantic import ValidationError

from adapters.mcp.answers import failed
from adapters.mcp.failures import NotTaken, innermost, is_lost, not_connected
from adapters.mcp.filtered import FilteredStream, Streams
from adapters.mcp.limits import ServerLimits
from adapters.mcp.link import Link
from adapters.mcp.owner import Owner
from adapters.mcp.pipe import pipe
from adapters.mcp.plain_text import one_line
from adapters.mcp.references import Redactor, Resolved, Secret, resolve
from adapters.mcp.server_log import ServerLog
from adapters.mcp.wire import wire
from bot.errors import DeskmateError, PermanentError
from bot.turn import CallResult
from coworkers.profile import Tool
from coworkers.toolbox import Offered

_SANDBOX: Final = "deskmate-sandbox"
"""Stands in for systems that need secrets, and needs none: its tool files name them for the day of the real system."""
_PASSED_ON: Final = ("DESKMATE_SANDBOX_DIR",)
"""Variables of ours that children get besides the SDK's short list."""


class McpServers:
    """The servers of a workforce, as `coworkers.toolbox.ToolServers`."""

    def __init__(
        self,
        tools: Iterable[Tool],
        *,
        secret: Secret,
        limits: ServerLimits | None = None,
        child_env: Mapping[str, str] | None = None,
    ) -> None:
        """Take the tools; `secret` turns a reference into its value, `child_env` is added to every child's environment."""
        self._secret = secret
        self._limits = limits or ServerLimits()
        self._child_env = dict(child_env or {})
        self._servers: dict[str, _Server] = {}
        self._left: list[_Server] = []
        self.adopt(tools)

    def adopt(self, tools: Iterable[Tool]) -> None:
        """Offer these tools from now on: one whose file has changed is connected anew by its next call.

        Calls that are under way end as they began; a connection that is left ends when it has been idle for long enough.
        """
        offered: dict[str, _Server] = {}
        for tool in tools:
            known = self._servers.get(tool.id)
            fresh = _Server(tool, self._secret, self._limits, self._child_env)
            offered[tool.id] = known if known is not None and known.serves(tool) else fresh
        self._left += [server for key, server in self._servers.items() if offered.get(key) is not server]
        self._servers = offered

    async def capabilities(self, tool: str) -> Sequence[Offered]:
        """Return what the server offers now.

        Raises `TemporaryError` when it cannot be reached, `PermanentError` when something must be set first.
        """
        server = self._servers.get(tool)
        if server is None:
            raise PermanentError(f"There is no tool {tool!r}; add tools/{tool}.yaml or correct the name.")
        return await server.capabilities()

    async def call(self, tool: str, capability: str, arguments: dict[str, Any], *, key: str) -> CallResult:
        """Call and return the result, cut to size, with `key` as its call id; an unknown tool is an error result."""
        server = self._servers.get(tool)
        if server is None:
            return failed(f"There is no tool {tool!r}.", key=key)
        return await server.call(capability, arguments, key=key)

    async def close(self) -> None:
        """End every connection and every child."""
        await asyncio.gather(*(server.owner.close() for server in (*self._servers.values(), *self._left)))


class _Server:
    """A configured server, connected or not."""

    def __init__(self, tool: Tool, secret: Secret, limits: ServerLimits, child_env: Mapping[str, str]) -> None:
        self._tool = tool
        self._secret = secret
        self._limits = limits
        self._child_env = child_env
        self._redactor = Redactor()
        self._log = ServerLog(tool.name, limits)
        self.owner = Owner(name=tool.name, connect=self._connect, explain=self._explain, limits=limits)

    def serves(self, tool: Tool) -> bool:
        """Tell whether it was made for exactly this file."""
        return self._tool == tool

    async def capabilities(self) -> Sequence[Offered]:
        try:
            return await self._listed()
        except MCPError as failure:
            if not is_lost(failure):
                raise not_connected(failure, self._tool, self._redactor) from failure
        try:
            return await self._listed()  # the connection had ended unnoticed: over a new one
        except MCPError as failure:
            raise not_connected(failure, self._tool, self._redactor) from failure

    async def _listed(self) -> Sequence[Offered]:
        link = await self.owner.link()
        try:
            return await link.capabilities()
        except MCPError as failure:
            if is_lost(failure):
                link.retired.set()
            raise
        except (ValidationError, TimeoutError) as failure:
            link.retired.set()
            raise not_connected(failure, self._tool, self._redactor) from failure

    async def call(self, capability: str, arguments: dict[str, Any], *, key: str) -> CallResult:
        link = await self.owner.link()
        try:
            return await link.call(capability, arguments, key=key)
        except NotTaken:
            link = await self.owner.link()
        try:
            return await link.call(capability, arguments, key=key)
        except NotTaken as still:
            raise not_connected(still, self._tool, self._redactor) from still

    @asynccontextmanager
    async def _connect(self) -> AsyncGenerator[Link, None]:
        self._log.begin()
        known = resolve(
            self._tool.env if self._tool.transport == "stdio" else self._tool.headers,
            tool=self._tool.name,
            secret=self._secret,
            needed=self._tool.command[:1] != (_SANDBOX,),
        )
        self._redactor = Redactor(known.secrets)
        self._log.redactor = self._redactor
        link = Link(tool=self._tool, limits=self._limits, redactor=self._redactor)
        about = Implementation(name="deskmate", version=version("deskmate"))
        transport = self._filtered(link, known)
        async with Client(transport, cache=None, client_info=about, message_handler=link.noticed) as client:
            link.attach(client)
            watching = asyncio.create_task(link.watch())
            try:
                yield link
            finally:
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)

    @asynccontextmanager
    async def _filtered(self, link: Link, known: Resolved) -> AsyncGenerator[Streams, None]:
        async with self._transport(link, known) as (read, write):
            yield FilteredStream(read, usable=link.usable), write

    def _transport(self, link: Link, known: Resolved) -> AbstractAsyncContextManager[Streams]:
        if self._tool.transport == "http":
            return wire(self._tool.url, headers=known.values, limits=self._limits)
        own = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        return pipe(
            _command(self._tool),
            env={**get_default_environment(), **own, **self._child_env, **known.values},
            limits=self._limits,
            on_line=self._log.line,
            on_end=link.retired.set,
        )

    def _explain(self, raised: BaseException) -> DeskmateError:
        failure = innermost(raised)
        if isinstance(failure, OSError) and not isinstance(failure, TimeoutError) and self._tool.transport == "stdio":
            why = one_line(failure.strerror or str(failure), 200)
            return PermanentError(
                f"{self._tool.name} cannot be started ({why}): correct `command` in tools/{self._tool.id}.yaml."
            )
        return not_connected(failure, self._tool, self._redactor, last_words=self._log.last)


def _command(tool: Tool) -> Sequence[str]:
    """Return the command with its program found on PATH, or beside our own Python (where `deskmate-sandbox` is)."""
    if not tool.command:
        raise PermanentError(f"{tool.name} has no command: set `command` in tools/{tool.id}.yaml.")
    program, *rest = tool.command
    beside = Path(sys.executable).parent / program
    found = shutil.which(program) or (str(beside) if os.access(beside, os.X_OK) else None)
    if found is None:
        raise PermanentError(
            f"{tool.name} needs the command {program!r}, which is not on PATH: install it, or correct `command` in"
            f" tools/{tool.id}.yaml."
        )
    return [found, *rest]
