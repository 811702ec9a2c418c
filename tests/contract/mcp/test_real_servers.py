"""Servers that others wrote, and the sandbox's, over stdio."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from subprocess import PIPE, Popen, run

import pytest

from adapters.mcp.servers import McpServers
from adapters.sandbox.books import effects
from bot.errors import TemporaryError
from coworkers.profile import Tool
from coworkers.toolbox import ToolServers
from tests.contract.mcp.processes import gone

CONNECTS = """
import asyncio, os, sys
from pathlib import Path
from adapters.mcp.servers import McpServers
from coworkers.profile import Tool
async def main():
    tool = Tool(id="hris", name="HR", transport="stdio", command=("deskmate-sandbox", "hris"))
    servers = McpServers([tool], secret=str, child_env={"DESKMATE_SANDBOX_DIR": sys.argv[1]})
    await servers.capabilities("hris")
    print(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()[0], flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


def stdio(name: str, *command: str, timeout: float = 30.0) -> Tool:
    return Tool(id=name, name=name.title(), transport="stdio", command=command, timeout=timeout)


@asynccontextmanager
async def serving(*tools: Tool, folder: Path) -> AsyncIterator[McpServers]:
    servers = McpServers(tools, secret=str, child_env={"DESKMATE_SANDBOX_DIR": str(folder)})
    try:
        yield servers
    finally:
        await servers.close()


def test_it_is_what_the_toolbox_asks_for() -> None:
    """The class satisfies the Protocol."""
    servers: ToolServers = McpServers([], secret=str)

    assert servers is not None


async def test_git_is_listed_and_called(tmp_path: Path) -> None:
    """The reference git server tells of a commit; a tool that it does not have is an error result."""
    await asyncio.to_thread(run, ["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "letter.txt").write_text("hello")
    async with serving(stdio("git", "mcp-server-git", "--repository", str(tmp_path)), folder=tmp_path) as servers:
        offered = await servers.capabilities("git")
        status = await servers.call("git", "git_status", {"repo_path": str(tmp_path)}, key="run-1/1")
        unknown = await servers.call("git", "git_fly", {}, key="run-1/2")

    assert "git_status" in {each.name for each in offered}
    assert all(each.schema["type"] == "object" for each in offered)
    assert "letter.txt" in status.text
    assert (status.call_id, status.error, unknown.error) == ("run-1/1", False, True)


async def test_time_is_called_and_its_own_error_is_a_result(tmp_path: Path) -> None:
    """The reference time server refuses a time zone that does not exist."""
    async with serving(stdio("time", "mcp-server-time"), folder=tmp_path) as servers:
        good = await servers.call("time", "get_current_time", {"timezone": "Europe/London"}, key="a")
        bad = await servers.call("time", "get_current_time", {"timezone": "Europe/Nowhere"}, key="b")

    assert good.data is None or good.data["timezone"] == "Europe/London"
    assert "Europe/London" in good.text
    assert (good.error, bad.error) == (False, True)


async def test_the_sandbox_starts_without_the_secrets_of_what_it_stands_in_for(tmp_path: Path) -> None:
    """The seeded tool files name them, and the demo has none."""
    command = ("deskmate-sandbox", "hris")
    tool = Tool(id="hris", name="HR", transport="stdio", command=command, env={"HR_KEY": "env:HR_KEY"})
    servers = McpServers([tool], secret=dict[str, str]().__getitem__, child_env={"DESKMATE_SANDBOX_DIR": str(tmp_path)})
    offered = await servers.capabilities("hris")
    await servers.close()

    assert "get_employee" in {each.name for each in offered}


async def test_the_key_reaches_the_sandbox_and_acts_once(tmp_path: Path) -> None:
    """A repeated call with the same key has one effect."""
    order = {"site": "London", "description": "A light is broken."}
    async with serving(stdio("facilities", "deskmate-sandbox", "facilities"), folder=tmp_path) as servers:
        first = await servers.call("facilities", "create_work_order", order, key="run-1/7")
        again = await servers.call("facilities", "create_work_order", order, key="run-1/7")

    assert first.data == again.data
    assert [effect.key for effect in effects(tmp_path, "facilities")] == ["run-1/7"]


async def test_two_hundred_calls_at_once(tmp_path: Path) -> None:
    """All of them are answered, each with its own answer."""
    async with serving(stdio("jumpcloud", "deskmate-sandbox", "jumpcloud"), folder=tmp_path) as servers:
        people = ["june@example.com", "omar@example.com"] * 100
        asked = (
            servers.call("jumpcloud", "get_device", {"email": email}, key=str(number))
            for number, email in enumerate(people)
        )
        answers = await asyncio.gather(*asked)

    assert [str(number) for number in range(200)] == [answer.call_id for answer in answers]
    assert people == [(answer.data or {})["owner_email"] for answer in answers]


async def test_a_cancelled_caller_harms_nobody(tmp_path: Path) -> None:
    """Half of the callers give up; the other half gets its answers over the same connection."""
    async with serving(stdio("jumpcloud", "deskmate-sandbox", "jumpcloud"), folder=tmp_path) as servers:
        await servers.capabilities("jumpcloud")
        calls = [
            asyncio.create_task(servers.call("jumpcloud", "get_user", {"email": "june@example.com"}, key=str(number)))
            for number in range(40)
        ]
        await asyncio.sleep(0)
        for call in calls[::2]:
            call.cancel()
        results = await asyncio.gather(*calls, return_exceptions=True)

    assert all(isinstance(result, asyncio.CancelledError) for result in results[::2])
    assert not any(isinstance(result, BaseException) for result in results[1::2])


async def test_a_server_that_nobody_calls_is_not_started(tmp_path: Path) -> None:
    """The sandbox's folder stays empty, and closing is at once."""
    async with serving(stdio("jumpcloud", "deskmate-sandbox", "jumpcloud"), folder=tmp_path / "none"):
        pass

    assert not (tmp_path / "none").exists()


async def test_after_closing_nothing_is_started_again(tmp_path: Path) -> None:
    """A call that comes too late may be made after the next start; it was not made."""
    servers = McpServers([stdio("hris", "deskmate-sandbox", "hris")], secret=str)
    await servers.close()

    with pytest.raises(TemporaryError) as refused:
        await servers.call("hris", "get_employee", {}, key="k")

    assert not refused.value.maybe_done


@pytest.mark.skipif(not Path(f"/proc/self/task/{os.getpid()}/children").exists(), reason="needs Linux to list children")
def test_no_child_outlives_a_killed_parent(tmp_path: Path) -> None:
    """The sandbox sees the end of its input and ends, though nobody told it to."""
    with Popen([sys.executable, "-c", CONNECTS, str(tmp_path)], stdout=PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()

    assert gone(child)
