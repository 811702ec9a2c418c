"""Teams brings everything several times, before and after restarts, and loses answers in between: one request, and each post once."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from tests.fakes.databases import sqlite_url
from tests.fakes.separate import Remote
from tests.journeys import teams_town as town
from tests.journeys.deskmate import running
from tests.journeys.expected import problems
from tests.journeys.looking import auditor

PLACES = (town.IT_SUPPORT, town.SECURITY)


async def bring_again(teams: Remote, times: int) -> list[int | None]:
    """Let Teams send every message once more so many times, all at once; return what it was answered."""
    sent = {made["key"] for made in (await teams.state())["attempts"] if made["kind"] == "message"}
    again = [teams.do("redeliver", activity=key) for key in sent for _ in range(times)]
    return list(await asyncio.gather(*again))


async def stands(teams: Remote, chat: str) -> list[list[str]]:
    """Return what Atom has posted, place by place."""
    return [await town.posts(teams, place) for place in (chat, *PLACES)]


@pytest.mark.chaos
async def test_what_is_brought_many_times_is_done_once(tmp_path: Path) -> None:
    """The first message five times at once; the process killed when it was acknowledged; everything again after each restart."""
    async with town.teams_town() as teams:
        place = town.place_for(teams, tmp_path, sqlite_url(tmp_path))
        async with running(place) as deskmate:
            await town.connect(teams, place)
            chat = await town.june_asks(teams)
            deskmate.kill()
            await deskmate.ended()
        async with running(place), auditor(place) as looking:
            answers = await bring_again(teams, 5)
            await town.security_asked(teams, chat)
            await town.june_clears(teams, chat)
            answers += await bring_again(teams, 3)
            await town.advice_came(teams, chat)
            story = await looking.delivered()
            before = await stands(teams, chat)
        async with running(place), auditor(place) as looking:
            answers += await bring_again(teams, 3)
            again = await looking.delivered()
            after = await stands(teams, chat)
            repeated = await looking.audited("reply.repeated")

    assert {202} == set(answers)
    assert ([], []) == (problems(story), problems(again))
    assert before == after
    doubled = sum(count - 1 for place in after for count in Counter(place).values())
    assert doubled <= len(repeated)
