"""Deskmate dies by SIGKILL while an answer is being streamed in Teams; the next process finishes it, and it stands once."""

from pathlib import Path

import pytest

from tests.fakes.databases import sqlite_url
from tests.fakes.teams_shapes import words
from tests.journeys import teams_town as town
from tests.journeys.deskmate import running
from tests.journeys.surviving import at_rest

BEGINS, ENDS = "Hello June", "Did it work?"


@pytest.mark.chaos
async def test_an_answer_whose_stream_died_stands_whole_and_once(tmp_path: Path) -> None:
    """Half of it is on the screen when the process dies; in the end all of it, in the same post, and nothing says it may stand twice."""
    async with town.teams_town() as teams:
        place = town.place_for(teams, tmp_path, sqlite_url(tmp_path))
        chat = await town.personal_chat(teams)
        async with running(place) as victim:
            await town.connect(teams, place)
            await teams.do("says", person=town.JUNE, conversation=town.JUNE, text="How do I reset my password?")
            (half,) = await teams.do("wait_for_posts", conversation=chat, containing=BEGINS, seconds=30)
            victim.kill()
        async with running(place):
            await at_rest(place)
        posts = await teams.do("posts", conversation=chat)

    (whole,) = [post for post in posts if BEGINS in words(post)]
    assert (False, True) == (ENDS in words(half), ENDS in words(whole))
    assert half["id"] == whole["id"]
    assert 2 == len(posts)
