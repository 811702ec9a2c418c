"""Approvals: one exact call, decided once by somebody with authority, made once as the next first step."""

import asyncio
from dataclasses import replace
from typing import Literal

import pytest

from bot.approval import Approval
from bot.reply import Reply
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import Script, ScriptedModel, call
from tests.fakes.workforce import COWORKERS, direct, with_coworkers

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


async def test_an_approved_call_is_made_once_as_the_next_runs_first_step() -> None:
    """Exactly the stored call; the model does not repeat it and is told of the result."""
    desk = await at_work(RESET)
    item = await approval(desk)
    assert ("awaiting_approval", []) == ((await desk.request()).status, desk.servers.names())

    await desk.press("sam", "approve", item.id)
    await desk.settle()

    assert ["jumpcloud__reset_password"] == desk.servers.names()
    assert item.call.arguments == desk.servers.made[0].arguments
    assert ("resolved", "approved", "sam") == (
        (await desk.request()).status,
        (await approval(desk)).state,
        (await approval(desk)).decided_by,
    )
    first = next(asked for asked in desk.model.asked if asked.briefing.occasions[0].kind == "approval_decided")
    assert first.briefing.occasions[0].result is not None


async def test_the_decision_takes_the_place_of_the_buttons() -> None:
    """Of a question that is too long for one post, the last part has them."""
    ask = call("request_approval", tool="jumpcloud__reset_password", arguments={"device": "L1"}, reason="word " * 1_500)
    desk = await at_work({"hardware-engineer:assigned": [ask]})
    item = await approval(desk)

    await desk.press("sam", "approve", item.id)
    await desk.settle()

    replies = await desk.all(Reply, kind="card")
    asked = [reply.id for reply in replies if any(button.subject == item.id for button in reply.buttons)]
    assert asked == [reply.replaces for reply in replies if reply.text.startswith("**Approved**")]


async def test_a_denied_call_is_not_made() -> None:
    """The coworker is told and goes on."""
    desk = await at_work(RESET)

    await desk.press("sam", "deny", (await approval(desk)).id)
    await desk.settle()

    assert ([], "denied") == (desk.servers.names(), (await approval(desk)).state)
    assert "resolved" == (await desk.request()).status


@pytest.mark.parametrize("who", ["maria", "bo", "ann"])
async def test_nobody_without_authority_decides(who: str) -> None:
    """Neither the requester, nor another employee, nor an agent of another workspace."""
    desk = await at_work(RESET)

    await desk.press(who, "approve", (await approval(desk)).id)
    await desk.settle()

    assert ([], "waiting") == (desk.servers.names(), (await approval(desk)).state)
    assert len(await desk.events("press.refused")) == 1


async def test_the_first_valid_decision_wins() -> None:
    """Pressed twice, by two agents, in any order: decided once, executed once."""
    desk = await at_work(RESET)
    key = (await approval(desk)).id

    presses: list[tuple[str, Literal["approve", "deny"]]] = [("bo", "deny"), ("sam", "approve"), ("ida", "deny")]
    await asyncio.gather(*(desk.press(who, what, key, direct(who, "1")) for who, what in presses))
    await desk.press("sam", "approve", key)
    await desk.settle()

    assert ("approved", "sam") == ((await approval(desk)).state, (await approval(desk)).decided_by)
    assert ["jumpcloud__reset_password"] == desk.servers.names()


async def test_an_approval_expires() -> None:
    """Nobody decided in time: the call is not made, the coworker goes on, a late press changes nothing."""
    desk = await at_work(RESET)
    item = await approval(desk)
    desk.clock.move_to(item.expires_at)

    await desk.press("sam", "approve", item.id)
    await desk.settle()
    await desk.settle()

    assert ([], "expired") == (desk.servers.names(), (await approval(desk)).state)
    assert "resolved" == (await desk.request()).status


async def test_a_changed_coworker_needs_another_approval() -> None:
    """What was approved was asked by another definition."""
    desk = await at_work(RESET)
    engineer = next(item for item in COWORKERS if item.id == "hardware-engineer")
    desk.workforce = with_coworkers(replace(engineer, version="new"))
    desk.start()

    await desk.press("sam", "approve", (await approval(desk)).id)
    await desk.settle()

    assert [] == desk.servers.names()
    assert "has changed since it was asked" in str(await desk.steps(kind="desk"))


async def test_a_capability_taken_away_is_not_used_by_an_old_approval() -> None:
    """Permission is judged again on the exact call."""
    desk = await at_work(RESET)
    engineer = next(item for item in COWORKERS if item.id == "hardware-engineer")
    desk.workforce = with_coworkers(replace(engineer, grants={"jumpcloud": {"get_device": "allow"}}))
    desk.start()

    await desk.press("sam", "approve", (await approval(desk)).id)
    await desk.settle()

    assert [] == desk.servers.names()


async def test_a_reply_while_an_approval_is_awaited_is_noted() -> None:
    """It changes nothing, is acknowledged, and is read by the run after the decision."""
    desk = await at_work(RESET)

    await desk.say("maria", "Please hurry", to_atom=False)
    await desk.settle()
    assert "awaiting_approval" == (await desk.request()).status
    assert "I've added that" in desk.shown("DMARIA")[-1]

    await desk.press("sam", "approve", (await approval(desk)).id)
    await desk.settle()
    assert "Please hurry" in [said.text for said in desk.model.asked[-1].briefing.said]


async def test_a_request_that_a_human_took_is_not_acted_on_by_an_approval() -> None:
    """The card says so; after handing back it can be approved and is made."""
    desk = await at_work(RESET)
    request, item = await desk.request(), await approval(desk)
    await desk.press("ida", "take_over", request.id, await desk.thread())
    await desk.settle()

    await desk.press("sam", "approve", item.id, await desk.thread())
    await desk.settle()
    assert "waiting" == (await approval(desk)).state
    assert any("hand it back first" in text for text in desk.shown("CIT"))

    await desk.press("ida", "hand_back", request.id, await desk.thread())
    await desk.press("sam", "approve", item.id, await desk.thread())
    await desk.settle()
    assert ["jumpcloud__reset_password"] == desk.servers.names()


async def test_a_decision_while_a_human_holds_the_request_does_not_stop_it_for_ever() -> None:
    """Denied meanwhile, handed back later: the coworker goes on."""
    desk = await at_work(RESET)
    request, item = await desk.request(), await approval(desk)
    await desk.press("ida", "take_over", request.id)
    await desk.press("sam", "deny", item.id)
    await desk.settle()
    assert "in_progress" == (await desk.request()).status

    await desk.press("ida", "hand_back", request.id)
    await desk.settle()

    assert "handed_back" == (await desk.runs())[-1].triggers[0].kind
    assert "on_hold" == (await desk.request()).status
