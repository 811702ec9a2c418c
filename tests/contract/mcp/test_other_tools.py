"""Tool files that are read anew while servers are connected."""

import asyncio
from dataclasses import replace

import pytest

from bot.errors import PermanentError, TemporaryError
from tests.contract.mcp.test_nasty_servers import nasty, serving


async def test_only_a_tool_whose_file_changed_is_connected_anew() -> None:
    """The same file keeps its process, another gets its own, and a tool that is gone is unknown."""
    async with serving(nasty()) as servers:
        first = (await servers.call("nasty", "pid", {}, key="1")).text
        servers.adopt([nasty()])
        same = (await servers.call("nasty", "pid", {}, key="2")).text
        servers.adopt([replace(nasty(), name="Nastier")])
        other = (await servers.call("nasty", "pid", {}, key="3")).text
        servers.adopt([])
        gone = await servers.call("nasty", "pid", {}, key="4")

        assert (first, True) == (same, other != first)
        assert (True, "There is no tool 'nasty'.") == (gone.error, gone.text)
        with pytest.raises(PermanentError):
            await servers.capabilities("nasty")


async def test_a_call_under_way_ends_as_it_began() -> None:
    """Its connection is not cut: it is waited for as long as its own file said."""
    async with serving(nasty(timeout=0.5)) as servers:
        await servers.call("nasty", "pid", {}, key="1")
        calling = asyncio.create_task(servers.call("nasty", "hang", {}, key="2"))
        await asyncio.sleep(0.1)
        servers.adopt([])

        assert not calling.done()
        with pytest.raises(TemporaryError, match=r"0\.5 s|did not answer|no answer"):
            await calling
