"""June joins the agents' team after notes about her stand in its channel: the admin is told, nothing more comes until she leaves.

Then Atom itself is removed, and added again.
The channel is looked at anew only every five minutes of itself, so what comes at once comes because Teams announced it; and Teams
announces it of the team, while the notes stand in one of its channels. Whether the team is private is asked of Microsoft Graph.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.databases import sqlite_url
from tests.journeys import teams_town as town
from tests.journeys.deskmate import running
from tests.journeys.expected import problems
from tests.journeys.looking import auditor

REMOVED = "Atom was removed from the private channel of IT Support"


@pytest.mark.chaos
async def test_who_joins_a_team_later_is_told_of_and_reads_nothing_new(tmp_path: Path) -> None:
    """Teams announces who comes and goes; it is handled before it is answered."""

    async with town.teams_town() as teams:
        place = town.place_for(teams, tmp_path, sqlite_url(tmp_path))
        place = replace(place, environment={**place.environment, "MICROSOFT_GRAPH_URL": f"{teams.url}/graph"})
        async with running(place), auditor(place) as looking:
            await town.connect(teams, place)
            await teams.do("installs", place=town.DESK)
            await teams.do("says", person=town.SAM, conversation=town.SAM, text="hello")
            sams = await teams.do("open_personal", person=town.SAM)
            await teams.do("wait_for_posts", conversation=sams)
            conversation = await town.june_asks(teams)
            await town.security_asked(teams, conversation)
            await teams.do("joins_team", person=town.JUNE, team=town.DESK)
            before = await town.posts(teams, town.IT_SUPPORT)
            told = await teams.do("wait_for_posts", conversation=sams, containing="has joined the private channel")
            await town.june_clears(teams, conversation)
            await town.advice_came(teams, conversation)
            await looking.status("pending")
            meanwhile = await town.posts(teams, town.IT_SUPPORT)
            await teams.do("leaves_team", person=town.JUNE, team=town.DESK)
            story = await looking.delivered(seconds=40)
            after = await town.posts(teams, town.IT_SUPPORT)
            await teams.do("uninstalls", place=town.DESK)
            removed = await teams.do("wait_for_posts", conversation=sams, containing=REMOVED)
            await teams.do("installs", place=town.DESK)
            await teams.do("says", person=town.SAM, conversation=town.SAM, text="hello")
            again = await looking.delivered(seconds=40)
            last = [text for text in await town.posts(teams, sams) if REMOVED in text]

    assert before
    assert "June Park has joined the private channel of IT Support" in str(told)
    assert "IT-1001" in str(told)
    assert [] == [text for text in meanwhile if text not in before and "JUNE-MBP-14" in text]
    assert len(after) > len(meanwhile)
    assert [] == problems(story)
    assert 1 == len(removed) == len(last)
    assert [] == problems(again)
