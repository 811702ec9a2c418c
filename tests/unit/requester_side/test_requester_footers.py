"""Under each public note the requester reads where the request stands, and finds what they can press there."""

from bot.reply import Reply
from tests.fakes.desk import RunningDesk
from tests.fakes.scripted import call
from tests.unit.requester_side.arranging import ASK, HOLD, RESOLVE, pressable, replies, survey, worked

NOTE = call("post_public_note", text="I am on it.")


async def note(desk: RunningDesk, text: str) -> Reply:
    """Return Maria's post of this text."""
    return next(item for item in await replies(desk) if item.text == text)


async def test_a_note_says_where_the_request_stands_once_it_is_posted() -> None:
    """Number, status, who has it; solved, or help. What came after the note, before anybody could read it, counts."""
    desk = await worked(NOTE, HOLD)

    told = await note(desk, "I am on it.")
    assert "IT-1001 · On hold · with Hardware Engineer" == told.footer
    assert ["solved", "help"] == pressable(told)
    assert {(await desk.request()).id} == {button.subject for button in told.buttons}


async def test_a_question_shows_the_status_that_it_leads_to_and_no_button() -> None:
    """An answer is what is wanted."""
    desk = await worked(ASK)

    told = await note(desk, "Which?")
    assert ("IT-1001 · Waiting for your answer · with Hardware Engineer", []) == (told.footer, pressable(told))


async def test_a_resolution_shows_that_it_is_resolved() -> None:
    """What can be pressed stands under the survey."""
    desk = await worked(RESOLVE)

    told = await note(desk, "Restarted.")
    assert ("IT-1001 · Resolved · with Hardware Engineer", []) == (told.footer, pressable(told))
    assert ["rate:1", "rate:2", "rate:3", "rate:4", "rate:5", "help"] == pressable(await survey(desk))


async def test_a_humans_note_names_the_human() -> None:
    """Sam has taken the request over and answers from the private thread."""
    desk = await worked(HOLD)
    await desk.press("sam", "take_over", (await desk.request()).id, where=await desk.thread())
    await desk.say("sam", "reply: I will come by.", where=await desk.thread(), to_atom=False)
    await desk.settle()

    told = await note(desk, "I will come by.")
    assert "IT-1001 · In progress · with Sam" == told.footer
    assert ["solved", "help"] == pressable(told)


async def test_while_an_approval_is_awaited_a_request_cannot_be_called_solved() -> None:
    """The status table has no such way; help can be called for."""
    desk = await worked(call("jumpcloud__reset_password", device="L1"))
    await desk.say("sam", "reply: We are deciding.", where=await desk.thread(), to_atom=False)
    await desk.settle()

    told = await note(desk, "We are deciding.")
    assert ["help"] == pressable(told)


async def test_colleagues_read_the_note_without_the_requesters_buttons() -> None:
    """The mirror in the private thread is for reading."""
    desk = await worked(NOTE, HOLD)

    thread = f"support:{(await desk.request()).id}:slack:CIT"
    mirrored = next(item for item in await replies(desk, thread) if item.text == "I am on it.")
    assert ("", ()) == (mirrored.footer, mirrored.buttons)


async def test_a_long_note_carries_its_footer_once() -> None:
    """Under the last of its posts."""
    text = "\n\n".join(f"Paragraph {n}. " + "word " * 200 for n in range(8))
    desk = await worked(call("post_public_note", text=text), HOLD)

    parts = [item for item in await replies(desk) if item.kind == "note"]
    assert len(parts) > 1
    assert [bool(item.footer) for item in parts] == [False] * (len(parts) - 1) + [True]
