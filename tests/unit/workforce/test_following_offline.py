"""How the offline brain follows a playbook when things happen in between: news, approvals, refusals, other occasions."""

from typing import Any

import pytest

from bot.turn import Call, CallResult, Turn
from coworkers.briefing import Occasion
from coworkers.model import Exchange
from coworkers.playbook.brain import PlaybookModel
from tests.unit.workforce.office import Office, request

SLOW = "My laptop feels really slow lately."
RESET = "I forgot the password of my laptop, please reset it"


def exchange(name: str, *, error: str = "", news: str = "", at: int = 0) -> Exchange:
    """Return a recorded call."""
    call = Call(id=f"c{at}", name=name)
    result = CallResult(call_id=call.id, text=error or "Done.", error=bool(error))
    return Exchange(
        turn=Turn(calls=(call,), stop="tool_use", model="playbook"), results=(result,), news=(news,) if news else ()
    )


async def following(
    office: Office, coworker: str, *made: Exchange, occasion: Occasion | None = None
) -> tuple[str, dict[str, Any]]:
    """Return the next call after those that were made."""
    briefing = office.briefing(coworker, *([occasion] if occasion else []))
    turn = await PlaybookModel().next_turn(briefing, made, office.offers(coworker))
    return (turn.calls[0].name, turn.calls[0].arguments) if turn.calls else ("", {})


async def test_what_the_requester_writes_meanwhile_is_read_before_waiting() -> None:
    """Nobody is left waiting for an answer that was given already."""
    office = Office(request=request(SLOW), tools={})
    note = exchange("post_public_note", news="Meanwhile June Park wrote: It works now, thanks!")

    name, _ = await following(office, "software-engineer", note)

    assert name == "resolve"


async def test_news_of_others_changes_nothing() -> None:
    """A colleague's words are not the requester's."""
    office = Office(request=request(SLOW), tools={})
    note = exchange("post_public_note", news="Meanwhile Sam wrote: It works now, thanks!")

    name, _ = await following(office, "software-engineer", note)

    assert name == "set_status"


async def test_a_refused_note_goes_to_a_human_with_the_refusal() -> None:
    """The firewall's reason is passed on."""
    office = Office(request=request(SLOW), tools={})

    name, arguments = await following(
        office, "software-engineer", exchange("post_public_note", error="It quotes a private note.")
    )

    assert name == "escalate"
    assert "It quotes a private note." in arguments["reason"]


async def test_a_refused_hand_off_goes_to_a_human_once() -> None:
    """And when that is refused too, the run is over."""
    office = Office(request=request(SLOW), tools={})
    refused = exchange("hand_off", error="Nobody is called so.")

    name, _ = await following(office, "it-triage", refused)
    last, _ = await following(office, "it-triage", refused, exchange("escalate", error="No.", at=1))

    assert (name, last) == ("escalate", "")


async def test_a_transcript_that_is_not_this_playbooks_goes_to_a_human() -> None:
    """After a change of the playbook in the middle of a run nothing is done twice."""
    office = Office(request=request(SLOW), tools={})

    name, arguments = await following(office, "hardware-engineer", exchange("remember"))

    assert name == "escalate"
    assert "changed" in arguments["reason"]


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (CallResult(call_id="a", text="", data={"sent_to": "the recovery phone"}), ["resolve"]),
        (CallResult(call_id="a", text="down", error=True), ["post_public_note", "escalate"]),
        (None, ["post_public_note", "escalate"]),
    ],
)
async def test_a_decided_approval_goes_on_with_what_it_brought(result: CallResult | None, expected: list[str]) -> None:
    """Approved and done, failed, or not approved."""
    office = Office(request=request(RESET), tools={})
    decided = Occasion(kind="approval_decided", text="The call was decided.", result=result)

    await office.run("hardware-engineer", decided)

    assert [name for _, name, _ in office.log] == expected
    if expected == ["resolve"]:
        assert "the recovery phone" in office.log[0][2]["summary"]


async def test_a_device_of_somebody_else_is_not_touched() -> None:
    """Whatever the look-up brings."""
    device = {"device_id": "d", "owner_email": "boss@example.com"}
    office = Office(request=request(RESET), tools={"jumpcloud__get_device": lambda _: device})

    ended, _ = await office.run("hardware-engineer")

    assert ended == "escalate"
    assert "jumpcloud__reset_device_password" not in [name for _, name, _ in office.log]


async def test_a_question_of_a_colleague_is_answered_with_what_is_known() -> None:
    """Without passing for a language model."""
    office = Office(request=request(SLOW), tools={})

    await office.run("hardware-engineer", Occasion(kind="colleague_asked", text="What do you think?"))

    [(_, name, arguments)] = office.log
    assert name == "post_private_note"
    assert "no language model" in arguments["text"]


async def test_a_request_that_is_handed_back_is_begun_anew() -> None:
    """As if it had been assigned."""
    office = Office(request=request(SLOW), tools={})

    name, _ = await following(
        office, "hardware-engineer", occasion=Occasion(kind="handed_back", text="Sam handed it back.")
    )

    assert name == "jumpcloud__get_device"


async def test_a_timer_without_steps_does_nothing() -> None:
    """The clock's own reminders are enough."""
    office = Office(request=request(SLOW), tools={})

    assert await following(office, "hardware-engineer", occasion=Occasion(kind="timer_fired", text="remind")) == (
        "",
        {},
    )


async def test_a_log_that_is_too_long_to_look_through_is_not_taken_for_clean() -> None:
    """A human looks instead."""
    office = Office(
        request=request(SLOW), tools={"jumpcloud__get_device": lambda _: {"device_id": "d", "disk_free_gb": 90.0}}
    )
    office.tools["jumpcloud__get_device_logs"] = lambda _: {"entries": [{"source": "system"}] * 1_001}

    ended, arguments = await office.run("hardware-engineer")

    assert ended == "escalate"
    assert "1,001 entries" in arguments["reason"]
