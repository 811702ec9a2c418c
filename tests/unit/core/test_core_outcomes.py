"""What each end of a run does to its request, and what the requester's next words do then."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.clock.due import next_due
from bot.labels import Visibility
from bot.mail import mailbox_id
from bot.request import Request
from bot.timer import Timer
from bot.turn import Turn
from bot.wording.requester import resolved
from bot.wording.survey import asked
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel, call, calls, silent
from tests.fakes.workforce import direct

HOLD = call("set_status", status="on_hold", reason="a test")


async def worked(*turns: Turn, **others: Sequence[Turn]) -> RunningDesk:
    """Return a desk on which the hardware engineer has worked Maria's request with these turns."""
    script: dict[str, Sequence[Turn]] = {"hardware-engineer:assigned": turns, "hardware-engineer": [silent()]}
    script |= {name.replace("_", "-"): turns for name, turns in others.items()}
    desk = await running(ScriptedModel(script=script))
    await desk.open()
    await desk.settle()
    return desk


@pytest.mark.parametrize(
    ("turn", "status", "outcome"),
    [
        (call("ask_requester", question="Which?"), "pending", "clarification"),
        (call("set_status", status="pending", reason="r"), "pending", "waiting"),
        (call("set_status", status="on_hold", reason="r"), "on_hold", "waiting"),
        (call("resolve", summary="Restarted."), "resolved", "answer"),
        (call("escalate", reason="too hard"), "open", "escalation"),
        (call("jumpcloud__reset_password", device="L1"), "awaiting_approval", "approval_requested"),
        (
            call("request_approval", tool="jumpcloud__lock_device", arguments={"device": "L1"}, reason="lost"),
            "awaiting_approval",
            "approval_requested",
        ),
        (call("hand_off", to="software-engineer", reason="r"), "in_progress", "route"),
    ],
)
async def test_every_run_ends_in_one_outcome(turn: Turn, status: str, outcome: str) -> None:
    """The status follows from it."""
    desk = await worked(turn, software_engineer=[call("jumpcloud__get_device", device="L1"), HOLD])

    run = (await desk.runs())[0]
    assert (outcome, "done") == (run.outcome.kind if run.outcome else "", run.state)
    if outcome != "route":
        assert status == (await desk.request()).status


async def test_a_resolution_by_an_action_is_an_action() -> None:
    """A call that acted makes the difference."""
    desk = await worked(call("jumpcloud__lock_device", device="L1"), call("resolve", summary="Locked."))

    outcome = (await desk.runs())[0].outcome
    assert outcome is not None
    assert "action" == outcome.kind
    assert [
        "Locked.",
        asked(resolved("IT-1001")),
    ] == desk.shown("DMARIA")[-2:]


async def test_an_escalation_calls_a_human_and_tells_the_requester() -> None:
    """The reason is for colleagues."""
    desk = await worked(call("escalate", reason="The disk smells of smoke."))

    assert "it-support/agents" == (await desk.request()).assignee.id
    assert any("smells of smoke" in text for text in desk.shown("CIT"))
    assert "colleague" in desk.shown("DMARIA")[-1]
    assert not any("smoke" in text for text in desk.shown("DMARIA"))


async def test_assigned_work_that_is_never_done_goes_to_a_human() -> None:
    """Silence, twice, is no outcome."""
    desk = await worked(silent("I think I am done."), silent())

    assert "it-support/agents" == (await desk.request()).assignee.id
    assert not any("I think" in text for text in desk.shown("DMARIA"))


async def test_a_reply_reopens_what_was_resolved() -> None:
    """And wakes the one who had it."""
    desk = await worked(call("resolve", summary="Restarted."), hardware_engineer=[HOLD])

    await desk.say("maria", "It is slow again", to_atom=False)
    await desk.settle()

    assert "on_hold" == (await desk.request()).status
    assert ["assigned", "requester_replied"] == [run.triggers[0].kind for run in await desk.runs()]


@pytest.mark.parametrize(
    ("turn", "status"),
    [
        (call("resolve", summary="Restarted."), "resolved"),
        (HOLD, "on_hold"),
        (call("ask_requester", question="Which?"), "pending"),
    ],
)
async def test_a_word_of_thanks_changes_nothing(turn: Turn, status: str) -> None:
    """The request goes back to where it was, so that nobody is reminded of a question that was never asked."""
    desk = await worked(turn)

    await desk.say("maria", "Thanks!", to_atom=False)
    await desk.settle()
    await desk.say("sam", "Good work, Atom", where=await desk.thread(), to_atom=False)
    await desk.settle()

    assert status == (await desk.request()).status
    assert ["requester_replied", "colleague_asked"] == [run.triggers[0].kind for run in (await desk.runs())[1:]]


async def test_a_reply_to_a_closed_request_opens_a_linked_one() -> None:
    """The old one stays closed."""
    desk = await worked(call("resolve", summary="Restarted."), it_triage=[HOLD])
    desk.clock.advance(timedelta(days=8).total_seconds())
    await desk.settle()
    assert "closed" == (await desk.request()).status

    await desk.say("maria", "It is slow again", to_atom=False)
    await desk.settle()

    old, new = await desk.request(), await desk.request("IT-1002")
    assert ("closed", "It is slow again") == (old.status, new.description)
    assert [old.id] == [link.request_id for link in new.links]
    assert [new.id] == [link.request_id for link in old.links]


async def test_thanks_that_come_while_it_is_resolved_leave_it_resolved() -> None:
    """The words arrive during the run's last call, when the request was still in progress."""
    script = {"hardware-engineer:assigned": [call("resolve", summary="Restarted.")], "hardware-engineer": [silent()]}
    desk = await running(ScriptedModel(script=script))
    await desk.open()

    async def thank() -> None:
        await desk.say("maria", "Thanks!", to_atom=False)
        await desk.engine.work(mailbox_id("conversation", direct().id))

    desk.model.meanwhile = thank
    await desk.settle()

    assert ["answer", "nothing_to_do"] == [run.outcome.kind for run in await desk.runs() if run.outcome]
    assert "resolved" == (await desk.request()).status


async def test_a_question_that_is_not_answered_is_repeated_and_then_resolved() -> None:
    """One reminder after a day, resolved after three, closed after seven more."""
    desk = await worked(call("ask_requester", question="Which?"))

    seen = []
    for _ in range(12):
        desk.clock.advance(timedelta(days=1).total_seconds())
        await desk.settle()
        seen.append((await desk.request()).status)

    assert ["pending", "pending", "resolved"] == seen[:3]
    assert "closed" == seen[-1]
    assert 1 == sum("A reminder" in text for text in desk.shown("DMARIA"))
    assert await next_due(desk.storage) is None


async def test_an_answer_stops_the_clock() -> None:
    """No reminder comes for a question that was answered."""
    desk = await worked(call("ask_requester", question="Which?"), hardware_engineer=[HOLD])
    await desk.say("maria", "The silver one", to_atom=False)
    await desk.settle()

    states = {timer.name: timer.state for timer in await desk.all(Timer)}
    assert {"remind": "cancelled", "resolve": "cancelled", "look_again": "set"} == states


async def test_a_request_waits_for_those_that_block_it() -> None:
    """It is resolved only after them; the coworker is told what it waits for."""
    opened = call(
        "open_linked_request", workspace="people-ops", title="Contract", description="Draw it up", relation="blocks"
    )
    desk = await worked(opened, call("resolve", summary="All done."), HOLD, hr_triage=[HOLD])

    assert "on_hold" == (await desk.request()).status
    assert "HR-1001 must be resolved first" in str(await desk.steps(kind="desk"))
    assert "All done." not in await desk.notes(Visibility.PUBLIC)


async def test_requests_do_not_beget_requests_without_end() -> None:
    """A part of a part opens no more parts, and one request only so many."""
    more = call("open_linked_request", workspace="people-ops", title="More", description="d", relation="child")
    parts = [
        ("open_linked_request", {"workspace": "people-ops", "title": f"P{n}", "description": "d", "relation": "child"})
        for n in range(12)
    ]
    desk = await worked(calls(*parts), HOLD, hr_triage=[more, HOLD])

    requests = await desk.all(Request)
    assert len(requests) == 1 + 10 + 10
    assert 10 == len((await desk.request()).links)


async def test_a_linked_request_knows_its_parent() -> None:
    """Both sides of the link are stored, in each relation."""
    opened = call(
        "open_linked_request", workspace="people-ops", title="Contract", description="Draw it up", relation="child"
    )
    desk = await worked(opened, HOLD, hr_triage=[HOLD])

    parent, child = await desk.request(), await desk.request("HR-1001")
    assert ["child"] == [link.relation for link in parent.links]
    assert ["parent"] == [link.relation for link in child.links]
    assert 2 == len(await desk.all(Request))
