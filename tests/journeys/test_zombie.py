"""Two Deskmates on one database: one that is stopped past its lease and woken later changes nothing that the other has finished.

On PostgreSQL they may work together; on one SQLite file the second is refused.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.sandbox.books import Effect, effects
from tests.fakes.databases import postgres_url, sqlite_url
from tests.fakes.separate import Remote
from tests.journeys import slack_town as town
from tests.journeys.deskmate import Place, free_port, running
from tests.journeys.expected import problems
from tests.journeys.looking import auditor
from tests.journeys.slack_scene import SECURITY, SUPPORT
from tests.journeys.story import Story

SYSTEMS = ("jumpcloud", "endpoint-security")


@dataclass(frozen=True, kw_only=True)
class Left:
    """What stands after the story."""

    story: Story
    posts: tuple[tuple[str, ...], ...]
    effects: tuple[tuple[Effect, ...], ...]


@pytest.mark.chaos
@pytest.mark.parametrize(
    ("channel", "words"),
    [
        (SUPPORT, "updater-helper"),
        ("D0JUNE", "opened"),
        (SUPPORT, "Write here to leave"),
        (SECURITY, "Hardware Engineer"),
        ("D0JUNE", "MFA"),
    ],
)
async def test_a_worker_stopped_past_its_lease_changes_nothing(channel: str, words: str, tmp_path: Path) -> None:
    """The first is stopped in mid-story, the second finishes it, the first wakes: story, posts and effects stay as they were."""

    with postgres_url() as url:
        async with town.slack_town() as slack:
            first = town.place_for(slack, tmp_path, url)
            second = replace(first, port=free_port())
            await town.connect(slack, first)
            async with running(first) as zombie, running(second):
                thread = await town.june_asks(slack)
                await slack.do("wait_for_posts", channel=channel, containing=words, seconds=60)
                zombie.pause()
                await town.connect(slack, second)
                await town.security_asked(slack)
                await town.june_clears(slack, thread)
                await town.advice_came(slack)
                before = await _left(slack, second)
                zombie.go_on()
                assert await zombie.ready()
                await _answered(slack, first)
                await _answered(slack, second)
                after = await _left(slack, second)

    assert [] == problems(before.story)
    assert before == after
    assert [] == [text for posts in before.posts for text in posts if posts.count(text) > 1]


async def test_a_second_process_on_one_file_is_refused(tmp_path: Path) -> None:
    """It ends with one sentence that says what to do, and the first goes on."""

    async with town.slack_town() as slack:
        place = town.place_for(slack, tmp_path, sqlite_url(tmp_path))
        async with running(place) as first:
            other = replace(place, port=free_port(), folder=tmp_path / "other")
            other.folder.mkdir()
            async with running(other, wait=False) as second:
                status = await second.ended()
            said = second.log.read_text()
            alive = await first.ready()

    assert 1 == status
    assert said.startswith("deskmate: Another Deskmate works with ")
    assert "stop it first" in said
    assert 1 == len(said.splitlines())
    assert alive


async def _answered(slack: Remote, place: Place) -> None:
    """Have a process answer something small, so that whatever it had left to do has had its turn."""
    await town.connect(slack, place)
    there = await town.direct_chat(slack, town.VERA)
    count = len(await town.posts(slack, there))
    await slack.do("says", user=town.VERA, channel=town.VERA, text="hello")
    await slack.do("wait_for_posts", count=count + 1, channel=there, seconds=60)


async def _left(slack: Remote, place: Place) -> Left:
    async with auditor(place) as looking:
        story = await looking.delivered()
    channels = (await town.direct_chat(slack), SUPPORT, SECURITY)
    texts = [tuple(await town.posts(slack, channel)) for channel in channels]
    done = tuple(effects(place.folder / "sandbox", system) for system in SYSTEMS)
    return Left(story=story, posts=tuple(texts), effects=done)
