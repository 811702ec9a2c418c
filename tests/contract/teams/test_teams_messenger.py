"""Replies reach the right thread once, and every failure says whether it may be repeated."""

import asyncio
from dataclasses import replace

import pytest

from bot.errors import PermanentError, TemporaryError
from bot.ids import ReplyId
from bot.labels import Visibility
from bot.reply import Button
from tests.contract.teams.teams_at_work import CHANNEL, ERIN, SUPPORT, AtWork, place, reply, teams_at_work
from tests.fakes.faults import Fault, drop_after_commit, http_error, rate_limited, refused, reset

TAKE = Button(action="take_over", subject="IT-1", label="Take over")


async def failed(bench: AtWork, *faults: Fault) -> TemporaryError:
    """Post in a personal chat while `faults` wait and give the temporary failure."""
    chat = bench.platform.open_personal(ERIN)
    bench.platform.faults.inject("post", *faults)
    with pytest.raises(TemporaryError) as caught:
        await bench.teams.messenger.post(reply(), place(chat, kind="direct"))
    return caught.value


async def test_a_reply_goes_to_the_thread_that_it_answers() -> None:
    """The conversation that arrived is enough to answer in it."""
    async with teams_at_work() as bench:
        said = await bench.platform.says(ERIN, CHANNEL, "help")
        other = await bench.platform.says(ERIN, CHANNEL, "something else")

        await bench.teams.messenger.post(reply("On it."), bench.desk.arrivals[0].conversation)

        assert [post["text"] for post in bench.platform.posts(said["conversation"]["id"])] == ["<p>On it.</p>"]
        assert bench.platform.posts(other["conversation"]["id"]) == []


async def test_a_support_thread_is_begun_and_then_continued() -> None:
    """The header opens a thread in a channel that never wrote to us; the next note goes under it."""
    async with teams_at_work() as bench:
        support = place(SUPPORT, kind="support")

        root = await bench.teams.messenger.post(reply("**IT-1**", kind="header", buttons=(TAKE,)), support)
        thread = bench.teams.messenger.thread_of(support, root)
        await bench.teams.messenger.post(reply("Evidence", key="r2", visibility=Visibility.PRIVATE), thread)

        assert thread == replace(support, thread=root)
        posts = bench.platform.posts(f"{SUPPORT};messageid={root}")
        assert [post["id"] == root for post in posts] == [True, False]
        assert "Private note" in posts[1]["text"]


async def test_a_thread_whose_beginning_was_not_answered_may_stand() -> None:
    """Beginning a thread posts its header, so it is as little idempotent as any post."""
    async with teams_at_work() as bench:
        bench.platform.faults.inject("create", drop_after_commit())

        with pytest.raises(TemporaryError) as caught:
            await bench.teams.messenger.post(reply("**IT-1**", kind="header"), place(SUPPORT, kind="support"))

        assert (caught.value.maybe_done, len(bench.platform.posts(SUPPORT))) == (True, 1)


async def test_opening_a_chat_may_always_be_repeated() -> None:
    """It shows nobody anything, so a lost answer there is not a lost post."""
    async with teams_at_work() as bench:
        bench.platform.faults.inject("create", drop_after_commit())

        with pytest.raises(TemporaryError) as caught:
            await bench.teams.messenger.post(reply(), place(ERIN, kind="admin"))

        assert (caught.value.maybe_done, bench.platform.posts()) == (False, [])


async def test_a_personal_chat_is_opened_for_somebody_who_never_wrote() -> None:
    """A notice to an admin names the person, not a chat."""
    async with teams_at_work() as bench:
        await bench.teams.messenger.post(reply("A note is held back."), place(ERIN, kind="admin"))

        assert len(bench.platform.posts(bench.platform.open_personal(ERIN))) == 1


async def test_a_chat_has_no_threads() -> None:
    """A personal chat stays what it is after the first post."""
    async with teams_at_work() as bench:
        chat = place(bench.platform.open_personal(ERIN), kind="direct")

        assert bench.teams.messenger.thread_of(chat, "1") == chat


async def test_a_post_is_changed_in_place() -> None:
    """In a thread, and as a thread's root."""
    async with teams_at_work() as bench:
        messenger, support = bench.teams.messenger, place(SUPPORT, kind="support")
        root = await messenger.post(reply("Approve?", buttons=(TAKE,)), support)
        await messenger.change(reply("Approved", key="r2"), support, root)
        thread = messenger.thread_of(support, root)
        answer = await messenger.post(reply("First", key="r3"), thread)
        await messenger.change(reply("Second", key="r4"), thread, answer)

        assert [post["text"] for post in bench.platform.posts(SUPPORT)] == ["<p>Approved</p>", "<p>Second</p>"]


async def test_a_status_is_shown_as_typing_and_leaves_nothing() -> None:
    """It is not a post, so it begins no thread either."""
    async with teams_at_work() as bench:
        chat = place(bench.platform.open_personal(ERIN), kind="direct")

        await bench.teams.messenger.post(reply(kind="status"), chat)
        await bench.teams.messenger.post(reply(kind="status"), place(SUPPORT, kind="support"))

        assert ([call.body["type"] for call in bench.platform.calls], bench.platform.posts()) == (["typing"], [])


@pytest.mark.parametrize("status", [429, 412])
async def test_a_limit_waits_as_long_as_teams_says_and_is_certain(status: int) -> None:
    """Nothing was posted, so the outbox may post again."""
    async with teams_at_work() as bench:
        error = await failed(bench, rate_limited(7, status=status))

        assert (error.delay, error.maybe_done) == (7.0, False)


async def test_a_limit_without_a_time_waits_a_little() -> None:
    """Teams often names none."""
    async with teams_at_work() as bench:
        error = await failed(bench, http_error(429))

        assert 1 <= error.delay <= 3


@pytest.mark.parametrize("fault", [http_error(502), http_error(504), http_error(500), reset(), drop_after_commit()])
async def test_a_failure_behind_which_a_post_may_stand_says_so(fault: Fault) -> None:
    """A POST is not idempotent in Teams."""
    async with teams_at_work() as bench:
        error = await failed(bench, fault)

        assert error.maybe_done


async def test_a_lost_answer_is_never_posted_again_by_itself() -> None:
    """The post stands once; `find` says that only a person can see it."""
    async with teams_at_work() as bench:
        await failed(bench, drop_after_commit())
        chat = place(bench.platform.open_personal(ERIN), kind="direct")

        with pytest.raises(PermanentError):
            await bench.teams.messenger.find(reply(), chat)

        assert len(bench.platform.posts(chat.channel)) == 1


async def test_a_post_that_this_process_saw_stand_is_found() -> None:
    """When only our own storing of the id failed, nobody needs to be asked."""
    async with teams_at_work() as bench:
        chat = place(bench.platform.open_personal(ERIN), kind="direct")
        post = await bench.teams.messenger.post(reply(), chat)

        found = await bench.teams.messenger.find(reply(), chat)
        stored = await bench.teams.messenger.find(replace(reply(key="r9"), post="77"), chat)

        assert (found, stored) == (post, "77")


async def test_changing_in_place_may_always_be_repeated() -> None:
    """A PUT that is done twice gives the same, so a lost answer is no reason to ask anybody."""
    async with teams_at_work() as bench:
        chat = place(bench.platform.open_personal(ERIN), kind="direct")
        post = await bench.teams.messenger.post(reply(), chat)
        bench.platform.faults.inject("update", http_error(502))

        with pytest.raises(TemporaryError) as caught:
            await bench.teams.messenger.change(reply("changed"), chat, post)

        assert not caught.value.maybe_done


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (refused("BotDisabledByAdmin"), "install it again"),
        (refused("ConversationNotFound", status=404), "no such conversation"),
        (http_error(413, "MessageSizeTooBig"), "several notes"),
        (http_error(400, "BadSyntax"), "report this"),
    ],
)
async def test_what_waiting_does_not_mend_goes_to_a_person(fault: Fault, told: str) -> None:
    """The sentence says what to do, and names Teams' code."""
    async with teams_at_work() as bench:
        chat = bench.platform.open_personal(ERIN)
        bench.platform.faults.inject("post", fault)

        with pytest.raises(PermanentError, match=told) as caught:
            await bench.teams.messenger.post(reply(), place(chat, kind="direct"))

        assert fault.error in str(caught.value)


async def test_an_unreachable_service_is_certain_not_to_have_posted() -> None:
    """A refused connection is no answer that was lost; a pooled one that broke could be."""
    async with teams_at_work() as bench:
        chat = place(bench.platform.open_personal(ERIN), kind="direct")
        await bench.teams.messenger.post(reply(), chat)
        await bench.platform.__aexit__(None, None, None)

        with pytest.raises(TemporaryError):
            await bench.teams.messenger.post(reply(key="r2"), chat)
        with pytest.raises(TemporaryError) as caught:
            await bench.teams.messenger.post(reply(key="r2"), chat)

        assert not caught.value.maybe_done


async def test_a_revoked_token_is_replaced_once() -> None:
    """Nobody notices, and nothing is posted twice."""
    async with teams_at_work() as bench:
        chat = place(bench.platform.open_personal(ERIN), kind="direct")
        await bench.teams.messenger.post(reply(), chat)
        bench.platform.issuer.revoke_all()

        await bench.teams.messenger.post(reply("two", key="r2"), chat)

        assert (len(bench.platform.posts(chat.channel)), len(bench.platform.issuer.logins)) == (2, 2)


async def test_one_login_serves_many_posts() -> None:
    """However many wait for it."""
    async with teams_at_work() as bench:
        chat = place(bench.platform.open_personal(ERIN), kind="direct")
        sent = [reply(f"post {n}", key=f"r{n}") for n in range(20)]

        await asyncio.gather(*(bench.teams.messenger.post(one, chat) for one in sent))

        assert (len(bench.platform.posts(chat.channel)), len(bench.platform.issuer.logins)) == (20, 1)


async def test_wrong_credentials_go_to_a_person_and_show_no_secret() -> None:
    """The sentence names the variables and Microsoft's code."""
    async with teams_at_work() as bench:
        bench.platform.issuer.password = "another"  # what Microsoft expects

        with pytest.raises(PermanentError, match=r"MICROSOFT_APP_PASSWORD.*AADSTS7000215") as caught:
            await bench.teams.messenger.post(reply(), place(bench.platform.open_personal(ERIN), kind="direct"))

        assert "local-teams-password" not in str(caught.value)


@pytest.mark.parametrize("fault", [http_error(500), http_error(429), reset(), drop_after_commit()])
async def test_a_login_that_fails_has_posted_nothing(fault: Fault) -> None:
    """It may be repeated."""
    async with teams_at_work() as bench:
        chat = place(bench.platform.open_personal(ERIN), kind="direct")
        bench.platform.faults.inject("token", fault)

        with pytest.raises(TemporaryError) as caught:
            await bench.teams.messenger.post(reply(), chat)

        assert not caught.value.maybe_done


async def test_a_stored_address_on_a_foreign_host_is_not_used() -> None:
    """The token goes to allowed hosts only, even if the list has been changed since."""
    async with teams_at_work() as bench:
        chat = place(bench.platform.open_personal(ERIN), kind="direct")
        foreign = replace(chat, address={"service_url": "http://127.0.0.1:1/"})

        await bench.teams.messenger.post(reply(key=ReplyId("r5")), foreign)

        assert len(bench.platform.posts(chat.channel)) == 1
