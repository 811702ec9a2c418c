"""A thread that Deskmate began in somebody's direct chat: what they write there reaches the request, and nobody else is led to it."""

from dataclasses import replace

import pytest

from bot.conversation import Conversation, ConversationKind, conversation_id
from bot.desk.assigning import assign
from bot.desk.opening import Wish, open_request
from bot.desk.own_thread import own_thread
from bot.ids import ConversationId, PersonId, RequestId, derived_id
from bot.labels import SYSTEM, Visibility
from bot.mail import mailbox_id
from bot.note import Note
from bot.ports import UnitOfWork
from bot.request import Assignee, Request
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel, call
from tests.fakes.workforce import IT, account
from tests.unit.requester_side.arranging import ASK, HOLD, heard, signs_left


async def begun(*, follower: str = "") -> tuple[RunningDesk, str]:
    """Return a desk with a request of Maria's that no message began, and the thread in which she is asked something."""
    script = {"hardware-engineer:assigned": [ASK], "hardware-engineer": [HOLD], "atom": [call("say", text="Who?")]}
    desk = await running(ScriptedModel(script=script))

    async def work(uow: UnitOfWork) -> None:
        maria = replace(account("maria"), email="maria@example.com", person_id=PersonId("maria"))
        await uow.add(maria)
        where = await own_thread(uow, derived_id("request", "form"), maria)
        wish = Wish(
            title="Slow laptop",
            description="slow",
            workspace=IT,
            requester=PersonId("maria"),
            author=PersonId("maria"),
            conversation_id=where.id,
        )
        request = await open_request(uow, desk.desk, wish, SYSTEM, cause="form")
        if follower:
            identity = replace(account(follower), email=f"{follower}@example.com", person_id=PersonId(follower))
            await uow.add(identity)
            request = replace(request, followers=(PersonId(follower),))
            await uow.put(request)
        await assign(uow, desk.desk, request, Assignee(kind="coworker", id="hardware-engineer"), SYSTEM, cause="test")

    await desk.plain.transact(work)
    await desk.settle()
    thread = (await desk.all(Conversation, channel="UMARIA", kind="direct"))[0].thread
    assert thread is not None
    return desk, thread


def chat(who: str, thread: str, *, tenant: str = "T1", kind: ConversationKind = "direct") -> Conversation:
    """Return a thread in somebody's chat as their message comes from it."""
    channel = f"D{who.upper()}"
    return Conversation(
        id=conversation_id("slack", tenant, channel, thread),
        platform="slack",
        tenant=tenant,
        channel=channel,
        thread=thread,
        kind=kind,
    )


async def test_an_answer_in_the_thread_reaches_the_request() -> None:
    """As in a thread that a message began; no model is asked what it means."""
    desk, thread = await begun()

    await heard(desk, "maria", "The silver one", chat("maria", thread))
    await desk.settle()

    assert ("on_hold", ["Which?", "The silver one"]) == (
        (await desk.request()).status,
        await desk.notes(Visibility.PUBLIC),
    )
    assert [] == [asked for asked in desk.model.asked if asked.coworker == "atom"]
    assert [] == signs_left(desk)


async def test_an_edit_there_reaches_it_too() -> None:
    """Where the platform tells of it as addressed to Atom."""
    desk, thread = await begun()
    await desk.say("maria", "The silver two", where=chat("maria", thread), kind="edited")
    await desk.settle()

    assert "(edited) The silver two" in await desk.notes(Visibility.PUBLIC)


async def test_after_it_is_closed_words_there_open_a_linked_request_in_the_same_thread() -> None:
    """As everywhere."""
    desk, thread = await begun()
    await desk.press("maria", "solved", (await desk.request()).id, where=chat("maria", thread))
    await desk.settle()
    desk.clock.advance(8 * 24 * 3600)
    await desk.settle()
    desk.model.script = {"it-triage": [HOLD]}

    await desk.say("maria", "It is slow again", where=chat("maria", thread))
    await desk.settle()

    old, new = await desk.request(), await desk.request("IT-1002")
    assert ("closed", old.conversation_id) == (old.status, new.conversation_id)


async def test_stop_in_the_thread_stops_the_request() -> None:
    """It is the request's own."""
    desk, thread = await begun()
    await desk.say("maria", "The silver one", where=chat("maria", thread))
    await desk.engine.work(mailbox_id("conversation", chat("maria", thread).id))
    await desk.press("maria", "stop", "", where=chat("maria", thread))
    await desk.engine.work(mailbox_id("conversation", chat("maria", thread).id))
    await desk.settle()

    assert "pending" == (await desk.request()).status
    assert 1 == len(await desk.runs(coworker="hardware-engineer"))


@pytest.mark.parametrize(
    ("who", "changed"),
    [
        ("bo", {}),
        ("sam", {}),
        ("maria", {"kind": "channel"}),
        ("maria", {"kind": "group"}),
        ("maria", {"tenant": "T2"}),
        ("maria", {"thread": "other"}),
    ],
)
async def test_nobody_else_and_nowhere_else_is_led_to_it(who: str, changed: dict[str, str]) -> None:
    """Another person, a place where others read, another team, another thread: Atom is asked what is meant."""
    desk, thread = await begun()
    place = replace(chat(who, thread), **changed)  # type: ignore[arg-type]
    place = replace(place, id=conversation_id("slack", place.tenant, place.channel, place.thread))

    await desk.say(who, "What is this about?", where=place)
    await desk.settle()

    assert ["Which?"] == await desk.notes(Visibility.PUBLIC)
    assert "pending" == (await desk.request()).status
    asked = [item for item in desk.model.asked if item.coworker == "atom"]
    assert "Which?" not in str([item.briefing.said for item in asked])


async def test_a_followers_words_are_a_bystanders() -> None:
    """They stand in a thread of the follower's own, and wake nobody as the requester's would."""
    desk, _ = await begun(follower="bo")
    theirs = (await desk.all(Conversation, channel="UBO", kind="direct"))[0]
    assert theirs.thread is not None

    await desk.say("bo", "Mine too", where=chat("bo", theirs.thread))
    await desk.settle()

    said = [(note.author.id, note.source.value) for note in await desk.all(Note) if note.text == "Mine too"]
    assert [("bo", "requester")] == said
    assert "pending" == (await desk.request()).status


async def test_the_thread_is_found_among_very_many() -> None:
    """By its place, not by looking through all."""
    desk, thread = await begun()
    request = await desk.request()
    other = RequestId("other")

    async def more(uow: UnitOfWork) -> None:
        await uow.add(replace(request, id=other, number="IT-9", title="Another"))
        first = (await uow.find(Conversation, id=request.conversation_id))[0]
        await uow.add(
            replace(first, id=ConversationId(f"request:{other}:slack:UMARIA"), thread="another", request_ids=(other,))
        )

    await desk.plain.transact(more)
    await desk.say("maria", "The silver one", where=chat("maria", thread))
    await desk.settle()

    assert [request.id] == [note.request_id for note in await desk.all(Note) if note.text == "The silver one"]
    assert 2 == len(await desk.all(Request))
