"""What the contract tests of Slack start from: a local Slack with a person and a channel, and our side connected to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from adapters.slack.connect import Slack
from bot.conversation import Conversation, conversation_id
from bot.ids import ReplyId
from bot.labels import Visibility
from bot.message import Arrival
from bot.ports import Clock
from bot.reply import Reply
from bot.surfaces import Surfaces
from tests.fakes.memory import MemoryStorage
from tests.fakes.slack import SIGNING_SECRET, TEAM, TOKEN, LocalSlack


@dataclass
class StillClock:
    """A clock that moves only while somebody sleeps."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        """Return the moment."""
        return self.at

    async def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)


async def refuse(_arrival: Arrival) -> None:
    raise AssertionError("nothing is sent to us in these tests")


def connected(server: LocalSlack, clock: Clock, *, token: str = TOKEN, api_url: str = "") -> Slack:
    return Slack(
        token=token,
        signing_secret=SIGNING_SECRET,
        accept=refuse,
        support=lambda _team, _channel: None,
        surfaces=Surfaces(MemoryStorage()),
        clock=clock,
        api_url=api_url or server.api_url,
    )


@asynccontextmanager
async def furnished() -> AsyncIterator[LocalSlack]:
    """Run a local Slack with Maria in C1."""
    async with LocalSlack() as slack:
        slack.add_user("U1", name="Maria Chen", email="maria@example.com")
        slack.add_channel("C1", name="it-help", members=["U1"])
        yield slack


def place(
    channel: str = "C1", thread: str | None = None, kind: Literal["channel", "direct"] = "channel"
) -> Conversation:
    return Conversation(
        id=conversation_id("slack", TEAM, channel, thread),
        platform="slack",
        tenant=TEAM,
        channel=channel,
        thread=thread,
        kind=kind,
    )


def reply(text: str = "On it", *, key: str = "r1", kind: Literal["note", "status"] = "note") -> Reply:
    return Reply(
        id=ReplyId(key),
        conversation_id=place().id,
        visibility=Visibility.PUBLIC,
        kind=kind,
        text=text,
        at=datetime.now(UTC),
    )


async def thread_in(server: LocalSlack, channel: str = "C1") -> str:
    """Let somebody begin a thread that the bot is not told of."""
    message: dict[str, Any] = server.workspace.add(channel, {"user": "U1", "text": "my laptop is slow"})
    return str(message["ts"])
