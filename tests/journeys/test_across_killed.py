"""Killed with SIGKILL while notes cross between Slack and Teams: nothing is lost, and on both sides everything stands once.

A post to Teams that was under way at the moment of the kill cannot always be looked for, and may stand twice; one at most, since a process
dies once. In `make test` the power fails once in `test_across_at_once`.
"""

from pathlib import Path

import pytest

from tests.fakes.databases import sqlite_url
from tests.journeys.crossing import ANSWERED, CORRECTED, IN_SLACK, IN_TEAMS, SAID, cross

FIRST, LAST = 30, 130
"""Transactions between the first word and the last; the story has fewer than 140."""
EVERY = tuple(f"{moment}:{number}" for number in range(FIRST, LAST + 1, 4) for moment in ("before", "after"))


@pytest.mark.chaos
@pytest.mark.parametrize("kill_at", EVERY)
async def test_a_kill_while_notes_cross_loses_and_doubles_nothing(kill_at: str, tmp_path: Path) -> None:
    """Each note is stored once and stands once wherever it was not written; June's correction is quoted once more."""

    crossed = await cross(tmp_path / "killed", sqlite_url(tmp_path), kill_at)

    assert crossed.killed
    by_people = sorted(text for _, author, text in crossed.story.notes if author in {"Sam Okafor", "June Park"})
    assert sorted(SAID) == by_people
    assert [0, 1, 0, 2] == crossed.often("slack", IN_SLACK, IN_TEAMS, ANSWERED, CORRECTED)
    assert [0, 0, 0] == [*crossed.often("teams", IN_TEAMS), *crossed.often("june", IN_SLACK, IN_TEAMS)]
    in_teams = [*crossed.often("teams", IN_SLACK, ANSWERED, CORRECTED), *crossed.often("june", ANSWERED)]
    more = [count - least for count, least in zip(in_teams, (1, 1, 2, 1), strict=True)]
    assert min(more) == 0
    assert sum(more) <= crossed.killed
