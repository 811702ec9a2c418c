"""The story over Slack with a Deskmate that is killed once on the way, and what must be the same afterwards."""

import asyncio
import contextlib
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from storage.database import open_database
from tests.fakes.separate import Remote
from tests.journeys import slack_town as town
from tests.journeys.deskmate import Place, running
from tests.journeys.story import Story, timeless, told

CHANNELS = ("C0SUPPORT", "C0SECURITY")


@dataclass(frozen=True, kw_only=True)
class Result:
    """What the database says, and what stands in Slack."""

    story: Story
    posts: Mapping[str, tuple[str, ...]]
    """Channel → texts, in the order in which they stand there."""
    killed: bool
    """Whether it really was killed before the story's end."""


async def survive(folder: Path, database_url: str, kill_at: str | None) -> Result:
    """Play the story; Deskmate kills itself at `kill_at`, is started anew, and Slack repeats what was not acknowledged."""
    folder.mkdir(parents=True, exist_ok=True)
    killed = False
    async with town.slack_town() as slack:
        place = town.place_for(slack, folder, database_url)
        await town.connect(slack, place)
        play = asyncio.create_task(_play(slack, place))
        try:
            if kill_at is not None:
                async with running(place, kill_at=kill_at, wait=False) as victim:
                    ended = asyncio.create_task(victim.ended())
                    await asyncio.wait({play, ended}, return_when=asyncio.FIRST_COMPLETED)
                    killed = ended.done() and ended.result() == -signal.SIGKILL
            if not play.done():
                async with running(place):
                    await slack.do("redeliver_unacknowledged")
                    await play
            story = await play
        finally:
            play.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await play
        return Result(story=story, posts=await _posts(slack), killed=killed)


async def _play(slack: Remote, place: Place) -> Story:
    await listening(place)
    thread = await town.june_asks(slack)
    await town.security_asked(slack)
    await town.june_clears(slack, thread)
    await town.advice_came(slack)
    return await at_rest(place)


async def listening(place: Place) -> None:
    """Wait until something listens: Slack gives up on a closed door after a few tries."""
    for _ in range(600):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", place.port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise AssertionError("Deskmate never listened")


async def at_rest(place: Place) -> Story:
    """Return the story once the request waits for June and every reply was posted."""
    story: Story | None = None
    async with open_database(place.database_url) as storage:
        for _ in range(300):
            story = await storage.read(told)
            if not story.unsent and all(status == "pending" for _, _, status, _ in story.requests):
                return story
            await asyncio.sleep(0.1)
    raise AssertionError(f"the story never came to rest: {story}")


async def _posts(slack: Remote) -> dict[str, tuple[str, ...]]:
    channels = (await town.direct_chat(slack), *CHANNELS)
    return {channel: tuple(timeless(text) for text in await town.posts(slack, channel)) for channel in channels}
