"""A real server over streamable HTTP, which is killed, started again, and answers at length."""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE

import pytest

from adapters.mcp.limits import ServerLimits
from adapters.mcp.servers import McpServers
from bot.errors import TemporaryError
from coworkers.profile import Tool

SERVER = Path(__file__).parent / "http_server.py"
TOKEN = "tok-1234567890"
QUICK = ServerLimits(backoff=0.01)

MEASURES = """
import asyncio, resource, sys
from adapters.mcp.servers import McpServers
from coworkers.profile import Tool
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
async def main():
    tool = Tool(id="web", name="Web", transport="http", url=sys.argv[1], timeout=60)
    servers = McpServers([tool], secret=str)
    await servers.call("web", "whoami", {}, key="warm")
    before = peak()
    answer = await servers.call("web", "big", {"megabytes": 100}, key="big")
    after = await servers.call("web", "whoami", {}, key="after")
    await servers.close()
    print((peak() - before) // 1024, answer.error, after.error)
asyncio.run(main())
"""


@pytest.fixture
def port() -> int:
    """Find a free port on the loopback address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@asynccontextmanager
async def running(port: int, *extra: str) -> AsyncIterator[Process]:
    """Run the server from when it accepts connections to the end of the block, where it is killed."""
    command = (sys.executable, str(SERVER), str(port), *extra)
    process = await asyncio.create_subprocess_exec(*command, stdout=DEVNULL, stderr=DEVNULL)
    try:
        while process.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                break
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@asynccontextmanager
async def calling(port: int, *, seconds: float = 20.0) -> AsyncIterator[McpServers]:
    tool = Tool(
        id="web",
        name="Web",
        transport="http",
        url=f"http://127.0.0.1:{port}/mcp",
        headers={"Authorization": "Bearer env:WEB_TOKEN"},
        timeout=seconds,
    )
    servers = McpServers([tool], secret={"env:WEB_TOKEN": TOKEN}.__getitem__, limits=QUICK)
    try:
        yield servers
    finally:
        await servers.close()


async def until_back(servers: McpServers) -> str:
    """Call until the server is reached again, waiting as long as each refusal says."""
    for _ in range(50):
        try:
            return (await servers.call("web", "whoami", {}, key="back")).text
        except TemporaryError as later:
            if later.maybe_done:
                raise
            await asyncio.sleep(later.delay)
    raise AssertionError("the server did not come back")


async def test_it_is_listed_and_called_with_key_and_secret_header(port: int) -> None:
    """The server gets both; the token is not in what is shown."""
    async with running(port), calling(port) as servers:
        offered = {each.name for each in await servers.capabilities("web")}
        key = await servers.call("web", "key", {}, key="run-1/2")
        header = await servers.call("web", "authorization", {}, key="run-1/3")

    assert {"whoami", "key", "big"} <= offered
    assert key.text == "run-1/2"
    assert header.text == "Bearer [redacted]"


async def test_a_server_that_is_down_was_not_called_and_is_reached_once_it_is_up(port: int) -> None:
    """The error names the server and says where to look; nothing was done."""
    async with calling(port) as servers:
        with pytest.raises(TemporaryError, match=f"Web could not be reached.*127.0.0.1:{port}") as down:
            await servers.call("web", "whoami", {}, key="1")
        async with running(port) as process:
            answer = await until_back(servers)

    assert not down.value.maybe_done
    assert answer == str(process.pid)


async def test_killed_and_started_again_it_is_called_again(port: int, tmp_path: Path) -> None:
    """A call during the kill may have acted; one while it is down has not; then the new process answers, with its new list."""
    async with calling(port) as servers:
        async with running(port) as first:
            await servers.capabilities("web")
            started = tmp_path / "started"
            waiting = asyncio.create_task(servers.call("web", "wait_for", {"started": str(started)}, key="1"))
            while not started.exists():  # noqa: ASYNC110 -- another process makes it
                await asyncio.sleep(0.02)
            first.kill()
            with pytest.raises(TemporaryError) as during:
                await waiting
        with pytest.raises(TemporaryError) as down:
            await servers.call("web", "whoami", {}, key="2")
        async with running(port, "another") as second:
            answer = await until_back(servers)
            offered = {each.name for each in await servers.capabilities("web")}

    assert (during.value.maybe_done, down.value.maybe_done) == (True, False)
    assert answer == str(second.pid)
    assert "another" in offered


async def test_a_changed_list_is_read_again(port: int) -> None:
    """The newer protocol tells of changes over a subscription."""
    async with running(port), calling(port) as servers:
        await servers.capabilities("web")
        for attempt in range(100):  # the subscription is made beside the first calls; a change before it goes unheard
            await servers.call("web", "learn", {"name": f"new{attempt}"}, key=str(attempt))
            offered = {each.name for each in await servers.capabilities("web")}
            if f"new{attempt}" in offered:
                break

    assert f"new{attempt}" in offered


async def test_a_hundred_megabytes_are_not_kept(port: int) -> None:
    """Memory grows by no more than 64 MB, the caller is told, and the connection lives on."""
    async with running(port):
        url = f"http://127.0.0.1:{port}/mcp"
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", MEASURES, url, stdout=PIPE, env={**os.environ}
        )
        out, _ = await child.communicate()

    megabytes, *rest = out.decode().split()
    assert int(megabytes) <= 64
    assert rest == ["True", "False"]


async def test_two_hundred_calls_at_once_and_a_slow_one(port: int, tmp_path: Path) -> None:
    """A call that is given up harms none of the others."""
    async with running(port) as process, calling(port, seconds=5) as servers:
        await servers.capabilities("web")
        slow = asyncio.create_task(servers.call("web", "wait_for", {"started": str(tmp_path / "s")}, key="slow"))
        answers = await asyncio.gather(*(servers.call("web", "whoami", {}, key=str(number)) for number in range(200)))
        slow.cancel()
        after = await servers.call("web", "whoami", {}, key="after")

    assert {answer.text for answer in (*answers, after)} == {str(process.pid)}
