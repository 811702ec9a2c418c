"""Forms in Teams: opened by a button or on a message, shown again while something is wrong, stored once and then confirmed."""

import asyncio

import pytest

from adapters.teams.dialogs import FIELD, OURS, PERSON
from adapters.teams.messenger import SAID
from bot.errors import Refused, TemporaryError
from bot.form import Submission
from bot.reply import Button
from bot.wording import surfaces as wording
from tests.contract.teams.teams_at_work import CHANNEL, ERIN, SAM, SUPPORT, AtWork, place, reply, teams_at_work
from tests.fakes.faults import JsonObject, drop_after_commit, refused
from tests.fakes.teams_state import TENANT

ASSIGN = Button(action="form", subject="q-1", value="assign", label="Assign")


async def opened(bench: AtWork, person: str = SAM, channel: str = SUPPORT) -> JsonObject:
    """Post a card with the button in a thread of its own and open the form."""
    post = await bench.teams.messenger.post(reply("Here.", buttons=(ASSIGN,)), place(channel))
    return await bench.platform.dialogues.opens(person, f"{channel};messageid={post}", post, "assign")


async def test_a_button_opens_the_form_that_it_names() -> None:
    """With the text above, a label for each question, and what stands there at first; files cannot be asked for."""
    async with teams_at_work() as bench:
        seen = await opened(bench)

        assert ("assign", f"teams:{TENANT}:aad-sam", "q-1", {}, ()) == bench.surfaces.asked[0]
        assert (True, "New request") == (seen["open"], seen["title"])
        assert {f"{FIELD}team": "it"} == seen["typed"]
        assert all(word in seen["words"] for word in ("Sam", "Title", "A few words.", "Details", "For whom"))
        assert "Files" not in seen["words"]


async def test_a_form_that_is_sent_is_stored_and_then_confirmed() -> None:
    """People are named by their identities, and made known with the message; the private thread is where it was opened."""
    async with teams_at_work() as bench:
        seen = await opened(bench)
        values = {"Title": "Slow laptop, very slow", "Team": "HR", "For whom": ERIN}

        closed = await bench.platform.dialogues.sends(seen["dialogue"], values)

        arrival = bench.desk.arrivals[0]
        erin = f"teams:{TENANT}:aad-erin"
        expected = {"title": "Slow laptop, very sl", "team": "hr", "whom": erin}
        assert Submission(kind="assign", subject="q-1", values=expected) == arrival.message.form
        assert (False, wording.TAKEN) == (closed["open"], closed["said"])
        assert ("form", "support", "it-support") == (
            arrival.message.kind,
            arrival.conversation.kind,
            arrival.conversation.workspace,
        )
        assert [erin] == [other.id for other in arrival.others]


async def test_whoever_sends_a_form_where_others_read_is_told_in_their_own_chat() -> None:
    """Teams has no words for one person among many."""
    async with teams_at_work() as bench:
        seen = await opened(bench, ERIN, CHANNEL)
        await bench.platform.dialogues.sends(seen["dialogue"], {"Title": "Slow"})

        where = bench.desk.arrivals[0].conversation
        await bench.teams.messenger.post(reply("Done."), where)

        assert ("aside", "aad-erin", None) == (where.kind, where.channel, where.thread)
        assert [1] == [len(bench.platform.posts(bench.platform.open_personal(ERIN)))]


async def test_what_is_wrong_is_said_in_the_form_and_nothing_that_was_typed_is_lost() -> None:
    """At its field, or above them all where there is no such field; nothing is stored meanwhile."""
    async with teams_at_work() as bench:
        seen = await opened(bench)
        bench.surfaces.wrong = {"title": "Not this one.", "elsewhere": "Nor that."}

        again = await bench.platform.dialogues.sends(seen["dialogue"], {"Title": "Slow", "For whom": ERIN})
        before = len(bench.desk.arrivals)
        bench.surfaces.wrong = {}
        closed = await bench.platform.dialogues.sends(seen["dialogue"])

        assert {f"{FIELD}title": "Slow", f"{FIELD}team": "it", f"{PERSON}whom": "aad-erin"} == again["typed"]
        assert "Not this one." in again["words"]
        assert "Nor that." in again["words"]
        assert (0, 1, False) == (before, len(bench.desk.arrivals), closed["open"])


async def test_the_same_form_sent_twice_at_once_is_one_message() -> None:
    """Somebody who presses twice has sent one form; somebody else's is another."""
    async with teams_at_work() as bench:
        seen = await opened(bench)
        sends = bench.platform.dialogues.sends
        await asyncio.gather(*(sends(seen["dialogue"], {"Title": "Slow"}) for _ in range(2)))
        other = await opened(bench)
        await sends(other["dialogue"], {"Title": "Slow"})

        first, second, third = (arrival.message.id for arrival in bench.desk.arrivals)
        assert first == second
        assert first != third


async def test_a_form_that_is_refused_says_why_in_its_place() -> None:
    """When it is opened, and when it is sent after all."""
    async with teams_at_work() as bench:
        seen = await opened(bench)
        bench.surfaces.failures = [Refused("only agents can do that.")]
        sent = await bench.platform.dialogues.sends(seen["dialogue"], {"Title": "Slow"})
        bench.surfaces.failures = [Refused("only agents can do that.")]
        opening = await opened(bench)

        for shown in (sent, opening):
            assert (True, wording.PROBLEM, "Only agents can do that.") == (
                shown["open"],
                shown["title"],
                shown["words"],
            )
        assert [] == bench.desk.arrivals


async def test_a_form_that_cannot_be_stored_is_shown_again() -> None:
    """Nothing is confirmed; sent once more, it is taken."""
    async with teams_at_work() as bench:
        seen = await opened(bench)
        bench.desk.failures.append(TemporaryError("no database"))

        failed = await bench.platform.dialogues.sends(seen["dialogue"], {"Title": "Slow"})
        sent = await bench.platform.dialogues.sends(seen["dialogue"])

        assert (200, True) == (failed["status"], failed["open"])
        assert wording.NOT_TAKEN in failed["words"]
        assert "Slow" == failed["typed"][f"{FIELD}title"]
        assert wording.TAKEN == sent["said"]


async def test_where_nothing_works_the_dialogue_stays_as_it_was() -> None:
    """503 is what Teams takes for "try again" without losing what was typed."""
    async with teams_at_work() as bench:
        seen = await opened(bench)
        bench.surfaces.failures = [TemporaryError("no database"), TemporaryError("no database")]

        failed = await bench.platform.dialogues.sends(seen["dialogue"], {"Title": "Slow"})

        assert (503, True, "Slow") == (failed["status"], failed["open"], failed["typed"][f"{FIELD}title"])


async def test_a_form_that_cannot_be_made_is_explained() -> None:
    """Whatever failed, whoever pressed sees a sentence."""
    async with teams_at_work() as bench:
        said = []
        for failure in (TemporaryError("no database"), RuntimeError("a bug")):
            bench.surfaces.failures = [failure]
            said.append((await opened(bench))["words"])

        assert [wording.TRY_AGAIN, wording.FAILED] == said


async def test_a_message_becomes_a_request_with_its_words_author_and_place() -> None:
    """Where Atom is a member, the requester can be told in the thread."""
    async with teams_at_work() as bench:
        said = await bench.platform.says(ERIN, CHANNEL, "a <b> & slow laptop", mention=False)

        await bench.platform.dialogues.opens_on(SAM, said["conversation"]["id"], said["id"])

        _, who, _, context, others = bench.surfaces.asked[0]
        erin = f"teams:{TENANT}:aad-erin"
        expected = {
            "message_text": "a <b> & slow laptop",
            "message_author": erin,
            "message_link": f"https://teams.microsoft.com/l/message/{CHANNEL}/{said['id']}",
            "channel": CHANNEL,
            "thread": said["id"],
            "reachable": "yes",
        }
        assert (f"teams:{TENANT}:aad-sam", expected, (erin,)) == (who, context, others)


async def test_a_message_where_atom_is_no_member_has_no_reachable_thread() -> None:
    """And a chat has no threads at all."""
    async with teams_at_work() as bench:
        bench.platform.add_chat("19:few@thread.v2", members=[ERIN, SAM])
        in_channel = await bench.platform.says(ERIN, CHANNEL, "slow", mention=False)
        in_chat = await bench.platform.says(ERIN, "19:few@thread.v2", "slow", mention=False)
        bench.platform.faults.inject("members", refused("BotNotInConversationRoster"))

        for said in (in_channel, in_chat):
            await bench.platform.dialogues.opens_on(SAM, said["conversation"]["id"], said["id"])

        contexts = [asked[3] for asked in bench.surfaces.asked]
        assert [{"channel", "thread"}, {"channel"}] == [
            set(context) & {"channel", "thread", "reachable"} for context in contexts
        ]


async def test_a_request_from_a_message_is_sent_like_any_form() -> None:
    """Its context comes back with it."""
    async with teams_at_work() as bench:
        said = await bench.platform.says(ERIN, CHANNEL, "slow laptop", mention=False)
        seen = await bench.platform.dialogues.opens_on(SAM, said["conversation"]["id"], said["id"])

        await bench.platform.dialogues.sends(seen["dialogue"], {"Title": "Slow"})

        form = bench.desk.arrivals[0].message.form
        assert form is not None
        assert ("new", said["id"]) == (form.kind, form.context["thread"])
        assert f"teams:{TENANT}:aad-erin" == form.context["message_author"]


async def test_a_client_cannot_have_a_request_answered_where_its_form_was_not_opened() -> None:
    """What comes back with a form names a thread elsewhere: Atom would speak there, and read what people answer it."""
    async with teams_at_work() as bench:
        opened_in = await bench.platform.says(ERIN, CHANNEL, "slow", mention=False)
        for name, value in (("channel", SUPPORT), ("channel", "19:few@thread.v2"), ("thread", "17")):
            seen = await bench.platform.dialogues.opens_on(ERIN, opened_in["conversation"]["id"], opened_in["id"])
            shown = bench.platform.dialogues.card_of(seen["dialogue"])
            shown["actions"][0]["data"][OURS]["context"][name] = value
            await bench.platform.dialogues.sends(seen["dialogue"], {"Title": "Slow"})

        found = [arrival.message.form.context for arrival in bench.desk.arrivals if arrival.message.form]
        kept = [set(context) & {"channel", "thread", "reachable", "message_author"} for context in found]
        assert [{"message_author"}] * 3 == kept


async def test_what_is_said_aside_is_not_said_twice() -> None:
    """An answer that was lost on the way counts as given, and is not changed later."""
    async with teams_at_work() as bench:
        seen = await opened(bench, ERIN, CHANNEL)
        await bench.platform.dialogues.sends(seen["dialogue"], {"Title": "Slow"})
        where, said = bench.desk.arrivals[0].conversation, reply("Done.", key="r2")
        bench.platform.faults.inject("post", drop_after_commit())

        with pytest.raises(TemporaryError):
            await bench.teams.messenger.post(said, where)
        post = await bench.teams.messenger.find(said, where)
        await bench.teams.messenger.change(said, where, post or "")

        assert SAID == post
        assert 1 == len(bench.platform.posts(bench.platform.open_personal(ERIN)))
