"""From somebody's message to what the desk is given, over real HTTP: signed by the local Slack, read by ours.

Slack repeats what was not acknowledged and brings a mention twice; the desk must be able to tell that it is one message.
"""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.slack.connect import Slack
from bot.errors import TemporaryError
from bot.ids import WorkspaceId
from bot.message import Arrival, Press
from bot.surfaces import Surfaces
from tests.fakes.clock import FrozenClock
from tests.fakes.memory import MemoryStorage
from tests.fakes.slack import BOT_USER, SIGNING_SECRET, TEAM, TOKEN, LocalSlack


class Inbox:
    """Keeps what is accepted; fails as often as it is told to."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.failures = 0

    async def accept(self, arrival: Arrival) -> None:
        """Store an arrival, or be unable to."""
        if self.failures:
            self.failures -= 1
            raise TemporaryError("The database is away.")
        self.arrivals.append(arrival)


def support(_team: str, channel: str) -> WorkspaceId | None:
    return WorkspaceId("it-support") if channel == "C0SUPPORT" else None


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def server(inbox: Inbox) -> AsyncIterator[LocalSlack]:
    async with LocalSlack() as local:
        local.add_user("U1", name="Maria Chen", email="maria@example.com")
        local.add_channel("C1", members=["U1"])
        local.add_channel("C0SUPPORT", private=True, members=["U1"])
        slack = Slack(
            token=TOKEN,
            signing_secret=SIGNING_SECRET,
            accept=inbox.accept,
            support=support,
            surfaces=Surfaces(MemoryStorage()),
            clock=FrozenClock(),
            api_url=local.api_url,
        )
        application = web.Application()
        application.add_routes(slack.routes())
        async with TestServer(application) as ours:
            local.set_events_url(str(ours.make_url("/slack/events")))
            yield local
        await slack.close()


async def test_a_direct_message_arrives(server: LocalSlack, inbox: Inbox) -> None:
    """With everything that the desk needs, before Slack has named the bot."""
    said = await server.says("U1", "U1", "my laptop is slow")

    (came,) = inbox.arrivals
    assert came.message.text == "my laptop is slow"
    assert came.message.id == f"slack:{TEAM}:{said['channel']}:{said['ts']}"
    assert (came.conversation.kind, came.conversation.thread) == ("direct", said["ts"])


async def test_a_mention_arrives_twice_as_one_message(server: LocalSlack, inbox: Inbox) -> None:
    """Two events, one id, and both address Atom."""
    await server.says("U1", "C1", f"<@{BOT_USER}> help")

    first, second = inbox.arrivals
    assert first.message.id == second.message.id
    assert first.message.event_id != second.message.event_id
    assert [first.message.addresses_atom, second.message.addresses_atom] == [True, True]
    assert first.message.text == second.message.text == "help"


async def test_what_was_not_stored_comes_again(server: LocalSlack, inbox: Inbox) -> None:
    """Slack repeats it until it is acknowledged; the id stays."""
    inbox.failures = 2

    await server.says("U1", "U1", "hello")

    assert [attempt.status for attempt in server.attempts] == [503, 503, 200]
    assert len(inbox.arrivals) == 1


async def test_edits_and_deletions_arrive(server: LocalSlack, inbox: Inbox) -> None:
    """Each names the message that it is about."""
    said = await server.says("U1", "U1", "hello")
    await server.edits(said["channel"], said["ts"], "hello there")
    await server.deletes(said["channel"], said["ts"])

    assert [came.message.kind for came in inbox.arrivals] == ["text", "edited", "deleted"]
    assert {came.message.post for came in inbox.arrivals} == {said["ts"]}
    assert len({came.message.id for came in inbox.arrivals}) == 3
    assert len({came.conversation.id for came in inbox.arrivals}) == 1


async def test_a_reply_in_the_support_channel_arrives(server: LocalSlack, inbox: Inbox) -> None:
    """It belongs to the workspace and to the thread."""
    header = await server.says("U1", "C0SUPPORT", "IT-1042")
    await server.says("U1", "C0SUPPORT", "try a restart", thread=header["ts"])

    came = inbox.arrivals[-1]
    assert (came.conversation.kind, came.conversation.workspace) == ("support", "it-support")
    assert came.conversation.thread == header["ts"]


async def test_a_press_arrives(server: LocalSlack, inbox: Inbox) -> None:
    """With what its button carried and who pressed it."""
    button = {"type": "button", "action_id": "deny", "value": "a-7", "text": {"type": "plain_text", "text": "Deny"}}
    blocks = [{"type": "actions", "elements": [button]}]
    shown = server.workspace.add("C0SUPPORT", {"user": BOT_USER, "bot_id": "B0ATOM", "text": "?", "blocks": blocks})

    answer = await server.press("U1", {**shown, "channel": "C0SUPPORT"}, "deny")

    (came,) = inbox.arrivals
    assert answer["status"] == 200
    assert came.message.press == Press(action="deny", subject="a-7", post=str(shown["ts"]))
    assert came.author.id == f"slack:{TEAM}:U1"
