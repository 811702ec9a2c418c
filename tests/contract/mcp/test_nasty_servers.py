"""Servers that die, hang, flood and lie, over stdio."""

import asyncio
import json
import logging
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from subprocess import PIPE

import pytest

from adapters.mcp.limits import ServerLimits
from adapters.mcp.servers import McpServers
from bot.errors import PermanentError, TemporaryError
from coworkers.profile import Tool
from tests.contract.mcp.processes import gone

NASTY = Path(__file__).parent / "nasty_server.py"
SECRET = "correct-horse-battery"
QUICK = ServerLimits(backoff=0.01, connect=10)

MEASURES = """
import asyncio, resource, sys
from adapters.mcp.servers import McpServers
from coworkers.profile import Tool
from tests.contract.mcp.processes import gone
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
async def main():
    tool = Tool(id="nasty", name="Nasty", transport="stdio", command=(sys.executable, sys.argv[1]), timeout=60)
    servers = McpServers([tool], secret=str)
    await servers.call("nasty", "pid", {}, key="warm")
    before = peak()
    answer = await servers.call("nasty", sys.argv[2], {}, key="big")
    after = await servers.call("nasty", "pid", {}, key="after")
    await servers.close()
    print((peak() - before) // 1024, answer.error, "larger" in answer.text, after.error)
asyncio.run(main())
"""


def nasty(*more: str, timeout: float = 20.0) -> Tool:
    command = (sys.executable, str(NASTY), *more)
    return Tool(
        id="nasty", name="Nasty", transport="stdio", command=command, timeout=timeout, env={"KEY": "env:NASTY_KEY"}
    )


@asynccontextmanager
async def serving(tool: Tool, limits: ServerLimits = QUICK) -> AsyncIterator[McpServers]:
    servers = McpServers([tool], secret={"env:NASTY_KEY": SECRET}.__getitem__, limits=limits)
    try:
        yield servers
    finally:
        await servers.close()


async def back_again(servers: McpServers, capability: str = "pid") -> str:
    """Call until the server is connected again, waiting as long as each refusal says."""
    for _ in range(20):
        try:
            return (await servers.call("nasty", capability, {}, key="back")).text
        except TemporaryError as later:
            if later.maybe_done:
                raise
            await asyncio.sleep(later.delay)
    raise AssertionError("the server did not come back")


async def test_a_server_that_dies_during_a_call_may_have_acted_and_comes_back() -> None:
    """The caller is told to look first; the next call gets a new process."""
    async with serving(nasty()) as servers:
        first = (await servers.call("nasty", "pid", {}, key="1")).text
        with pytest.raises(TemporaryError) as lost:
            await servers.call("nasty", "die", {}, key="2")
        second = await back_again(servers)

    assert lost.value.maybe_done
    assert "Nasty" in str(lost.value)
    assert first != second


async def test_all_who_wait_for_a_dying_server_are_told() -> None:
    """Nobody waits for an answer that cannot come."""
    async with serving(nasty()) as servers:
        await servers.capabilities("nasty")
        calls = [servers.call("nasty", name, {}, key=name) for name in ("hang", "hang", "die")]
        results = await asyncio.gather(*calls, return_exceptions=True)

    assert all(isinstance(result, TemporaryError) and result.maybe_done for result in results)


async def test_a_server_that_hangs_is_given_up_after_its_timeout_and_replaced() -> None:
    """The call may have been carried out; the silent process is not asked again."""
    async with serving(nasty(timeout=0.5)) as servers:
        first = (await servers.call("nasty", "pid", {}, key="1")).text
        with pytest.raises(TemporaryError) as slow:
            await servers.call("nasty", "hang", {}, key="2")
        second = await back_again(servers)

    assert slow.value.maybe_done
    assert "0.5 s" in str(slow.value)
    assert first != second


@pytest.mark.parametrize("capability", ["big", "big_id_last"])
async def test_a_hundred_megabytes_in_a_line_are_not_kept(capability: str) -> None:
    """Memory grows by no more than 64 MB, the caller is told, and the connection lives on."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", MEASURES, str(NASTY), capability, stdout=PIPE, env={**os.environ, "KEY": "none"}
    )
    out, _ = await child.communicate()

    megabytes, *rest = out.decode().split()
    assert int(megabytes) <= 64
    assert rest == ["True", "True", "False"]


async def test_one_bad_schema_does_not_fail_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    """The usable ones are offered; for each other one the log says why not."""
    async with serving(nasty()) as servers:
        names = {each.name for each in await servers.capabilities("nasty")}

    assert {"pid", "hang"} <= names
    assert not names & {"bad_schema", "no_schema", "remote", "huge"}
    for word in ("bad_schema", "no_schema", "remote", "huge", "not an object"):
        assert word in caplog.text


async def test_a_changed_list_is_read_again() -> None:
    """The list is kept per connection until the server says that it changed."""
    async with serving(nasty()) as servers:
        before = await servers.capabilities("nasty")
        kept = await servers.capabilities("nasty")
        await servers.call("nasty", "change", {}, key="1")
        after = await servers.capabilities("nasty")

    assert kept is before
    assert {each.name for each in after} - {each.name for each in before} == {"new"}


async def test_a_flood_on_the_error_output_is_logged_in_part(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """The call is answered, a few lines are logged, without their colours, and none is written to our own output."""
    with caplog.at_level(logging.INFO, "adapters.mcp"):
        async with serving(nasty()) as servers:
            answer = await servers.call("nasty", "flood", {}, key="1")

    assert answer.text == "flooded"
    assert "Nasty: line 0" in caplog.text
    assert "\x1b" not in caplog.text
    assert len(caplog.records) < 500
    assert capfd.readouterr().err == ""


async def test_what_is_shown_is_plain_bounded_and_free_of_secrets() -> None:
    """Terminal codes, pictures, deep and long answers and the server's own key never get through."""
    async with serving(nasty()) as servers:
        shown = {
            name: await servers.call("nasty", name, {}, key=name)
            for name in (
                "colour",
                "deep",
                "long",
                "secret",
                "picture",
                "nan",
                "garbage",
                "very_deep",
                "wrong_shape",
                "rpc_error",
            )
        }

    assert shown["colour"].text == "red back"
    assert shown["deep"].data is None
    assert shown["long"].data is None
    assert len(shown["long"].text.encode()) < 65 * 1024
    assert "Cut here" in shown["long"].text
    assert (shown["secret"].text, shown["secret"].data, shown["secret"].error) == (
        "[redacted]",
        {"key": "[redacted]"},
        True,
    )
    assert shown["picture"].text == "[image, image/png, 2 kB, not shown]"
    assert shown["nan"].data == {"a": None}
    assert shown["garbage"].text == "after garbage"
    assert shown["very_deep"].error
    assert shown["wrong_shape"].error
    assert (shown["rpc_error"].error, SECRET in shown["rpc_error"].text) == (True, False)


async def test_the_key_is_passed_on() -> None:
    """The server finds it in `_meta`."""
    async with serving(nasty()) as servers:
        meta = json.loads((await servers.call("nasty", "meta", {}, key="run-1/4")).text)

    assert meta["deskmate/idempotency-key"] == "run-1/4"


async def test_a_server_cannot_ask_us() -> None:
    """Elicitation is refused with an error, at once."""
    async with serving(nasty()) as servers:
        told = json.loads((await servers.call("nasty", "ask", {}, key="1")).text)

    assert "error" in told


async def test_arguments_that_are_no_json_never_leave() -> None:
    """The coworker is told; nothing reached the server, and it goes on."""
    endless: dict[str, object] = {}
    endless["a"] = endless
    async with serving(nasty()) as servers:
        answer = await servers.call("nasty", "pid", endless, key="1")
        after = await servers.call("nasty", "pid", {}, key="2")

    assert (answer.error, after.error) == (True, False)


async def test_a_missing_command_names_what_to_set() -> None:
    """A person must act."""
    async with serving(Tool(id="nasty", name="Nasty", transport="stdio", command=("no-such-command",))) as servers:
        with pytest.raises(PermanentError, match=r"no-such-command.*tools/nasty\.yaml"):
            await servers.capabilities("nasty")


async def test_a_missing_secret_names_the_variable() -> None:
    """A person must act; the process is not started."""
    servers = McpServers([nasty()], secret=dict[str, str]().__getitem__)

    with pytest.raises(PermanentError, match="NASTY_KEY"):
        await servers.call("nasty", "pid", {}, key="1")
    await servers.close()


async def test_a_server_that_ends_at_once_is_paused_with_its_last_words() -> None:
    """The first attempt says what the server wrote; the next one within the pause does not start it again."""
    program = f"import os, sys; sys.exit('no licence for ' + {SECRET!r})"
    tool = Tool(
        id="nasty", name="Nasty", transport="stdio", command=(sys.executable, "-c", program), env={"K": "env:NASTY_KEY"}
    )
    async with serving(tool, ServerLimits(backoff=30)) as servers:
        with pytest.raises(TemporaryError, match=r"could not be started.*no licence for \[redacted\]") as first:
            await servers.capabilities("nasty")
        with pytest.raises(TemporaryError) as second:
            await servers.capabilities("nasty")

    assert (first.value.maybe_done, second.value.maybe_done) == (False, False)
    assert second.value.delay > 20


async def test_a_server_that_never_agrees_is_given_up_in_time() -> None:
    """Connecting is bounded, and the process does not stay."""
    tool = Tool(id="nasty", name="Nasty", transport="stdio", command=("sleep", "600"))
    async with serving(tool, ServerLimits(connect=0.5)) as servers:
        with pytest.raises(TemporaryError, match="did not answer in time") as slow:
            await servers.capabilities("nasty")

    assert not slow.value.maybe_done


async def test_an_idle_server_is_let_go_and_started_by_the_next_call() -> None:
    """It costs nothing while nobody calls it."""
    async with serving(nasty(), ServerLimits(idle=0.2, backoff=0.01)) as servers:
        first = int((await servers.call("nasty", "pid", {}, key="1")).text)
        ended = await asyncio.to_thread(gone, first)
        second = await back_again(servers)

    assert ended
    assert str(first) != second


async def test_a_deaf_server_is_ended_by_force_when_we_close() -> None:
    """It ignores the end of its input and polite signals; nothing of it is left."""
    async with serving(nasty("--deaf")) as servers:
        pid = int((await servers.call("nasty", "pid", {}, key="1")).text)
        started = time.monotonic()

    assert time.monotonic() - started < 10
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_server_killed_while_nobody_calls_is_replaced_unnoticed() -> None:
    """The next call starts a new process and is answered by it."""
    async with serving(nasty()) as servers:
        pid = int((await servers.call("nasty", "pid", {}, key="1")).text)
        os.kill(pid, 9)
        await asyncio.to_thread(gone, pid)
        for _ in range(20):  # the end of its output is there already; let it be read
            await asyncio.sleep(0)
        answer = await back_again(servers)

    assert answer != str(pid)
