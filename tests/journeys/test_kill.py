"""The story is killed with SIGKILL at its recorded steps, started again, and ends the same: nothing lost, nothing twice.

The process is killed inside a transaction (just before its commit) or right after it (durable, but nobody was told), at every one in
`make chaos`, at a sample in `make test`. That these are all of them is tried too: a kill behind the last never happens.
"""

from pathlib import Path

import pytest

from adapters.sandbox.books import effects
from tests.fakes.databases import postgres_url, sqlite_url
from tests.journeys.expected import problems
from tests.journeys.surviving import Result, survive

STEPS = 140
"""At least as many as the story has transactions: about 130, some of which share their moment by chance."""
SAMPLE, ON_POSTGRESQL = ("before:9", "before:54", "after:118"), ("after:31", "before:77")
EVERY = tuple(f"{moment}:{number}" for number in range(1, STEPS + 1) for moment in ("before", "after"))


@pytest.mark.parametrize("kill_at", SAMPLE)
async def test_a_kill_changes_nothing_on_sqlite(kill_at: str, tmp_path: Path) -> None:
    """Killed at this step and started again, the story ends as if nothing had been."""

    result = await survive(tmp_path / "killed", sqlite_url(tmp_path), kill_at)

    assert result.killed
    assert [] == problems(result.story)
    assert {} == _doubled(result)
    assert () == effects(tmp_path / "killed" / "sandbox", "jumpcloud")


@pytest.mark.parametrize("kill_at", ON_POSTGRESQL)
async def test_a_kill_changes_nothing_on_postgresql(kill_at: str, tmp_path: Path) -> None:
    """The same on PostgreSQL, with the leases of the dead ended at once."""

    with postgres_url() as url:
        result = await survive(tmp_path / "killed", url, kill_at)

    assert result.killed
    assert [] == problems(result.story)
    assert {} == _doubled(result)


@pytest.mark.chaos
@pytest.mark.parametrize("kill_at", EVERY)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_a_kill_at_any_step_changes_nothing(kill_at: str, database: str, tmp_path: Path) -> None:
    """Killed at any step, on either database, the story ends as if nothing had been."""

    if database == "sqlite":
        result = await survive(tmp_path / "killed", sqlite_url(tmp_path), kill_at)
    else:
        with postgres_url() as url:
            result = await survive(tmp_path / "killed", url, kill_at)

    assert [] == problems(result.story)
    assert {} == _doubled(result)


@pytest.mark.chaos
async def test_the_steps_are_all_that_the_story_has(tmp_path: Path) -> None:
    """A kill behind the last of them never happens; if it does, the story has grown and STEPS must too."""

    result = await survive(tmp_path / "killed", sqlite_url(tmp_path), f"before:{STEPS + 1}")

    assert not result.killed
    assert [] == problems(result.story)


def _doubled(result: Result) -> dict[str, list[str]]:
    """Return the posts that stand more than once, by channel."""
    found = {
        channel: [text for text in texts if texts.count(text) > 1 and "has moved to" not in text]
        for channel, texts in result.posts.items()
    }
    return {channel: texts for channel, texts in found.items() if texts}
