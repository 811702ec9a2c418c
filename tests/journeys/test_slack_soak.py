"""A storm: random people, a network that fails, a Deskmate that is killed again and again, and what must hold when it is over.

`--soak SECONDS` says how long it lasts, `--soak-seed` which people and faults are drawn. What happened is printed (`-s` shows it).
"""

import asyncio
import json
import random
import time
from pathlib import Path

import pytest

from tests.fakes.databases import sqlite_url
from tests.journeys import slack_soaked as soaked
from tests.journeys import slack_town as town
from tests.journeys.deskmate import running
from tests.journeys.left_over import left, undone, waiting
from tests.journeys.looking import auditor
from tests.journeys.slack_scene import SUPPORT
from tests.journeys.slack_soak import WEATHER, Watched, monkeys, wanderer
from tests.journeys.storm import Life, crowd, dying, grown, tracebacks
from tests.journeys.story import ASKED

HELP = "C0HELP"
PEOPLE = (town.JUNE, town.SAM, town.VERA)
WORDS = (
    ASKED,
    "How do I connect to the VPN?",
    "I need a new badge and my VPN is broken",
    "I forgot my password",
    "The projector in room 4 shows no picture.",
    "reply: I will look at it",
    "What is the status of IT-1001?",
    "no",
    "stop",
    "5",
)
LIFE = 40.0
"""Seconds after which Deskmate is killed, in a storm of some minutes; a fifth of a short one."""


@pytest.mark.chaos
async def test_a_storm_leaves_nothing_undone_and_nothing_twice(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """People do anything while Slack fails and Deskmate dies; in the end all that was acknowledged was done once."""

    seconds, seed = float(request.config.getoption("--soak")), int(request.config.getoption("--soak-seed"))
    dice = random.Random(seed)  # noqa: S311 -- a game
    async with town.slack_town() as remote:
        slack = Watched(url=remote.url, process=remote.process)
        place = town.place_for(slack, tmp_path, sqlite_url(tmp_path))
        for channel in ("C0PEOPLE", "C0FACILITIES", "C0FINANCE"):
            await slack.do("add_channel", id=channel, private=True)
        await slack.do("add_channel", id=HELP, members=list(PEOPLE))
        await town.connect(slack, place)
        until = time.time() + seconds
        june = wanderer(slack, SUPPORT, town.JUNE)
        storm = asyncio.gather(
            crowd(monkeys(3, slack, PEOPLE, (HELP, SUPPORT), WORDS, dice), until),
            WEATHER.over(slack, dice, until),
            june.wander(dice, until),
        )
        lives = await dying(place, until, min(LIFE, seconds / 5), lambda: slack.do("redeliver_unacknowledged"))
        moves, failed, _ = await storm
        async with running(place) as deskmate, auditor(place) as looking:
            repeated = await slack.do("redeliver_unacknowledged")
            await looking.until(waiting, lambda found: not found, seconds=60 + seconds)
            lives.append(Life.of(deskmate, time.time()))
            there, state = await looking.read(left), await slack.state()

    told = {"moves": moves, "faults": failed, "repeated": repeated, "lives": [vars(life) for life in lives]}
    (tmp_path / "state.json").write_text(json.dumps(state))
    print(json.dumps({**told, "taken": slack.taken, "requests": len(there.requests), "replies": len(there.replies)}))  # noqa: T201
    wrong = undone(there) + soaked.problems(there, state, slack, june) + grown(lives)
    wrong += tracebacks(tmp_path / "deskmate.log")
    assert not wrong, "\n".join(wrong)
