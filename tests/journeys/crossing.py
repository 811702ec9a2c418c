"""A request between Slack and Teams with a Deskmate that is killed once on the way, and what stands on both sides afterwards.

June asks in Teams. Sam leaves a private note in each of the two threads and answers her from Slack; she corrects what she had asked.
Whatever a platform was not answered it sends again, as both do.
"""

import asyncio
import contextlib
import signal
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.note import Note
from bot.ports import Reader
from storage.database import open_database
from tests.fakes.separate import Remote
from tests.fakes.teams_shapes import words
from tests.journeys import slack_town, teams_town
from tests.journeys.deskmate import Place, running
from tests.journeys.story import Story, told
from tests.journeys.surviving import listening

ASKED, CORRECTED = "The printer on floor 2 does not print.", "The printer on floor 3 does not print."
IN_SLACK, IN_TEAMS, ANSWERED = "It is out of toner, I think.", "The toner came on Monday.", "I come by at ten."
SUPPORT = {"slack": "C0SUPPORT", "teams": teams_town.IT_SUPPORT}
HEADER = "Write here to leave a private note"
SAID = {ANSWERED, IN_SLACK, IN_TEAMS, f"(edited) {CORRECTED}"}
"""What people's notes say in the end, in any order."""


@dataclass(frozen=True, kw_only=True)
class Crossed:
    """What the database says, and what stands where."""

    story: Story
    posts: Mapping[str, tuple[str, ...]]
    """`slack`, `teams` (the private threads) and `june` → what Atom posted there, as words."""
    killed: bool

    def often(self, place: str, *texts: str) -> list[int]:
        """Return in how many posts of a place each text stands."""
        return [sum(text in post for post in self.posts[place]) for text in texts]


async def cross(folder: Path, database_url: str, kill_at: str | None) -> Crossed:
    """Play it; Deskmate kills itself at `kill_at` and is started anew."""
    folder.mkdir(parents=True, exist_ok=True)
    killed = False
    async with slack_town.slack_town() as slack, teams_town.teams_town() as teams:
        place = slack_town.place_for(slack, folder, database_url)
        also = teams_town.place_for(teams, folder, database_url).environment
        place = replace(place, environment={**place.environment, **also})
        await asyncio.gather(slack_town.connect(slack, place), teams_town.connect(teams, place))
        await teams.do("set_place", place=SUPPORT["teams"], hears_all=True)
        play = asyncio.create_task(_play(slack, teams, place))
        try:
            async with running(place, kill_at=kill_at) as victim:
                ended = asyncio.create_task(victim.ended())
                await asyncio.wait({play, ended}, return_when=asyncio.FIRST_COMPLETED)
                killed = ended.done() and ended.result() == -signal.SIGKILL
            if not play.done():
                async with running(place):
                    await asyncio.wait_for(_repeat(slack, teams, play), timeout=120)
            return Crossed(story=await play, posts=await _posts(slack, teams), killed=killed)
        finally:
            play.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await play


async def _repeat(slack: Remote, teams: Remote, play: asyncio.Task[Story]) -> None:
    """Send again what was not answered, until the play is over."""
    while not play.done():
        await asyncio.gather(slack.do("redeliver_unacknowledged"), teams.do("redeliver_unanswered"))
        await asyncio.wait({play}, timeout=0.5)


async def _play(slack: Remote, teams: Remote, place: Place) -> Story:
    await listening(place)
    asked = await teams.do("says", person=teams_town.JUNE, conversation=teams_town.JUNE, text=ASKED)
    chat = asked["conversation"]["id"]
    await teams.do("wait_for_posts", conversation=chat, containing="Waiting for your answer", seconds=40)
    seen = {"containing": HEADER, "seconds": 40}
    in_slack = (await slack.do("wait_for_posts", channel=SUPPORT["slack"], **seen))[0]["ts"]
    in_teams = (await teams.do("wait_for_posts", conversation=SUPPORT["teams"], **seen))[0]["conversation"]["id"]
    sam = {"user": slack_town.SAM, "channel": SUPPORT["slack"], "thread": in_slack}
    also_sam = {"person": teams_town.SAM, "conversation": in_teams, "mention": False}
    await asyncio.gather(
        slack.do("says", **sam, text=IN_SLACK),
        teams.do("says", **also_sam, text=IN_TEAMS),
        slack.do("says", **sam, text=f"reply: {ANSWERED}"),
    )
    await teams.do("wait_for_posts", conversation=chat, containing=ANSWERED, seconds=40)
    await teams.do("edits", conversation=chat, activity=asked["id"], text=CORRECTED)
    return await _at_rest(place)


async def _at_rest(place: Place) -> Story:
    """Return the story once everybody's notes are there, the agents have the request, and every reply was posted."""
    seen: tuple[Story, set[str]] | None = None
    async with open_database(place.database_url) as storage:
        for _ in range(400):
            seen = await storage.read(_look)
            story, said = seen
            if not story.unsent and said >= SAID and [item[2] for item in story.requests] == ["open"]:
                return story
            await asyncio.sleep(0.1)
    raise AssertionError(f"it never came to rest: {seen}")


async def _look(reader: Reader) -> tuple[Story, set[str]]:
    return await told(reader), {note.text for note in await reader.find(Note) if note.author.kind == "person"}


async def _posts(slack: Remote, teams: Remote) -> dict[str, tuple[str, ...]]:
    chat = await teams_town.personal_chat(teams)
    return {
        "slack": tuple(await slack_town.posts(slack, SUPPORT["slack"])),
        "teams": tuple(words(post) for post in await teams.do("posts", conversation=SUPPORT["teams"])),
        "june": tuple(words(post) for post in await teams.do("posts", conversation=chat)),
    }
