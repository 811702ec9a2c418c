"""What the person at the terminal sees: the story in its order, each thing once, public and private told apart in words."""

import asyncio
from pathlib import Path

import pytest

from adapters.terminal.arrivals import arrival, private_message
from bot.audit import Event
from bot.desk.desk import Desk
from bot.desk.telling import tell_colleagues
from bot.labels import SYSTEM, Source
from bot.reply import Button, Reply
from tests.fakes.clock import FrozenClock
from tests.unit.terminal.recorded_story import EVIDENCE, JUNE, QUESTION, SAM, TO_SECURITY, told
from tests.unit.terminal.terminal_stage import (
    HOME,
    IT,
    REQUEST,
    START,
    Stage,
    WrittenDirectory,
    event,
    note,
    reply,
    support,
    written,
)

GOLDEN = Path(__file__).with_name("golden_story.txt")
PLAIN = Path(__file__).with_name("golden_story_ascii.txt")


async def test_the_story_reads_in_the_order_of_events_although_posts_come_later_and_the_other_way_round() -> None:
    """The golden text is how it looks at 100 columns without colour."""
    stage = Stage()

    await told(stage)

    assert GOLDEN.read_text(encoding="utf-8") == stage.text


async def test_a_terminal_that_knows_only_ascii_is_shown_the_same_in_ascii() -> None:
    """Boxes, arrows and signs have plain stand-ins; the words are the same."""
    stage = Stage(encoding="ascii", width=80)

    await told(stage)

    assert PLAIN.read_text(encoding="ascii") == stage.text


@pytest.mark.parametrize("width", [80, 100, 120, 200])
async def test_no_line_is_wider_than_the_terminal_or_120_columns(width: int) -> None:
    """Long texts wrap; boxes end at the edge."""
    stage = Stage(width=width)

    await told(stage)

    assert max(len(line) for line in stage.text.split("\n")) <= min(width, 120)


async def test_a_note_whose_post_never_comes_is_not_told_as_said() -> None:
    """Only what was posted is shown."""
    stage = Stage(patience=0.0)
    await stage.furnish()
    await stage.keep(EVIDENCE)

    async with stage.speaking():
        stage.voice.watch([written(EVIDENCE)])

    assert "" == stage.text


async def test_a_note_whose_post_comes_late_is_told_when_it_comes() -> None:
    """The story goes on after a little patience, and nothing is lost."""
    stage = Stage(patience=0.0)
    await stage.furnish()
    await stage.keep(EVIDENCE)

    async with stage.speaking():
        stage.voice.watch([written(EVIDENCE)])
        await stage.voice.drained()
        await stage.messenger.post(reply("late evidence", to=support(IT), note="n-1"), support(IT))

    assert 1 == stage.text.count("late evidence")


async def test_a_withheld_note_is_told_as_withheld_in_its_place_without_its_text() -> None:
    """The reason is the firewall's sentence."""
    stage = Stage()
    await stage.furnish()
    held = Reply(
        **{**vars(reply("evidence", to=support(IT), key="held")), "problem": "The requester can read this channel."}
    )
    await stage.keep(EVIDENCE, held)

    async with stage.speaking():
        stage.voice.watch([written(EVIDENCE)])
        stage.voice.watch(
            [event("note.withheld", note="n-1", reply="held", visibility="private", conversation="support:x")]
        )
        stage.voice.say("afterwards")

    assert (
        "  ✗ A private note for IT-1001 is not delivered. The requester can read this channel.\n  · afterwards\n"
        == stage.text
    )


async def test_each_part_of_a_long_note_is_told_once() -> None:
    """The first part takes the note's place, the others follow."""
    stage = Stage()
    await stage.furnish()
    await stage.keep(QUESTION)

    async with stage.speaking():
        stage.voice.watch([written(QUESTION)])
        for part in ("part one", "part two", "part three"):
            await stage.messenger.post(reply(part, note="n-2", speaker="Security Specialist"), HOME)

    assert [1, 1, 1] == [stage.text.count(part) for part in ("part one", "part two", "part three")]
    assert stage.text.index("part one") < stage.text.index("part two") < stage.text.index("part three")


async def test_a_hand_off_card_of_the_desk_is_not_told_beside_the_hand_off() -> None:
    """The card that the desk itself posts for a packet draws nothing."""
    stage = Stage()
    await stage.furnish()
    await stage.keep(TO_SECURITY)
    desk = Desk(directory=WrittenDirectory(), clock=FrozenClock(), platforms=frozenset({"terminal"}))
    await stage.storage.transact(
        lambda uow: tell_colleagues(uow, desk, REQUEST, "card " * 1500, cause="packet-2", kind="card")
    )
    cards = await stage.storage.read(lambda reader: reader.find(Reply, kind="card"))

    async with stage.speaking():
        for card in cards:
            await stage.messenger.post(card, support(IT))

    assert 3 == len(cards)
    assert "" == stage.text


async def test_an_approval_says_what_to_type_and_its_decision_is_told_once() -> None:
    """The card is shown with its exact call; the card's change is told by the event."""
    stage = Stage()
    await stage.furnish()
    asked = reply(
        "Approval needed",
        to=support(IT),
        kind="card",
        buttons=(
            Button(action="approve", subject="a", label="Approve"),
            Button(action="deny", subject="a", label="Deny"),
        ),
    )
    decided = Event(
        kind="approval.approved", actor=SAM, request_id=REQUEST.id, data={"tool": "jumpcloud__wipe_device"}, at=START
    )

    async with stage.speaking():
        post = await stage.messenger.post(asked, support(IT))
        stage.voice.watch([decided])
        await stage.messenger.change(reply("Approved by Sam", to=support(IT), kind="card"), support(IT), post)

    assert "type /approve or /deny · June Park cannot read this" in stage.text
    assert "Sam Okafor approves jumpcloud wipe_device for IT-1001" in stage.text
    assert "Approved by Sam" not in stage.text


async def test_what_was_typed_here_is_not_told_again_when_it_becomes_a_note() -> None:
    """The requester's reply is told once, and then that it belongs to the request."""
    stage = Stage()
    await stage.furnish()
    item = note("n-3", "No, nothing.", JUNE, private=False, source=Source.REQUESTER)
    await stage.keep(item)

    async with stage.speaking():
        stage.voice.hear(arrival("june@example.com", "June Park", "No, nothing.", "7", START))
        stage.voice.watch([written(item)])

    assert 1 == stage.text.count("No, nothing.")
    assert "June Park's reply is added to IT-1001" in stage.text


async def test_a_support_agents_words_are_told_as_private() -> None:
    """The box names the workspace and who cannot read it."""
    stage = Stage()
    await stage.furnish()
    item = note("n-4", "Seen before.", SAM, private=True)
    await stage.keep(item)

    async with stage.speaking():
        stage.voice.hear(private_message(support(IT), "sam@example.com", "Sam Okafor", "Seen before.", "8", START))
        stage.voice.watch([written(item)])

    assert "PRIVATE  Sam Okafor → the IT Support team · IT-1001" in stage.text
    assert "June Park cannot read this" in stage.text
    assert 1 == stage.text.count("Seen before.")


async def test_an_answer_from_the_private_thread_is_not_told_as_private() -> None:
    """What begins with `reply:` goes to the requester, whose thread shows it."""
    stage = Stage()
    await stage.furnish()
    typed = private_message(support(IT), "sam@example.com", "Sam Okafor", "Reply: all is well", "9", START)

    async with stage.speaking():
        stage.voice.hear(typed)

    assert "  · Sam Okafor answers the requester from the private thread\n" == stage.text


async def test_the_playbook_says_once_that_it_is_no_language_model() -> None:
    """The model is introduced at its first appearance."""
    stage = Stage()
    await stage.furnish()

    async with stage.speaking():
        for _ in range(3):
            stage.voice.watch([event("run.started", model="playbook", triggers=[])])

    assert 1 == stage.text.count("This is not a language model.")


async def test_an_unknown_event_or_a_missing_record_is_passed_over() -> None:
    """Reading along never fails for what it does not know."""
    stage = Stage(patience=0.0)

    async with stage.speaking():
        stage.voice.watch(
            [event("coworker.promoted"), event("tool.called", step="x"), event("request.handed_off", packet="x")]
        )
        stage.voice.watch([Event(kind="run.ended", actor=SYSTEM, at=START), event("note.written", note="x")])

    assert "" == stage.text


async def test_what_is_told_while_the_prompt_stands_begins_on_a_line_of_its_own() -> None:
    """And the prompt comes back below it."""
    stage = Stage()

    async with stage.speaking():
        stage.voice.prompt("June Park >")
        await stage.voice.drained()
        await asyncio.sleep(0)
        stage.voice.say("a timer has run out")
        await stage.voice.drained()
        await asyncio.sleep(0)

    assert "June Park >\n  · a timer has run out\nJune Park >" == stage.text
