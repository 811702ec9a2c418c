"""A post whose answer was lost is looked for in Microsoft Graph: it stands once, whatever went wrong, and a guess is never made."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.conversation import Conversation
from bot.errors import PermanentError, TemporaryError
from bot.labels import Visibility
from bot.reply import Button, Reply
from tests.contract.teams import teams_at_work as work
from tests.contract.teams.teams_at_work import CHANNEL, ERIN, SAM, SUPPORT, TEAM, AtWork, place, teams_at_work
from tests.fakes.faults import Fault, drop_after_commit, http_error, rate_limited, reset
from tests.fakes.teams_graph import READ_CHANNEL, READ_CHAT

CHAT = "19:crew@thread.v2"
TAKE = Button(action="take_over", subject="IT-1", label="Take over")
FAULTS = [http_error(502), reset(), drop_after_commit()]


@asynccontextmanager
async def looking() -> AsyncIterator[AtWork]:
    """Run both sides with Graph, which shows at once what was posted; Teams has told of which team the channels are."""
    async with teams_at_work(graph=True) as bench:
        bench.platform.add_chat(CHAT, members=[ERIN, SAM])
        await bench.platform.says(SAM, SUPPORT, "Hello Atom")
        yield bench


def reply(text: str = "On it.", *, key: str = "r1", buttons: tuple[Button, ...] = ()) -> Reply:
    """Give a reply that was made just now."""
    return replace(work.reply(text, key=key, buttons=buttons), at=datetime.now(UTC), attempts=1)


async def in_a_thread(bench: AtWork) -> Conversation:
    """Give a thread in which Erin asked."""
    said = await bench.platform.says(ERIN, CHANNEL, "help")
    return place(CHANNEL, said["id"])


async def delivered(bench: AtWork, wanted: Reply, conversation: Conversation) -> str:
    """Post as the outbox does: look whether it stands before it is sent again."""
    messenger = bench.teams.messenger
    for _ in range(4):
        try:
            return await messenger.post(wanted, conversation)
        except TemporaryError:
            found = await messenger.find(wanted, conversation)
        if found is not None:
            return found
    raise AssertionError("It was never delivered.")


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


async def test_only_what_was_written_since_is_read() -> None:
    """Page by page, and no further back than the reply is old."""
    async with looking() as bench:
        thread = await in_a_thread(bench)
        for number in range(7):
            await bench.teams.messenger.post(reply(f"note {number}", key=f"n{number}"), thread)
        bench.platform.graph.page_size = 2

        assert await bench.teams.messenger.find(reply("note 0", key="n"), thread) is not None
        assert 4 == len(bench.platform.graph.reads)
        bench.platform.graph.reads.clear()
        later = replace(reply("note x"), at=datetime.now(UTC) + timedelta(hours=1))
        assert await bench.teams.messenger.find(later, thread) is None
        assert 1 == len(bench.platform.graph.reads)


async def test_too_much_to_read_is_no_answer() -> None:
    """Nobody can tell then, and the outbox says so."""
    async with looking() as bench:
        thread = await in_a_thread(bench)
        for number in range(21):
            await bench.teams.messenger.post(reply(f"note {number}", key=f"n{number}"), thread)
        bench.platform.graph.page_size = 1

        with pytest.raises(PermanentError, match="Too much"):
            await bench.teams.messenger.find(reply(), thread)


async def test_where_nobody_may_look_it_is_said() -> None:
    """Without consent, in a personal chat, in a channel of a team that nobody told of, and where Graph is unknown to Microsoft."""
    async with looking() as bench:
        thread, chat = await in_a_thread(bench), place(CHAT, kind="group")
        bench.platform.graph.refuse_graph(TEAM, READ_CHANNEL)
        bench.platform.graph.refuse_graph(CHAT, READ_CHAT)
        bench.platform.add_channel("19:new@thread.tacv2", team=TEAM, members=[SAM])
        personal = place(bench.platform.open_personal(ERIN), kind="direct")

        nowhere = [
            (thread, "no consent"),
            (chat, "no consent"),
            (personal, "personal chat"),
            (place("19:new@thread.tacv2"), "of which team"),
            (place("19:gone@thread.v2", kind="group"), "knows no such"),
        ]
        for where, why in nowhere:
            with pytest.raises(PermanentError, match=why):
                await bench.teams.messenger.find(reply(), where)


async def test_a_graph_that_is_slow_is_asked_again_and_one_that_is_gone_is_not() -> None:
    """A note is not given up because a firewall keeps Graph away; being asked to wait is no failure at all."""
    async with looking() as bench:
        thread = await in_a_thread(bench)

        async def failing(fault: Fault, attempts: int) -> TemporaryError | PermanentError:
            bench.platform.faults.inject("graph", fault)
            with pytest.raises((TemporaryError, PermanentError)) as caught:
                await bench.teams.messenger.find(replace(reply(), attempts=attempts), thread)
            assert isinstance(caught.value, (TemporaryError, PermanentError))
            return caught.value

        slow = await failing(rate_limited(7), 40)
        down = [await failing(fault, 4) for fault in (http_error(503), rate_limited(9))]
        gone = await failing(http_error(503), 5)

        assert isinstance(slow, TemporaryError)
        assert 7.0 == slow.delay
        assert [TemporaryError, TemporaryError, PermanentError] == [type(error) for error in (*down, gone)]


async def test_a_next_page_that_is_elsewhere_is_not_asked() -> None:
    """The token goes with the question."""
    async with looking() as bench:
        assert bench.teams.graph is not None
        elsewhere = {"value": [], "@odata.nextLink": "https://graph.example.com/v1.0/me"}

        with pytest.raises(PermanentError, match="somewhere else"):
            bench.teams.graph._next(elsewhere)


async def test_graph_is_asked_with_a_token_of_its_own() -> None:
    """The connector's is not good for it, and a refused one is replaced once."""
    async with looking() as bench:
        thread = await in_a_thread(bench)
        await bench.teams.messenger.post(reply(key="r0"), thread)
        await bench.teams.messenger.find(reply("other"), thread)
        bench.platform.issuer.revoke_all()

        found = await bench.teams.messenger.find(reply("other"), thread)

        scopes = [login["scope"].rpartition("/")[0] for login in bench.platform.issuer.logins]
        assert found is None
        assert ["https://api.botframework.com", bench.platform.graph.url, bench.platform.graph.url] == scopes
