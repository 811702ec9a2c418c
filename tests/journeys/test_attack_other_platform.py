"""Attack: June asks in Teams and reads the support channels in Slack, and the two platforms call her differently.

No private note may be posted while she can read there, or while nobody can tell whether she does; her request is opened all the same.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.ports import Reader
from bot.reply import Reply
from tests.fakes.databases import sqlite_url
from tests.journeys import slack_town, teams_town
from tests.journeys.deskmate import running
from tests.journeys.looking import auditor


@pytest.mark.parametrize(
    ("known_as", "role"),
    [
        (None, "user"),
        pytest.param("June+teams@Example.com", "user", marks=pytest.mark.chaos),
        pytest.param("june@example.com", "guest", marks=pytest.mark.chaos),
    ],
    ids=["no e-mail", "another spelling", "a guest"],
)
async def test_june_reads_nothing_private_under_her_other_name(known_as: str | None, role: str, tmp_path: Path) -> None:
    """Every private note is held; none is posted, none is lost."""

    async with slack_town.slack_town() as slack, teams_town.teams_town() as teams:
        url = sqlite_url(tmp_path)
        place = slack_town.place_for(slack, tmp_path, url)
        also = teams_town.place_for(teams, tmp_path, url).environment
        place = replace(place, environment={**place.environment, **also})
        await teams.do("add_person", id=teams_town.JUNE, name="June Park", email=known_as, role=role)
        for channel, agent in {"C0SUPPORT": slack_town.SAM, "C0SECURITY": slack_town.VERA}.items():
            await slack.do("set_channel", channel=channel, members=[agent, slack_town.JUNE, "U0ATOM"])
        async with running(place), auditor(place) as looking:
            await slack_town.connect(slack, place)
            await teams_town.connect(teams, place)
            chat = await teams_town.june_asks(teams)
            await teams.do("wait_for_posts", conversation=chat, containing="IT-1001", seconds=60)
            held = await looking.until(_held, lambda found: found >= 1, seconds=60)
            readable = [
                *await slack_town.posts(slack, "C0SUPPORT"),
                *await slack_town.posts(slack, "C0SECURITY"),
            ]

    assert held >= 1
    assert [] == [text for text in readable if "Private note" in text]


async def _held(reader: Reader) -> int:
    return len([item for item in await reader.find(Reply, state="held") if item.conversation_id.endswith("C0SUPPORT")])
