"""A furnished local Slack, and our messenger connected to it, for every test here that does not make its own."""

from collections.abc import AsyncIterator

import pytest

from bot.conversation import Conversation
from bot.ports import Messenger
from tests.contract.slack.connected import StillClock, connected, furnished, place, thread_in
from tests.fakes.slack import LocalSlack


@pytest.fixture
async def server() -> AsyncIterator[LocalSlack]:
    """Give a Slack with people and channels."""
    async with furnished() as slack:
        yield slack


@pytest.fixture
def clock() -> StillClock:
    """Give a clock that nobody waits for."""
    return StillClock()


@pytest.fixture
async def messenger(server: LocalSlack, clock: StillClock) -> AsyncIterator[Messenger]:
    """Give our messenger, which knows already who the bot is."""
    slack = connected(server, clock)
    await slack.start()
    yield slack.messenger
    await slack.close()


@pytest.fixture
async def chat(server: LocalSlack) -> Conversation:
    """Give a thread that somebody began in their chat with Atom."""
    direct = server.open_direct("U1")
    return place(direct, await thread_in(server, direct), "direct")
