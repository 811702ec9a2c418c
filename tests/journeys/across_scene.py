"""One Deskmate between a Slack and a Teams, both furnished: who is where, what stands there, and what people do on either side.

June, Sam and Vera have an account in each, with the same verified e-mail. Every workspace has a support channel in both. What a thread
shows is compared as words: who speaks and what is said, without what each platform draws around it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.fakes.databases import sqlite_url
from tests.fakes.faults import JsonObject
from tests.fakes.separate import Remote
from tests.fakes.teams_shapes import words
from tests.journeys import slack_town, teams_town
from tests.journeys.deskmate import Deskmate, Place, running
from tests.journeys.looking import Auditor, auditor

SLACK_SUPPORT, SLACK_SECURITY = "C0SUPPORT", "C0SECURITY"
TEAMS_SUPPORT, TEAMS_SECURITY = teams_town.IT_SUPPORT, teams_town.SECURITY


@dataclass(frozen=True, kw_only=True)
class Both:
    """Slack and Teams, and the Deskmate that is connected to both."""

    slack: Remote
    teams: Remote
    place: Place
    deskmate: Deskmate
    auditor: Auditor

    async def in_slack(self, channel: str, containing: str, *, count: int = 1) -> list[JsonObject]:
        """Return what Atom posted in a Slack channel with these words, once there are `count` of them."""
        found: list[JsonObject] = await self.slack.do(
            "wait_for_posts", count=count, channel=channel, containing=containing, seconds=30
        )
        return found

    async def in_teams(self, conversation: str, containing: str, *, count: int = 1) -> list[JsonObject]:
        """Return what Atom posted in a Teams conversation with these words, once there are `count` of them."""
        found: list[JsonObject] = await self.teams.do(
            "wait_for_posts", count=count, conversation=conversation, containing=containing, seconds=30
        )
        return found

    async def press_in_teams(self, person: str, card: JsonObject, verb: str, **data: str) -> int:
        """Press a button of a card; return the status that Teams is answered."""
        where = {"conversation": card["conversation"]["id"], "activity": card["id"]}
        answer = await self.teams.do("press", person=person, data={"verb": verb, **data}, **where)
        status: int = answer["status"]
        return status

    @asynccontextmanager
    async def after_a_power_cut(self) -> AsyncIterator[None]:
        """Kill Deskmate where it stands, and run it anew until the block ends."""
        self.deskmate.kill()
        await self.deskmate.ended()
        async with running(self.place):
            yield

    async def all_in_slack(self, channel: str) -> list[str]:
        """Return everything that Atom posted in a Slack channel, as words."""
        return await slack_town.posts(self.slack, channel)

    async def all_in_teams(self, conversation: str) -> list[str]:
        """Return everything that Atom posted in a Teams conversation, as words."""
        posts = await self.teams.do("posts", conversation=conversation)
        return [words(post) for post in posts if post["type"] == "message"]


@asynccontextmanager
async def both(folder: Path) -> AsyncIterator[Both]:
    """Run Slack, Teams and Deskmate until the block ends."""
    async with slack_town.slack_town() as slack, teams_town.teams_town() as teams:
        url = sqlite_url(folder)
        place = slack_town.place_for(slack, folder, url)
        also = teams_town.place_for(teams, folder, url).environment
        place = replace(place, environment={**place.environment, **also})
        async with running(place) as deskmate, auditor(place) as looking:
            await asyncio.gather(slack_town.connect(slack, place), teams_town.connect(teams, place))
            yield Both(slack=slack, teams=teams, place=place, deskmate=deskmate, auditor=looking)


def how_often(posts: list[str], containing: str) -> int:
    """Return in how many posts these words are."""
    return sum(containing in post for post in posts)
