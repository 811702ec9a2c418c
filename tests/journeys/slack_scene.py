"""One Deskmate and one Slack for a journey, and what people do there that the story does not: press cards, also old ones.

A card is pressed through Slack as long as it has its buttons. `pressed_again` sends the press of a client that still shows them, signed
as Slack signs, which is what a second click, a slow phone or a forger with a stolen secret would send.
"""

import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

import aiohttp

from tests.fakes.databases import sqlite_url
from tests.fakes.faults import JsonObject
from tests.fakes.separate import Remote
from tests.fakes.slack import SIGNING_SECRET, sign
from tests.fakes.slack_state import TEAM
from tests.journeys import slack_town as town
from tests.journeys.deskmate import Deskmate, Place, running
from tests.journeys.looking import Auditor, auditor

SUPPORT, SECURITY = "C0SUPPORT", "C0SECURITY"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Slack, and the Deskmate that is connected to it."""

    slack: Remote
    place: Place
    deskmate: Deskmate
    auditor: Auditor

    async def says(self, user: str, text: str, *, channel: str | None = None, thread: str | None = None) -> str:
        """Somebody writes, in their direct chat unless `channel` is given; return the thread."""
        message = await self.slack.do("says", user=user, channel=channel or user, text=text, thread=thread)
        return thread or str(message["ts"])

    async def shown(self, channel: str, containing: str, *, count: int = 1, seconds: float = 30) -> list[JsonObject]:
        """Return what Atom posted in a channel with these words, once there are `count` of them."""
        posts: list[JsonObject] = await self.slack.do(
            "wait_for_posts", count=count, channel=channel, containing=containing, seconds=seconds
        )
        return posts

    async def heard(self, user: str = town.JUNE) -> list[str]:
        """Return what Atom has told somebody in the direct chat."""
        return await town.posts(self.slack, await self.direct(user))

    async def direct(self, user: str = town.JUNE) -> str:
        """Return the id of somebody's direct chat."""
        return await town.direct_chat(self.slack, user)


@asynccontextmanager
async def slack_scene(folder: Path, *, database: str | None = None, **environment: str) -> AsyncIterator[Scene]:
    """Run a furnished Slack and a Deskmate until the block ends."""
    async with town.slack_town() as slack:
        place = place_in(slack, folder, database, environment)
        async with running(place) as deskmate, auditor(place) as looking:
            await town.connect(slack, place)
            yield Scene(slack=slack, place=place, deskmate=deskmate, auditor=looking)


def place_in(slack: Remote, folder: Path, database: str | None, environment: Mapping[str, str]) -> Place:
    """Return where a Deskmate with this environment besides Slack's keeps its things."""
    place = town.place_for(slack, folder, database or sqlite_url(folder))
    return replace(place, environment={**place.environment, **environment})


async def pressed_again(place: Place, user: str, card: JsonObject, action: str, value: str) -> int:
    """Press a button of a card that may have lost it since; return the status that Slack is answered."""
    stamp = f"{time.time():.6f}"
    container = {"type": "message", "message_ts": card["ts"], "channel_id": card["channel"]}
    if "thread_ts" in card:
        container["thread_ts"] = card["thread_ts"]
    payload = {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": user, "team_id": TEAM},
        "channel": {"id": card["channel"]},
        "container": container,
        "actions": [{"action_id": action, "value": value, "action_ts": stamp, "type": "button"}],
    }
    body = urlencode({"payload": json.dumps(payload)})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        **sign(SIGNING_SECRET, int(time.time()), body),
    }
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{place.url}/slack/events", data=body, headers=headers) as answer,
    ):
        return answer.status


def value_of(card: JsonObject, action: str) -> str:
    """Return what a button of a card stands for."""
    for block in card["blocks"]:
        for element in block.get("elements", ()):
            if element.get("action_id") == action:
                return str(element["value"])
    raise AssertionError(f"the card has no button {action}: {card['text']}")
