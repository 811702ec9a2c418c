"""Deskmate works with a Slack that we have not written: a signed event comes in, a threaded reply goes out.

Skipped, with the reason, where the emulator may not or cannot be installed.
"""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.fakes.databases import sqlite_url
from tests.journeys.deskmate import Place, free_port, running
from tests.journeys.looking import auditor
from tests.journeys.slack_emulator import BOT_TOKEN, BOT_USER, SECRET, Emulated, Unavailable, emulated
from tests.journeys.story import ASKED

JUNE = "xoxp-june"


async def test_june_is_answered_in_her_thread(tmp_path: Path) -> None:
    """June writes to Atom in the emulator; the request's number comes in the thread of her message, posted once by Atom's bot."""
    port = free_port()
    async with AsyncExitStack() as stack:
        people = {"june": "june@example.com"}
        try:
            slack = await stack.enter_async_context(emulated(f"http://127.0.0.1:{port}/slack/events", people))
        except Unavailable as reason:
            pytest.skip(f"No Slack emulator: {reason}")
        place = Place(
            folder=tmp_path,
            database_url=sqlite_url(tmp_path),
            port=port,
            environment={
                "SLACK_BOT_TOKEN": BOT_TOKEN,
                "SLACK_SIGNING_SECRET": SECRET,
                "SLACK_API_URL": f"{slack.url}/api/",
            },
        )
        await stack.enter_async_context(running(place))
        looking = await stack.enter_async_context(auditor(place))
        direct = (await slack.call("conversations.open", JUNE, users=BOT_USER))["channel"]["id"]
        asked = await slack.call("chat.postMessage", JUNE, channel=direct, text=ASKED)
        said = await _replies(slack, direct, asked["ts"], containing="IT-1001")
        request = await looking.status("pending", "in_progress", "open")

    opened = [message for message in said if "opened" in message["text"]]
    assert ["IT-1001"] == [request.number]
    assert 1 == len(opened)
    assert (BOT_USER, asked["ts"]) == (opened[0]["user"], opened[0]["thread_ts"])


async def _replies(slack: Emulated, channel: str, thread: str, *, containing: str) -> list[dict[str, str]]:
    """Return what stands in a thread once these words do."""
    for _ in range(300):
        found = await slack.call("conversations.replies", JUNE, channel=channel, ts=thread)
        replies: list[dict[str, str]] = found["messages"][1:]
        if any(containing in message["text"] for message in replies):
            return replies
        await asyncio.sleep(0.1)
    raise AssertionError(f"Nobody answered with {containing!r}; there is only {replies}")
