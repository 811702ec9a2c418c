"""A post whose answer was lost is looked for in Microsoft Graph: it stands once, whatever went wrong, and a guess is never made."""

import random
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.conversation import Conversation
from bot.errors import TemporaryError
from bot.labels import Visibility
from bot.reply import Button
from tests.contract.teams.looking_back import CHAT, TAKE, delivered, in_a_thread, looking, reply
from tests.contract.teams.teams_at_work import CHANNEL, ERIN, SUPPORT, place, teams_at_work
from tests.fakes.faults import Fault, drop_after_commit, hang, http_error, rate_limited, reset

FAULTS = [http_error(502), reset(), drop_after_commit()]


@pytest.mark.parametrize("buttons", [(), (TAKE,)], ids=["words", "buttons"])
@pytest.mark.parametrize("fault", FAULTS, ids=["502", "reset", "lost"])
async def test_a_note_in_a_thread_stands_once(fault: Fault, buttons: tuple[Button, ...]) -> None:
    """Also when the same words stand in the next thread, and when somebody else has said them here."""
    async with looking() as bench:
        thread, other = await in_a_thread(bench), await in_a_thread(bench)
        await bench.teams.messenger.post(reply(key="r0", buttons=buttons), other)
        await bench.platform.says(ERIN, CHANNEL, "On it.", thread=thread.thread, mention=False)
        bench.platform.faults.inject("post", fault)

        found = await delivered(bench, reply(buttons=buttons), thread)

        posts = bench.platform.posts(f"{CHANNEL};messageid={thread.thread}")
        assert [found] == [post["id"] for post in posts]


@pytest.mark.parametrize("buttons", [(), (TAKE,)], ids=["words", "buttons"])
@pytest.mark.parametrize("fault", FAULTS, ids=["502", "reset", "lost"])
async def test_a_header_begins_one_thread(fault: Fault, buttons: tuple[Button, ...]) -> None:
    """At the top of a channel, among threads of others that go on."""
    async with looking() as bench:
        support = place(SUPPORT, kind="support")
        await bench.teams.messenger.post(reply("**IT-2** Printer", key="r0", buttons=buttons), support)
        bench.platform.faults.inject("create", fault)

        root = await delivered(bench, reply("**IT-1** Laptop", buttons=buttons), support)

        assert [root] == [post["id"] for post in bench.platform.posts(SUPPORT) if "Laptop" in str(post)]


@pytest.mark.parametrize("fault", FAULTS, ids=["502", "reset", "lost"])
async def test_a_post_in_a_group_chat_stands_once(fault: Fault) -> None:
    """Chats have no threads; the newest messages come first."""
    async with looking() as bench:
        chat = place(CHAT, kind="group")
        bench.platform.faults.inject("post", fault)

        found = await delivered(bench, reply(), chat)

        assert [found] == [post["id"] for post in bench.platform.posts(CHAT)]


async def test_a_private_note_is_found_as_what_it_is() -> None:
    """Speaker, mark and small print are part of what was posted, and the markup that comes back is another."""
    async with looking() as bench:
        support = place(SUPPORT, kind="support")
        thread = replace(support, thread=await bench.teams.messenger.post(reply("**IT-1**", key="r0"), support))
        text = "See **`C:\\temp`** & <this>:\n\n1. *one*\n2. two\n\n> quoted"
        note = replace(reply(text), visibility=Visibility.PRIVATE, speaker="Hardware Engineer", footer="In progress")
        bench.platform.faults.inject("post", drop_after_commit())

        found = await delivered(bench, note, thread)

        assert [found] == [post["id"] for post in bench.platform.posts(SUPPORT) if "Private" in str(post)]


async def test_an_older_reply_of_the_same_words_is_left_out() -> None:
    """What is stored as the post of another reply is not this one, though it stands where this one should."""
    async with looking() as bench:
        thread = await in_a_thread(bench)
        earlier = await bench.teams.messenger.post(reply(key="r0"), thread)
        history = bench.teams.messenger._history
        assert history is not None

        async def stored(_conversation: Conversation, _posts: Collection[str]) -> list[str]:
            return [earlier]

        history._stored = stored

        assert await bench.teams.messenger.find(reply(), thread) is None


async def test_a_post_from_before_the_reply_was_made_is_another() -> None:
    """Clocks may differ by two minutes, not more."""
    async with looking() as bench:
        thread = await in_a_thread(bench)
        post = await bench.teams.messenger.post(reply(key="r0"), thread)
        made = datetime.now(UTC)

        near = await bench.teams.messenger.find(replace(reply(), at=made + timedelta(seconds=90)), thread)
        far = await bench.teams.messenger.find(replace(reply(), at=made + timedelta(seconds=150)), thread)

        assert (post, None) == (near, far)


async def test_what_cannot_be_seen_yet_is_looked_for_again() -> None:
    """Graph shows a post a moment late, so that it does not stand is believed the second time only."""
    async with teams_at_work(graph=True, settles=10.0) as bench:
        thread = await in_a_thread(bench)
        bench.platform.faults.inject("post", drop_after_commit())
        bench.platform.graph.show_after(3600)
        with pytest.raises(TemporaryError):
            await bench.teams.messenger.post(reply(), thread)

        with pytest.raises(TemporaryError) as first:
            await bench.teams.messenger.find(reply(), thread)
        bench.platform.graph.show_after(0)
        found = await bench.teams.messenger.find(reply(), thread)

        assert (10.0, True) == (first.value.delay, first.value.too_soon)
        assert [found] == [post["id"] for post in bench.platform.posts()]


async def test_that_nothing_stands_is_certain_once_graph_has_settled() -> None:
    """Counted from the first look, since a dead process cannot say when it posted."""
    async with teams_at_work(graph=True, settles=10.0) as bench:
        thread, history = await in_a_thread(bench), bench.teams.messenger._history
        assert history is not None
        now = [100.0]
        history._now = lambda: now[0]
        with pytest.raises(TemporaryError):
            await bench.teams.messenger.find(reply(), thread)
        now[0] = 109.9
        with pytest.raises(TemporaryError):
            await bench.teams.messenger.find(reply(), thread)
        now[0] = 110.0

        assert await bench.teams.messenger.find(reply(), thread) is None
        with pytest.raises(TemporaryError):  # the next attempt may be lost again
            await bench.teams.messenger.find(reply(), thread)


@pytest.mark.parametrize("seed", range(4))
async def test_any_faults_leave_each_reply_once_and_in_order(seed: int) -> None:
    """Whatever goes wrong with whichever post, also where two replies have the same words."""
    chance = random.Random(seed)  # noqa: S311 -- chooses faults, keeps no secret
    async with looking() as bench:
        thread, stored = await in_a_thread(bench), set[str]()
        history = bench.teams.messenger._history
        assert history is not None

        async def known(_conversation: Conversation, posts: Collection[str]) -> Collection[str]:
            return stored & set(posts)

        history._stored = known
        for number in range(6):
            faults = chance.choices([*FAULTS, rate_limited(0)], k=chance.randrange(3))
            bench.platform.faults.inject("post", *faults)
            buttons = chance.choice([(), (TAKE,)])
            stored.add(await delivered(bench, reply(f"part {number // 2}", key=f"n{number}", buttons=buttons), thread))
            bench.platform.faults.clear()

        posts = bench.platform.posts(f"{CHANNEL};messageid={thread.thread}")
        assert sorted(stored) == [post["id"] for post in posts]
        assert [f"part {number // 2}" in str(post) for number, post in enumerate(posts)] == [True] * 6


@pytest.mark.chaos
async def test_a_post_that_teams_makes_after_we_gave_up_waiting_stands_once() -> None:
    """It is not there at the first look, and is at the second."""
    async with teams_at_work(graph=True, settles=3.0) as bench:
        thread = await in_a_thread(bench)
        bench.platform.faults.inject("post", hang(22))
        with pytest.raises(TemporaryError) as lost:
            await bench.teams.messenger.post(reply(), thread)
        with pytest.raises(TemporaryError) as unsettled:
            await bench.teams.messenger.find(reply(), thread)
        await bench.platform.until(lambda: bench.platform.posts() or None)

        found = await bench.teams.messenger.find(reply(), thread)

        assert (True, True) == (lost.value.maybe_done, unsettled.value.too_soon)
        assert [found] == [post["id"] for post in bench.platform.posts()]
