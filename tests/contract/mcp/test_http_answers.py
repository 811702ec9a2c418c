"""HTTP answers that are not what was hoped for, from a server of the older protocol with sessions."""

import gzip
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from adapters.mcp.limits import ServerLimits
from adapters.mcp.servers import McpServers
from bot.errors import PermanentError, TemporaryError
from coworkers.profile import Tool

Answer = Callable[[dict[str, Any]], web.Response]


@dataclass(kw_only=True)
class Old:
    """A server that keeps sessions and answers a call as it is told to."""

    answer: Answer | None = None
    sessions: list[str] = field(default_factory=list)
    calls: int = 0

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one message."""
        message = await request.json()
        if message["method"] == "initialize":
            self.sessions.append(f"s{len(self.sessions)}")
            about = {
                "protocolVersion": "2025-06-18",
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "o", "version": "1"},
            }
            return reply(message, about, headers={"mcp-session-id": self.sessions[-1]})
        if "id" not in message:
            return web.Response(status=202)
        if message["method"] != "tools/call":
            return web.json_response(
                {"jsonrpc": "2.0", "id": message["id"], "error": {"code": -32601, "message": "no"}}
            )
        if request.headers["mcp-session-id"] != self.sessions[-1]:
            return web.Response(status=404)
        self.calls += 1
        return self.answer(message) if self.answer else reply(message, text("done"))


def reply(message: dict[str, Any], result: dict[str, Any], **options: Any) -> web.Response:  # noqa: ANN401 -- passed on
    return web.json_response({"jsonrpc": "2.0", "id": message["id"], "result": result}, **options)


def text(value: str) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": value}]}


def squeezed(message: dict[str, Any]) -> web.Response:
    body = reply(message, text("x" * 1_000_000)).body
    assert isinstance(body, bytes)
    return web.Response(body=gzip.compress(body), content_type="application/json", headers={"content-encoding": "gzip"})


@asynccontextmanager
async def serving(old: Old) -> AsyncIterator[McpServers]:
    application = web.Application()
    application.router.add_post("/mcp", old.handle)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://user:hunter2@127.0.0.1:{runner.addresses[0][1]}/mcp"
    tool = Tool(id="old", name="Old", transport="http", url=url, timeout=5)
    servers = McpServers([tool], secret=str, limits=ServerLimits(backoff=0.01, message=100_000))
    try:
        yield servers
    finally:
        await servers.close()
        await runner.cleanup()


async def test_a_forgotten_session_is_made_anew_and_the_call_made_once() -> None:
    """A restarted server refuses the old session without looking at the call, so it is sent again."""
    old = Old()
    async with serving(old) as servers:
        await servers.call("old", "do", {}, key="1")
        old.sessions.append("restarted")
        answer = await servers.call("old", "do", {}, key="2")

    assert (answer.text, answer.error) == ("done", False)
    assert old.calls == 2


async def test_refused_credentials_are_for_a_person() -> None:
    """The sentence says where to look, and not what the password is."""
    old = Old(answer=lambda _: web.Response(status=401))
    async with serving(old) as servers:
        with pytest.raises(PermanentError, match=r"tools/old\.yaml") as refused:
            await servers.call("old", "do", {}, key="1")

    assert "hunter2" not in str(refused.value)


async def test_a_busy_server_did_nothing() -> None:
    """It is tried again later."""
    old = Old(answer=lambda _: web.Response(status=429))
    async with serving(old) as servers:
        with pytest.raises(TemporaryError) as busy:
            await servers.call("old", "do", {}, key="1")

    assert not busy.value.maybe_done


async def test_a_gateways_error_leaves_it_open_whether_the_server_acted() -> None:
    """The caller looks before repeating."""
    old = Old(answer=lambda _: web.Response(status=502, text="bad gateway"))
    async with serving(old) as servers:
        with pytest.raises(TemporaryError) as lost:
            await servers.call("old", "do", {}, key="1")

    assert lost.value.maybe_done


@pytest.mark.parametrize(
    "answer",
    [
        lambda message: reply(message, text("x" * 200_000)),
        squeezed,
        lambda _: web.Response(text="{", content_type="application/json"),
    ],
    ids=["large", "compressed", "broken"],
)
async def test_an_answer_that_cannot_be_read_is_told_and_harms_nobody(answer: Answer) -> None:
    """The coworker learns that the call was made; the session goes on."""
    old = Old(answer=answer)
    async with serving(old) as servers:
        unread = await servers.call("old", "do", {}, key="1")
        old.answer = None
        after = await servers.call("old", "do", {}, key="2")

    assert (unread.error, after.text) == (True, "done")
    assert "acted" in unread.text
    assert len(old.sessions) == 1
