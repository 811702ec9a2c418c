"""What only one person is shown: by the command's own address while it is good, else directly, and never twice.

A Slack of a few lines answers here, because what matters is how often and where it is called.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.slack.asides import SAID, answerable
from bot.conversation import Conversation
from bot.errors import PermanentError, TemporaryError
from bot.ids import ConversationId
from bot.ports import Messenger
from bot.reply import Button, Reply
from tests.contract.slack.connected import StillClock, reply
from tests.contract.slack.plain_messenger import plain_messenger


@dataclass
class SmallSlack:
    """Keeps what it is sent; answers with what it was told to."""

    answers: list[web.Response] = field(default_factory=list)
    aside: list[dict[str, Any]] = field(default_factory=list)
    direct: list[dict[str, Any]] = field(default_factory=list)
    drop: bool = False
    """Take the next answer and hang up."""

    async def response_url(self, request: web.Request) -> web.StreamResponse:
        """Take what a bot posts to an address."""
        self.aside.append(await request.json())
        if self.drop and request.transport is not None:
            request.transport.abort()
        return self.answers.pop(0) if self.answers else web.Response(text="ok")

    async def post_message(self, request: web.Request) -> web.StreamResponse:
        """Take a message."""
        self.direct.append(await request.json())
        return web.json_response({"ok": True, "ts": "1700000000.000100", "channel": "D1"})


@pytest.fixture
def slack() -> SmallSlack:
    return SmallSlack()


@pytest.fixture
async def server(slack: SmallSlack) -> AsyncIterator[TestServer]:
    application = web.Application()
    application.router.add_post("/response/{key}", slack.response_url)
    application.router.add_post("/api/chat.postMessage", slack.post_message)
    running = TestServer(application)
    async with running:
        yield running


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def messenger(server: TestServer, clock: StillClock) -> AsyncIterator[Messenger]:
    async with plain_messenger(str(server.make_url("/api/")), clock) as made:
        yield made


def aside(server: TestServer, address: str = "") -> Conversation:
    url = address or str(server.make_url("/response/r1"))
    return Conversation(
        id=ConversationId("slack:T0DESK:C1:aside:U1"),
        platform="slack",
        tenant="T0DESK",
        channel="C1",
        kind="aside",
        address={"user": "U1", "response_url": url},
    )


def said(key: str = "r1", text: str = "You have *no* requests <!channel>") -> Reply:
    return reply(text, key=key)


async def test_the_answer_is_seen_by_one(slack: SmallSlack, server: TestServer, messenger: Messenger) -> None:
    """Ephemeral, beside what stands there, with blocks, text and buttons, and nothing in it pings."""
    button = Button(action="form", subject="", value="new", label="New request")

    post = await messenger.post(replace(said(), buttons=(button,)), aside(server))

    (sent,) = slack.aside
    assert (post, slack.direct) == (SAID, [])
    assert (sent["response_type"], sent["replace_original"]) == ("ephemeral", False)
    assert "metadata" not in sent
    assert "<!" not in json.dumps(sent)
    assert [block["type"] for block in sent["blocks"]] == ["section", "actions"]


async def test_five_answers_then_directly(slack: SmallSlack, server: TestServer, messenger: Messenger) -> None:
    """Slack takes five per address."""
    for number in range(6):
        await messenger.post(said(f"r{number}"), aside(server))

    assert (len(slack.aside), [sent["channel"] for sent in slack.direct]) == (5, ["U1"])


async def test_half_an_hour_then_directly(
    slack: SmallSlack, server: TestServer, messenger: Messenger, clock: StillClock
) -> None:
    """Counted from the address's first use, and from the writing of what waited."""
    await messenger.post(said(), aside(server))
    await clock.sleep(timedelta(minutes=29).total_seconds())
    await messenger.post(said("r2"), aside(server))
    written = replace(said("old"), at=clock.now() - timedelta(minutes=30))
    await messenger.post(written, aside(server, str(server.make_url("/response/r9"))))

    assert (len(slack.aside), len(slack.direct)) == (1, 2)


@pytest.mark.parametrize("status", [400, 403, 404, 410, 302])
async def test_an_address_that_slack_does_not_take(
    slack: SmallSlack, server: TestServer, messenger: Messenger, status: int
) -> None:
    """Then the person is written to, and the address is not tried again, nor where it points to."""
    slack.answers = [web.Response(status=status, headers={"Location": "/response/elsewhere"})]

    await messenger.post(said(), aside(server))
    await messenger.post(said("r2"), aside(server))

    assert (len(slack.aside), len(slack.direct)) == (1, 2)


@pytest.mark.parametrize("how", ["dropped", 500, 503, 408])
async def test_what_may_have_been_seen_is_not_repeated(
    slack: SmallSlack, server: TestServer, messenger: Messenger, how: str | int
) -> None:
    """The fate is unknown: it counts as said, and nobody is asked."""
    slack.drop = how == "dropped"
    slack.answers = [web.Response(status=how)] if isinstance(how, int) else []

    with pytest.raises(TemporaryError) as failed:
        await messenger.post(said(), aside(server))

    assert failed.value.maybe_done
    assert await messenger.find(said(), aside(server)) == SAID
    assert (len(slack.aside), len(slack.direct)) == (1, 0)


async def test_too_many_answers_wait(slack: SmallSlack, server: TestServer, messenger: Messenger) -> None:
    """Nothing was said, so it is repeated later."""
    slack.answers = [web.Response(status=429, headers={"Retry-After": "7"})]

    with pytest.raises(TemporaryError) as failed:
        await messenger.post(said(), aside(server))

    assert (failed.value.maybe_done, failed.value.delay) == (False, 7)
    assert await messenger.post(said(), aside(server)) == SAID


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/response/r1",
        "http://hooks.slack.com/commands/1",
        "https://hooks.slack.com.evil.example/x",
        "https://hooks.slack.com@evil.example/x",
        "https://hooks.slack.com:8443/x",
        "file:///etc/passwd",
        "http://127.0.0.1:1/x",
        "https://[::1",
        "",
        "x",
    ],
)
async def test_only_slack_is_called(slack: SmallSlack, server: TestServer, messenger: Messenger, address: str) -> None:
    """Whatever was stored: the person is written to instead."""
    where = aside(server, address or "-")

    await messenger.post(said(), where)

    assert (slack.aside, len(slack.direct)) == ([], 1)
    assert not answerable(address, "https://slack.com/api/")


def test_slacks_own_addresses() -> None:
    """With Slack's own methods, only Slack's hooks; a local Slack answers beside its methods."""
    assert answerable("https://hooks.slack.com/commands/T1/2/x", "https://slack.com/api/")
    assert not answerable("https://slack.com/response/x", "https://slack.com/api/")
    assert answerable("http://127.0.0.1:99/response/r1", "http://127.0.0.1:99/api/")
    assert not answerable("https://127.0.0.1:99/response/r1", "http://127.0.0.1:99/api/")


async def test_nobody_to_answer(server: TestServer, messenger: Messenger) -> None:
    """A conversation without an address is parked with a sentence."""
    with pytest.raises(PermanentError, match="command again"):
        await messenger.post(said(), replace(aside(server), address={}))


async def test_an_aside_has_no_status(slack: SmallSlack, server: TestServer, messenger: Messenger) -> None:
    """There is no thread in which work could be shown."""
    await messenger.post(reply(kind="status"), aside(server))

    assert (slack.aside, slack.direct) == ([], [])
