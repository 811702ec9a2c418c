"""The outbox and Teams: what comes too fast, and a bot that was removed, with a clock that the test turns."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from bot.conversation import Conversation
from bot.ids import RequestId, WorkspaceId
from bot.labels import Visibility
from tests.contract.teams.teams_at_work import ERIN, SUPPORT, AtWork, place, teams_at_work
from tests.fakes.audience import COLLEAGUES
from tests.fakes.faults import refused
from tests.fakes.teams_connector import EVERYWHERE, TEAMS_OWN_RATES
from tests.fakes.teams_shapes import words
from tests.unit.desk.outbox_scene import IT, Scene


@dataclass(frozen=True, kw_only=True)
class Posting:
    """An outbox that posts in a local Teams."""

    bench: AtWork
    scene: Scene

    async def talk(self, conversation: Conversation, count: int) -> list[str]:
        """Queue so many answers; return their names."""
        keys = [f"{conversation.channel.replace(':', '')}-{number:03d}" for number in range(count)]
        for key in keys:
            await self.scene.queue(key, conversation, visibility=Visibility.PUBLIC, kind="talk", number=None)
        return keys

    def said(self, conversation: Conversation) -> list[str]:
        """Return the names of what stands in a conversation."""
        posts = self.bench.platform.posts(conversation.channel)
        return [name for post in posts for name in re.findall(r"text of ([\w-]+)", words(post))]

    async def notices(self) -> list[str]:
        """Return what the admins are told."""
        return [reply.text for reply in (await self.scene.replies()).values() if reply.kind == "notice"]


@asynccontextmanager
async def posting() -> AsyncIterator[Posting]:
    """Connect an outbox to a local Teams that counts its rates by the outbox's clock."""
    workspace = replace(IT, support_channels={"slack": "CSUPPORT", "teams": SUPPORT})
    async with teams_at_work() as bench:
        scene = Scene(workspace=workspace)
        scene.messengers["teams"] = bench.teams.messenger
        scene.audience.places[SUPPORT] = COLLEAGUES
        bench.platform.connector.now = lambda: scene.clock.now().timestamp()
        await scene.open()
        await scene.settle()
        yield Posting(bench=bench, scene=scene)


async def chat(scene: Posting, person: str) -> Conversation:
    """Store somebody's personal chat with the bot, as it is after they wrote."""
    own = place(scene.bench.platform.open_personal(person), kind="direct")
    await scene.scene.memory.transact(lambda uow: uow.add(own))
    return own


async def test_a_burst_arrives_whole_in_order_and_once_within_teams_rates() -> None:
    """Seventy answers in one chat, which Teams takes at most sixty of in thirty seconds."""
    async with posting() as desk:
        desk.bench.platform.connector.rates = TEAMS_OWN_RATES
        own = await chat(desk, ERIN)
        wanted = await desk.talk(own, 70)
        began = desk.scene.clock.now()

        await desk.scene.settle(rounds=1000)

        took = (desk.scene.clock.now() - began).total_seconds()
        calls = [call.status for call in desk.bench.platform.calls_to("post")]
        assert wanted == desk.said(own)
        assert {201, 429} == set(calls)
        assert calls.count(429) <= 70
        assert 30 <= took <= 120


async def test_many_chats_at_once_keep_to_the_rate_of_the_app() -> None:
    """Each chat would be let through alone; whoever is told to wait comes again and nobody is given up."""
    async with posting() as desk:
        desk.bench.platform.connector.rates = TEAMS_OWN_RATES
        people = [
            desk.bench.platform.add_person(f"29:p{n}", name=f"P{n}", email=None) for n in range(EVERYWHERE[0] + 10)
        ]
        chats = [await chat(desk, person) for person in people]
        for own in chats:
            await desk.talk(own, 1)

        await desk.scene.settle(rounds=1000)

        assert [1] * len(chats) == [len(desk.said(own)) for own in chats]
        assert 429 in {call.status for call in desk.bench.platform.calls_to("post")}


REMOVED = {
    "removed": refused("BotNotInConversationRoster", status=403),
    "blocked": refused("MessageWritesBlocked", status=403),
    "disabled": refused("BotDisabledByAdmin", status=403),
    "gone": refused("ConversationNotFound", status=404),
}


@pytest.mark.parametrize("case", REMOVED)
async def test_what_a_removed_bot_cannot_post_is_parked_and_staff_are_told_once(case: str) -> None:
    """Also after a restart, and Teams is not asked again; where the bot is back, what comes then is posted."""
    async with posting() as desk:
        thread = await _thread(desk)
        desk.bench.platform.faults.inject("post", *[REMOVED[case]] * 5)
        await desk.scene.queue("n1", thread)

        await desk.scene.settle()
        desk.scene.start()
        await desk.scene.settle()
        told, asked = await desk.notices(), len(desk.bench.platform.calls_to("post"))
        desk.bench.platform.faults.clear()
        await desk.scene.queue("n2", thread)
        await desk.scene.settle()

        replies = await desk.scene.replies()
        assert ("parked", "sent") == (replies["n1"].state, replies["n2"].state)
        assert (1, 1) == (len(told), asked)
        assert ("IT-1" in told[0], "text of n1" in told[0]) == (True, False)
        assert ["n2"] == desk.said(thread)


async def _thread(desk: Posting) -> Conversation:
    """Begin the request's private thread in Teams."""
    root = (await desk.bench.platform.says("29:sam", SUPPORT, "about the laptop"))["id"]
    thread = replace(place(SUPPORT, root, kind="support"), request_ids=(RequestId("r1"),), workspace=WorkspaceId("it"))
    await desk.scene.memory.transact(lambda uow: uow.add(thread))
    return thread
