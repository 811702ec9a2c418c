"""Against a Slack that counts: no early call after a 429, and no more than a post a second in one channel."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.errors import TemporaryError
from bot.ports import Messenger
from tests.contract.slack.connected import connected, furnished, place, reply
from tests.fakes.faults import rate_limited
from tests.fakes.slack import LocalSlack


class QuickClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Return the moment."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


@pytest.fixture
async def server() -> AsyncIterator[LocalSlack]:
    async with furnished() as slack:
        yield slack


@pytest.fixture
async def messenger(server: LocalSlack) -> AsyncIterator[Messenger]:
    slack = connected(server, QuickClock())
    await slack.start()
    yield slack.messenger
    await slack.close()


async def post(messenger: Messenger, key: str) -> float | None:
    """Post once; return the delay when it was put off."""
    try:
        await messenger.post(reply(key=key), place())
    except TemporaryError as error:
        return error.delay
    return None


async def test_no_early_call_after_several_got_their_429(server: LocalSlack, messenger: Messenger) -> None:
    """Five at once are refused with different times; the longest counts for all, and waiting is left to the caller."""
    server.faults.inject("chat.postMessage", *(rate_limited(seconds) for seconds in (0.2, 1.4, 0.1, 0.6, 0.3)))

    first = await asyncio.gather(*(post(messenger, f"r{number}") for number in range(5)))
    refused_at = max(call.at for call in server.calls_to("chat.postMessage"))
    second = [await post(messenger, f"r{number}") for number in range(5)]
    calls_before = len(server.calls_to("chat.postMessage"))
    await asyncio.sleep(max(delay or 0 for delay in second))
    third = [await post(messenger, f"r{number}") for number in range(5)]

    assert None not in first
    assert (calls_before, None in second) == (5, False)
    assert third == [None] * 5
    assert server.calls_to("chat.postMessage")[5].at - refused_at >= 1.39
    assert len(server.posts("C1")) == 5


async def test_a_short_wait_is_waited_out(server: LocalSlack, messenger: Messenger) -> None:
    """Under a second the reply is not put back; the call comes after, not before."""
    server.faults.inject("chat.postMessage", rate_limited(0.4))

    put_off = await post(messenger, "r1")
    again = await post(messenger, "r1")

    limited, taken = server.calls_to("chat.postMessage")
    assert (put_off, again) == (0.4, None)
    assert taken.at - limited.at >= 0.4


@pytest.mark.chaos
async def test_a_counting_slack_refuses_nothing_for_long(server: LocalSlack, messenger: Messenger) -> None:
    """A burst is posted with what Slack allows, each post once, without a single call before its time."""
    server.web.seconds_between_posts = 0.2

    async def deliver(key: str) -> None:
        for _ in range(20):
            delay = await post(messenger, key)
            if delay is None:
                return
            await asyncio.sleep(delay)

    began = time.monotonic()
    await asyncio.gather(*(deliver(f"r{number}") for number in range(8)))

    posted = [call for call in server.calls_to("chat.postMessage") if call.answer]
    assert len(posted) == len(server.posts("C1")) == 8
    assert time.monotonic() - began < 20
    calls = server.calls_to("chat.postMessage")
    for limited in (call for call in calls if not call.answer):
        assert not [call for call in calls if limited.at + 0.1 < call.at < limited.at + 1]
