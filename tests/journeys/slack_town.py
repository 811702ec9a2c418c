"""A local Slack with the people and channels of the seeded workforce, and the story's two messages said in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.fakes.separate import Remote, separately
from tests.fakes.slack import SIGNING_SECRET, TOKEN
from tests.journeys.deskmate import Place, free_port
from tests.journeys.story import ASKED, CLEARED

JUNE, SAM, VERA = "U0JUNE", "U0SAM", "U0VERA"
SUPPORT = {"it-support": "C0SUPPORT", "security": "C0SECURITY"}
PEOPLE = {
    JUNE: ("June Park", "june@example.com"),
    SAM: ("Sam Okafor", "sam@example.com"),
    VERA: ("Vera", "vera@example.com"),
}


@asynccontextmanager
async def slack_town() -> AsyncIterator[Remote]:
    """Run a local Slack as a process of its own, furnished."""
    async with separately("tests.fakes.slack") as slack:
        for user, (name, email) in PEOPLE.items():
            await slack.do("add_user", id=user, name=name, email=email)
        for channel, members in {"C0SUPPORT": [SAM], "C0SECURITY": [VERA]}.items():
            await slack.do("add_channel", id=channel, private=True, members=members)
        yield slack


def place_for(slack: Remote, folder: Path, database_url: str) -> Place:
    """Return where a Deskmate that is connected to `slack` keeps its things."""
    environment = {
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"{slack.url}/api/",
    }
    return Place(folder=folder, database_url=database_url, port=free_port(), environment=environment)


async def connect(slack: Remote, place: Place) -> None:
    """Tell Slack where Deskmate listens."""
    await slack.do("set_events_url", url=f"{place.url}/slack/events")


async def direct_chat(slack: Remote, user: str = JUNE) -> str:
    """Return June's (or another's) direct chat with Atom."""
    channel: str = await slack.do("open_direct", user=user)
    return channel


async def june_asks(slack: Remote) -> str:
    """June writes the story's first message; return its timestamp, which is the thread."""
    message = await slack.do("says", user=JUNE, channel=JUNE, text=ASKED)
    thread: str = message["ts"]
    return thread


async def june_clears(slack: Remote, thread: str) -> None:
    """June answers the security specialist."""
    await slack.do("says", user=JUNE, channel=JUNE, text=CLEARED, thread=thread)


async def security_asked(slack: Remote, *, seconds: float = 60) -> None:
    """Wait until the security specialist has asked June."""
    await _posted(slack, await direct_chat(slack), "MFA", seconds)


async def advice_came(slack: Remote, *, seconds: float = 60) -> None:
    """Wait until the software engineer has written to June."""
    await _posted(slack, await direct_chat(slack), "estart", seconds)


async def _posted(slack: Remote, channel: str, containing: str, seconds: float) -> None:
    await slack.do("wait_for_posts", count=1, channel=channel, containing=containing, seconds=seconds)


async def posts(slack: Remote, channel: str) -> list[str]:
    """Return the texts that Atom posted in a channel, oldest first."""
    return [post["text"] for post in await slack.do("posts", channel=channel)]
