"""What becomes of a message: read with its neighbours, passed to its request, or given to a human when nothing else works."""

from collections.abc import Sequence
from dataclasses import replace

from bot.errors import PermanentError, TemporaryError
from bot.ids import ConversationId
from bot.labels import Visibility
from bot.mail import Mail
from bot.message import Message
from bot.note import Note
from bot.request import Request
from bot.turn import Turn
from coworkers.briefing import Briefing
from coworkers.model import Exchange, Offer
from tests.fakes.desk import running
from tests.fakes.scripted import ScriptedModel, call, calls, silent
from tests.fakes.workforce import direct

TOWN = direct("town", "7")
"""A thread in which several people write."""


def opening(briefing: Briefing, transcript: Sequence[Exchange], _: Sequence[Offer]) -> Turn:
    """Open a request for everything that Atom reads; triage does nothing."""
    if briefing.coworker.id != "atom":
        return call("set_status", status="on_hold", reason="a test")
    text = " / ".join(item.text for item in briefing.messages)
    return call("open_request", title=text, description=text, workspace="it-support")


async def test_quick_messages_of_one_person_are_read_by_one_run() -> None:
    """Three messages are one problem, told in three pieces."""
    desk = await running(ScriptedModel(script=opening))
    for text in ("My laptop", "is slow", "since Monday"):
        await desk.say("maria", text)

    await desk.settle()

    assert ["My laptop / is slow / since Monday"] == [request.title for request in await desk.all(Request)]


async def test_another_persons_message_is_read_by_itself() -> None:
    """Two people in one thread get a request each, in the order in which they wrote."""
    desk = await running(ScriptedModel(script=opening))
    await desk.say("maria", "My laptop is slow", where=TOWN)
    await desk.say("bo", "Mine is broken", where=TOWN)
    await desk.say("maria", "Very slow", where=TOWN)

    await desk.settle()

    found = await desk.all(Request)
    assert [("My laptop is slow / Very slow", "maria")] == [(item.title, item.requester) for item in found]
    assert ["Mine is broken"] == await desk.notes(Visibility.PUBLIC)


async def test_what_comes_while_atom_thinks_is_not_lost() -> None:
    """It reaches the run at its next step, or begins the next one."""
    desk = await running(ScriptedModel(script={}))
    arrived: list[str] = []

    def meanwhile(briefing: Briefing, transcript: Sequence[Exchange], _: Sequence[Offer]) -> Turn:
        if briefing.coworker.id != "atom":
            return call("set_status", status="on_hold", reason="a test")
        arrived.extend(item.text for item in briefing.messages)
        arrived.extend(news for exchange in transcript for news in exchange.news)
        if not transcript:
            return call("search_knowledge", query="laptops")
        return call("say", text="Hello!")

    desk.model.script = meanwhile
    await desk.say("maria", "one")
    await desk.engine.work((await desk.all(Mail))[0].mailbox_id)
    await desk.say("maria", "two")
    await desk.settle()

    assert {"one", "two"} <= {item.removeprefix("Meanwhile the same person wrote: ") for item in arrived}
    assert all(item.taken_by for item in await desk.all(Mail))


async def test_a_reply_in_the_thread_reaches_the_request() -> None:
    """No model decides about it: it is the requester's public note, and the assignee is woken."""
    model = ScriptedModel(
        script={"hardware-engineer:assigned": [call("ask_requester", question="Which one?")], "hardware-engineer": []}
    )
    desk = await running(model)
    await desk.open()
    await desk.settle()

    await desk.say("maria", "The silver one", to_atom=False)
    await desk.settle()

    assert ["Which one?", "The silver one"] == await desk.notes(Visibility.PUBLIC)
    assert ["assigned", "requester_replied"] == [run.triggers[0].kind for run in await desk.runs()]
    assert "atom" not in {asked.coworker for asked in model.asked}


async def test_somebody_elses_words_in_the_thread_are_a_public_note() -> None:
    """They wake nobody and answer nothing."""
    desk = await running(ScriptedModel(script={"hardware-engineer": [call("ask_requester", question="Which one?")]}))
    await desk.open()
    await desk.settle()

    await desk.say("bo", "Mine is slow too", where=direct(), to_atom=False)
    await desk.settle()

    assert "pending" == (await desk.request()).status
    assert ["Bo"] == [note.author.name for note in await desk.all(Note) if note.text == "Mine is slow too"]


async def test_an_edit_is_told_as_further_words() -> None:
    """The requester's edit and deletion in the thread reach the request; somebody else's do not."""
    desk = await running(ScriptedModel(script={"hardware-engineer": [call("ask_requester", question="Which?")]}))
    await desk.open()
    await desk.settle()

    await desk.say("maria", "The black one", kind="edited", to_atom=False)
    await desk.say("maria", "", kind="edited", to_atom=False)
    await desk.say("maria", "", kind="deleted", to_atom=False)
    await desk.say("bo", "nonsense", where=direct(), kind="edited", to_atom=False)
    await desk.settle()

    assert ["Which?", "(edited) The black one", "(deleted a message)"] == (await desk.notes(Visibility.PUBLIC))[:3]
    assert "nonsense" not in str(await desk.all(Note))


async def test_several_problems_become_linked_requests() -> None:
    """Each has its own number and knows the other."""
    opened = calls(
        ("open_request", {"title": "Slow laptop", "description": "slow", "workspace": "it-support"}),
        ("open_request", {"title": "Leave", "description": "days left", "workspace": "people-ops"}),
    )
    hold = call("set_status", status="on_hold", reason="a test")
    desk = await running(ScriptedModel(script={"atom": [opened], "it-triage": [hold], "hr-triage": [hold]}))

    await desk.say("maria", "My laptop is slow, and how many days of leave have I left?")
    await desk.settle()

    first, second = await desk.all(Request)
    assert ("IT-1001", "HR-1001") == (first.number, second.number)
    assert [second.id] == [link.request_id for link in first.links]
    assert [first.id] == [link.request_id for link in second.links]


async def test_atom_continues_and_reports_own_requests_only() -> None:
    """Somebody else's number is unknown to it."""

    def decide(briefing: Briefing, transcript: Sequence[Exchange], _: Sequence[Offer]) -> Turn:
        if briefing.coworker.id != "atom":
            return silent()
        if not transcript:
            return calls(
                ("continue_request", {"number": "IT-1001", "text": "more"}),
                ("request_status", {"number": "IT-1001"}),
            )
        return call("request_status")

    desk = await running(ScriptedModel(script=decide))
    await desk.open()
    await desk.say("bo", "What about IT-1001?", where=direct("bo", None))
    await desk.settle()

    told = await desk.told(direct("bo", None).id)
    assert "can't find IT-1001" in told[0]
    assert "more" not in await desk.notes(Visibility.PUBLIC)


async def test_a_person_whom_no_model_can_read_reaches_a_human() -> None:
    """When Atom's model never answers, a request with the words as they are goes to the agents, and the person is told."""
    desk = await running(ScriptedModel(script=lambda *_: TemporaryError("overloaded", delay=1.0)))

    await desk.say("maria", "My laptop is slow")
    await desk.settle()

    request = await desk.request()
    assert ("My laptop is slow", "it-support/agents") == (request.description, request.assignee.id)
    assert any("passed it to a colleague" in text for text in await desk.told())
    assert any("needs a human" in text for text in desk.shown("CIT"))


async def test_a_model_that_will_never_answer_is_given_up_at_once() -> None:
    """A revoked key is not tried five times."""
    model = ScriptedModel(script=lambda *_: PermanentError("The key was revoked."))
    desk = await running(model)

    await desk.say("maria", "My laptop is slow")
    await desk.settle()

    assert (1, "it-support/agents") == (len(model.asked), (await desk.request()).assignee.id)


async def test_another_brain_goes_on_where_there_is_one() -> None:
    """The fallback reads the same messages; the person notices nothing."""
    first = ScriptedModel(script=lambda *_: PermanentError("The key was revoked."))
    second = ScriptedModel(script={"atom": [call("say", text="Hello!")]})
    desk = await running(first, second=second)

    await desk.say("maria", "Hi")
    await desk.settle()

    assert ["Hello!"] == await desk.told()
    assert ["failed", "done"] == [run.state for run in await desk.runs()]


async def test_atom_that_only_writes_text_is_told_to_speak() -> None:
    """Nothing outside a call is posted, so the person would have waited for ever."""
    desk = await running(ScriptedModel(script={"atom": [silent("Hello there!"), call("say", text="Hello!")]}))

    await desk.say("maria", "Hi")
    await desk.settle()

    assert ["Hello!"] == await desk.told()


async def test_atom_that_never_speaks_hands_to_a_human() -> None:
    """Twice nothing, and a human is asked."""
    desk = await running(ScriptedModel(script={}))

    await desk.say("maria", "Hi")
    await desk.settle()

    assert "it-support/agents" == (await desk.request()).assignee.id


async def test_a_platform_that_does_not_say_who_somebody_is_delays_nobody_for_ever() -> None:
    """After two tries the message is worked without a profile; the person has no e-mail then."""
    desk = await running(ScriptedModel(script={"atom": [call("say", text="Hello!")]}))
    desk.audience.people.clear()

    await desk.say("maria", "Hi")
    await desk.settle()

    assert ["Hello!"] == await desk.told()
    assert all(mail.taken_by for mail in await desk.all(Mail))
    assert len(await desk.all(Message)) == 1


async def test_every_message_to_atom_is_taken_up_once() -> None:
    """Whoever writes however much: all mail is taken, each message by one run or by the front door."""
    desk = await running(ScriptedModel(script=opening))
    for n in range(12):
        await desk.say(("maria", "bo", "sam")[n % 3], f"problem {n}", where=direct("town", str(n % 2)))

    await desk.settle()

    texts = [note.text for note in await desk.all(Note)] + [item.description for item in await desk.all(Request)]
    assert all(sum(f"problem {n}" in text.split(" / ") for text in texts) == 1 for n in range(12))


async def test_what_is_written_in_another_thread_than_the_requests_is_acknowledged_there() -> None:
    """The answer comes elsewhere, or from a human who is away: nothing at all would look as if nobody had heard."""

    def decide(briefing: Briefing, transcript: Sequence[Exchange], _: Sequence[Offer]) -> Turn:
        if briefing.coworker.id != "atom" or transcript:
            return silent()
        return call("continue_request", number="IT-1001", text="I want a human")

    desk = await running(ScriptedModel(script=decide))
    await desk.open()
    elsewhere, aloud = (
        direct("maria", "9"),
        replace(direct("maria", "10"), id=ConversationId("slack:T1:CALL:10"), channel="CALL", kind="channel"),
    )

    await desk.say("maria", "I want a human", where=elsewhere)
    await desk.settle()
    await desk.say("maria", "I want a human", where=aloud)
    await desk.settle()

    assert ["Thanks, I've added that to IT-1001. The answer comes in its own thread."] == await desk.told(elsewhere.id)
    assert ["Thanks, I've passed that on. The answer comes where you asked first."] == await desk.told(aloud.id)
