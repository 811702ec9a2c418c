"""What colleagues write and press: private notes, replies to the requester, approvals, taking over and handing back."""

import pytest

from bot.approval import Approval
from bot.errors import TemporaryError
from bot.labels import Source, Visibility
from bot.mail import mailbox_id
from bot.note import Note
from bot.reply import Reply
from bot.request import Assignee, Request
from bot.work import MAX_FAILURES
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import Script, ScriptedModel, call
from tests.fakes.workforce import direct

QUIET: Script = {"hardware-engineer": [call("ask_requester", question="Which one?")]}
RESET: Script = {
    "hardware-engineer:assigned": [call("jumpcloud__reset_password", device="L1")],
    "hardware-engineer:approval_decided": [call("resolve", summary="Your password is new.")],
    "hardware-engineer:handed_back": [call("set_status", status="on_hold", reason="a test")],
}


async def at_work(script: Script = QUIET) -> RunningDesk:
    """Return a desk on which Maria's request has been worked once."""
    desk = await running(ScriptedModel(script=script))
    await desk.open()
    await desk.settle()
    return desk


async def approval(desk: RunningDesk) -> Approval:
    return (await desk.all(Approval))[-1]


async def test_a_colleagues_words_are_a_private_note() -> None:
    """It is stored, told to nobody else, and starts no run."""
    desk = await at_work()

    await desk.say("sam", "She drops it a lot.", where=await desk.thread(), to_atom=False)
    await desk.settle()

    assert ["She drops it a lot."] == await desk.notes(Visibility.PRIVATE)
    assert "She drops it a lot." not in desk.shown("DMARIA")
    assert len(await desk.runs()) == 1


@pytest.mark.parametrize("text", ["hardware engineer, look again", "Hardware-Engineer: again?", "please, Atom"])
async def test_naming_the_coworker_wakes_it(text: str) -> None:
    """By name or id, or Atom for whoever has it."""
    desk = await at_work()

    await desk.say("sam", text, where=await desk.thread(), to_atom=False)
    await desk.settle()

    assert "colleague_asked" == (await desk.runs())[-1].triggers[0].kind


async def test_an_agents_reply_goes_to_the_requester() -> None:
    """The prefix is taken off; the requester reads who wrote it."""
    desk = await at_work()

    await desk.say("sam", "Reply:  Bring it to room 4.", where=await desk.thread(), to_atom=False)
    await desk.settle()

    assert "Bring it to room 4." == desk.shown("DMARIA")[-1]
    assert "Sam" == (await desk.all(Reply, conversation_id=direct().id))[-1].speaker


async def test_only_agents_reply_to_the_requester() -> None:
    """Anybody else in the private channel is told so there, and the attempt is kept."""
    desk = await at_work()

    await desk.say("bo", "reply: I know better", where=await desk.thread(), to_atom=False)
    await desk.settle()

    assert "I know better" not in str(desk.shown("DMARIA"))
    assert any("only agents" in text for text in desk.shown("CIT"))
    assert len(await desk.events("press.refused")) == 1


async def test_an_empty_reply_is_not_sent() -> None:
    """Nothing behind the prefix is a slip."""
    desk = await at_work()
    before = desk.shown("DMARIA")

    await desk.say("sam", "reply:   ", where=await desk.thread(), to_atom=False)
    await desk.settle()

    assert before == desk.shown("DMARIA")
    assert any("nothing after" in text for text in desk.shown("CIT"))


async def test_the_requester_in_the_private_thread_is_no_colleague() -> None:
    """Their words stay labelled as theirs."""
    desk = await at_work()

    await desk.say("maria", "I am here too", where=await desk.thread(), to_atom=False)
    await desk.settle()

    assert [Source.REQUESTER] == [item.source for item in await desk.all(Note) if item.text == "I am here too"]


async def test_what_a_colleague_did_and_could_not_be_worked_is_asked_for_again() -> None:
    """It becomes no request of theirs and is not dropped in silence; what they did after it is worked."""
    desk = await at_work()
    desk.audience.failures.extend([TemporaryError("no answer")] * MAX_FAILURES)
    request, thread = await desk.request(), await desk.thread()

    await desk.say("sam", "She drops it a lot.", where=thread, to_atom=False)
    await desk.press("sam", "take_over", request.id, where=thread)
    await desk.settle()

    assert ["IT-1001"] == [item.number for item in await desk.all(Request)]
    assert 1 == sum("Please do it once more" in text for text in desk.shown("CIT"))
    assert Assignee(kind="person", id="sam") == (await desk.request()).assignee


async def test_a_human_who_takes_over_silences_the_coworker_in_the_middle_of_its_run() -> None:
    """The run ends as superseded at its next write; nothing of it reaches the requester."""
    desk = await running(ScriptedModel(script={"hardware-engineer": [call("post_public_note", text="I know it all.")]}))
    request = await desk.open()

    async def take() -> None:
        await desk.press("sam", "take_over", request.id)
        await desk.engine.work(mailbox_id("conversation", direct("sam").id))

    desk.model.meanwhile = take
    await desk.settle()

    assert Assignee(kind="person", id="sam") == (await desk.request()).assignee
    assert ["superseded"] == [run.state for run in await desk.runs()]
    assert [] == await desk.notes(Visibility.PUBLIC)


async def test_handing_back_wakes_the_coworker_that_had_it() -> None:
    """With what the human wrote meanwhile in its briefing."""
    desk = await at_work()
    request = await desk.request()
    await desk.press("sam", "take_over", request.id)
    await desk.settle()
    await desk.say("sam", "reply: I looked at it.", where=await desk.thread(), to_atom=False)
    await desk.settle()

    await desk.press("sam", "hand_back", request.id)
    await desk.settle()

    run = (await desk.runs())[-1]
    assert ("hardware-engineer", "handed_back") == (run.coworker, run.triggers[0].kind)
    assert "I looked at it." in [said.text for said in desk.model.asked[-1].briefing.said]


@pytest.mark.parametrize("who", ["maria", "bo", "ann"])
async def test_only_the_workspaces_agents_take_over(who: str) -> None:
    """Neither the requester nor a stranger, wherever the button was pressed."""
    desk = await at_work()
    before = (await desk.request()).assignee

    await desk.press(who, "take_over", (await desk.request()).id)
    await desk.settle()

    assert before == (await desk.request()).assignee


async def test_a_reply_while_a_human_holds_the_request_starts_nobody() -> None:
    """The human reads it in the support thread."""
    desk = await at_work()
    await desk.press("sam", "take_over", (await desk.request()).id)
    await desk.settle()

    await desk.say("maria", "Any news?", to_atom=False)
    await desk.settle()

    assert len(await desk.runs()) == 1
    assert "Any news?" in desk.shown("CIT")
