"""Who can read a Slack channel, in the cases that a workspace rarely has: Enterprise teams, invited organisations, changes of people."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.slack.audience import MEMBERS, SlackAudience
from adapters.slack.calls import Calls
from adapters.slack.payload import Json
from bot.conversation import Place
from bot.errors import PermanentError
from bot.person import Identity, identity_id
from bot.ports import Readers
from tests.fakes.clock import FrozenClock

PLACE = Place(platform="slack", tenant="T1", channel="C1", kind="support")
CHANNEL: dict[str, Any] = {"id": "C1", "is_private": True, "is_archived": False}


class Written(Calls):
    """Slack's answers as a test writes them down."""

    def __init__(self) -> None:
        self.channel = dict(CHANNEL)
        self.users: dict[str, dict[str, Any]] = {}
        self.members: list[str] = []
        self.asked: list[str] = []
        self.gate: asyncio.Event | None = None

    def add(self, key: str, **more: object) -> None:
        """Let somebody be in the channel."""
        self.members.append(key)
        profile = {"email": f"{key.lower()}@example.com", "display_name": key}
        self.users[key] = {"id": key, "team_id": "T1", "profile": profile, "is_email_confirmed": True, **more}

    async def ask(self, method: str, **arguments: str | int | bool) -> Json:
        """Answer."""
        if method == "conversations.info":
            return {"channel": self.channel}
        user = str(arguments["user"])
        self.asked.append(user)
        answer = dict(self.users[user])
        if self.gate is not None:
            await self.gate.wait()
        if not answer:
            raise PermanentError("user_not_found")
        return {"user": answer}

    async def pages(self, method: str, **arguments: str | int | bool) -> AsyncIterator[Json]:
        """Give the members, two at a time."""
        for start in range(0, len(self.members), 200):
            yield {"members": self.members[start : start + 200]}


def asking() -> tuple[SlackAudience, Written]:
    calls = Written()
    calls.add("U1")
    return SlackAudience(calls=calls, clock=FrozenClock()), calls


async def readers(audience: SlackAudience) -> Readers:
    found = await audience.readers(PLACE)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("user", "outside"),
    [
        ({}, False),
        ({"team_id": "T2"}, True),
        ({"team_id": "T2", "enterprise_user": {"id": "W2", "teams": ["T2", "T1"]}}, False),
        ({"team_id": "T2", "enterprise_user": {"id": "W2", "teams": ["T2", "T3"]}}, True),
        ({"team_id": "T2", "enterprise_user": {"teams": "T1"}}, True),
        ({"team_id": "", "enterprise_user": None}, True),
        ({"enterprise_user": {"teams": ["T1"]}, "is_restricted": True}, True),
        ({"is_ultra_restricted": True}, True),
        ({"is_stranger": True}, True),
    ],
)
async def test_full_members_of_the_team_are_no_outsiders(user: dict[str, Any], outside: bool) -> None:  # noqa: FBT001
    """In an Enterprise organisation also those whose account began in another of its teams."""
    audience, calls = asking()
    calls.add("U2", **user)

    assert outside == (await readers(audience)).outsiders


@pytest.mark.parametrize(
    "flags",
    [
        {"is_ext_shared": True},
        {"is_pending_ext_shared": True},
        {"is_org_shared": True},
        {"is_global_shared": True},
        {"pending_shared": ["T9"]},
        {"pending_connected_team_ids": ["T9"]},
    ],
)
async def test_a_channel_that_others_share_or_were_invited_to_has_outsiders(flags: dict[str, Any]) -> None:
    """An invitation may be accepted at any moment."""
    audience, calls = asking()
    calls.channel |= flags

    assert (await readers(audience)).outsiders


async def test_slackbot_and_who_left_the_organisation_read_nothing() -> None:
    """They make the channel neither uncertain nor open."""
    audience, calls = asking()
    calls.add("USLACKBOT", profile={})
    calls.add("U3", deleted=True, is_restricted=True)

    found = await readers(audience)

    assert (frozenset({identity_id("slack", "T1", "U1")}), False, True) == (
        found.identities,
        found.outsiders,
        found.certain,
    )


async def test_of_a_channel_with_too_many_members_nothing_is_certain() -> None:
    """They are not asked about one by one."""
    audience, calls = asking()
    for number in range(MEMBERS):
        calls.add(f"UX{number}")

    assert not (await readers(audience)).certain
    assert [] == calls.asked


async def test_a_public_channel_is_everybodys_and_an_archived_one_nobodys() -> None:
    """The first needs no members, the second takes no posts."""
    audience, calls = asking()
    calls.channel["is_private"] = False
    assert (await readers(audience)).everyone

    calls.channel["is_archived"] = True
    assert await audience.readers(PLACE) is None


async def test_a_user_of_whom_something_was_announced_is_asked_anew() -> None:
    """Somebody who is a guest now is an outsider at once, not minutes later."""
    audience, calls = asking()
    before = (await readers(audience)).outsiders
    calls.users["U1"]["is_restricted"] = True

    kept = (await readers(audience)).outsiders
    audience.forget("U1")

    assert (False, False, True) == (before, kept, (await readers(audience)).outsiders)


async def test_what_was_asked_before_the_announcement_is_not_kept_after_it() -> None:
    """The answer was under way when it came."""
    audience, calls = asking()
    calls.gate = asyncio.Event()
    who = Identity(id=identity_id("slack", "T1", "U1"), platform="slack", tenant="T1", user="U1")
    asked = asyncio.create_task(audience.profile(who))
    await asyncio.sleep(0)
    calls.users["U1"]["is_restricted"] = True
    audience.forget("U1")
    calls.gate.set()
    await asked

    assert (await readers(audience)).outsiders
