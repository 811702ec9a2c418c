"""Answers of Atom can be judged, are named after the question, and a bad one shows the way to a request."""

from bot.labels import Visibility
from bot.reply import Reply
from bot.satisfaction import Feedback
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel, call, calls
from tests.fakes.workforce import direct
from tests.unit.requester_side.arranging import HOLD, pressable, replies, town, worked

ANSWER = call("answer", text="Hold the power button.", citations=["laptops, Restart"])
QUESTION = "How do I restart my laptop when nothing else works and the screen stays black for ever?"


async def answered(where: object = None) -> RunningDesk:
    """Return a desk on which Maria's question was answered."""
    desk = await running(ScriptedModel(script={"atom": [ANSWER]}))
    await desk.say("maria", QUESTION, where=where)  # type: ignore[arg-type]
    await desk.settle()
    return desk


async def test_an_answer_can_be_judged() -> None:
    """Its buttons name the answer itself."""
    desk = await answered()

    told = (await replies(desk))[0]
    assert ["feedback:good", "feedback:bad"] == pressable(told)
    assert {told.id} == {button.subject for button in told.buttons}


async def test_a_long_answer_is_judged_under_its_last_post() -> None:
    """The buttons name the post that they stand under."""
    text = "\n\n".join("word " * 200 for _ in range(8))
    desk = await running(ScriptedModel(script={"atom": [call("answer", text=text, citations=[])]}))
    await desk.say("maria", QUESTION)
    await desk.settle()

    told = await replies(desk)
    assert len(told) > 1
    assert [told[-1].id] * 2 == [button.subject for item in told for button in item.buttons]


async def test_small_talk_is_not_judged() -> None:
    """Only what rests on documents."""
    desk = await running(ScriptedModel(script={"atom": [call("say", text="Hello!")]}))
    await desk.say("maria", "hi")
    await desk.settle()

    assert [] == pressable((await replies(desk))[0])


async def test_a_good_judgement_is_kept_and_thanked_for() -> None:
    """And a second press changes it, never adds one."""
    desk = await answered()
    told = (await replies(desk))[0]

    for value in ("bad", "good"):
        await desk.press("maria", "feedback", told.id, value=value)
        await desk.settle()

    assert [(told.id, "maria", True)] == [(f.reply_id, f.person_id, f.helpful) for f in await desk.all(Feedback)]
    assert "Thank you, good to know." == desk.shown("DMARIA")[-1]
    assert 2 == len(await desk.events("answer.judged"))


async def test_a_bad_judgement_offers_a_request() -> None:
    """By the form."""
    desk = await answered()

    await desk.press("maria", "feedback", (await replies(desk))[0].id, value="bad")
    await desk.settle()

    assert ["form:new"] == pressable((await replies(desk))[-1])
    assert [False] == [item.helpful for item in await desk.all(Feedback)]


async def test_in_a_channel_thanks_are_seen_by_one_alone() -> None:
    """Anybody who reads an answer may judge it."""
    desk = await answered(town())

    await desk.press("bo", "feedback", (await replies(desk, town().id))[0].id, value="bad", where=town())
    await desk.settle()

    assert ["bo"] == [item.person_id for item in await desk.all(Feedback)]
    assert 1 == len(await replies(desk, town().id))
    aside = await replies(desk, "slack:T1:CTOWN:aside:UBO")
    assert [(Visibility.PUBLIC, "talk", "sent")] == [(item.visibility, item.kind, item.state) for item in aside]


async def test_what_is_no_answer_here_cannot_be_judged() -> None:
    """A forged press: an answer in another place, another kind of post, another word, nothing."""
    desk = await answered()
    told = (await replies(desk))[0]
    await desk.press("maria", "feedback", told.id, value="good")
    await desk.settle()
    thanks = (await replies(desk))[-1]

    await desk.press("bo", "feedback", told.id, value="good")
    await desk.press("maria", "feedback", thanks.id, value="good")
    await desk.press("maria", "feedback", told.id, value="ugly")
    await desk.press("maria", "feedback", "nonsense", value="good")
    await desk.settle()

    assert ["maria"] == [item.person_id for item in await desk.all(Feedback)]
    assert 4 == len(await desk.events("press.refused"))


async def titles(desk: RunningDesk, where: str = "") -> list[str]:
    """Return what a thread was called, one after the other."""
    return [item.text for item in await desk.all(Reply, conversation_id=where or direct().id, kind="title")]


async def test_a_thread_is_called_by_its_question() -> None:
    """By its first words, once."""
    desk = await answered()
    await desk.say("maria", "And then?")
    await desk.settle()

    assert ["How do I restart my laptop when nothing else works and the…"] == await titles(desk)


async def test_a_thread_is_called_by_its_request() -> None:
    """By the first, when there are several; a later answer changes nothing."""
    both = calls(
        ("open_request", {"title": "Slow laptop.", "description": "d", "workspace": "it-support"}),
        ("open_request", {"title": "Leave", "description": "d", "workspace": "people-ops"}),
    )
    desk = await running(ScriptedModel(script={"atom": [both], "it-triage": [HOLD], "hr-triage": [HOLD]}))
    await desk.say("maria", "My laptop is slow, and I need leave")
    await desk.settle()
    desk.model.script = {"atom": [ANSWER]}
    await desk.say("maria", QUESTION)
    await desk.settle()

    assert ["IT-1001 Slow laptop"] == await titles(desk)


async def test_only_direct_chats_have_names() -> None:
    """A channel's thread is everybody's, an unthreaded chat has none."""
    for where in (town(), direct("maria", None)):
        desk = await answered(where)

        assert [] == await titles(desk, where.id)


async def test_titles_take_no_place_in_the_talk() -> None:
    """Atom is shown what was said, however many signs came between."""
    desk = await worked(HOLD)
    desk.model.script = {"atom": [ANSWER]}
    place = direct("maria", "5")
    for _ in range(3):
        await desk.say("maria", QUESTION, where=place)
        await desk.settle()

    said = [item.text for item in desk.model.asked[-1].briefing.said]
    assert 2 == sum("Hold the power button." in text for text in said)
    assert not [text for text in said if text.startswith("IT-") or not text]
