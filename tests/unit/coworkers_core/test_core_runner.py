"""Runs with models and tools that misbehave: each fault is answered in the right place, and nothing is done twice."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.approval import Approval
from bot.errors import PermanentError, TemporaryError
from bot.labels import Visibility
from bot.spending import Spending
from bot.turn import Call, CallResult, Turn
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import Answer, ScriptedModel, call, calls, silent
from tests.fakes.tools import Lost, Reaction, WrittenServers
from tests.fakes.workforce import direct

HOLD = call("set_status", status="on_hold", reason="a test")
LOCK = call("jumpcloud__lock_device", device="L1")


async def worked(
    *turns: Answer, second: Sequence[Turn] = (), hours: float = 3.0, **reactions: list[Reaction]
) -> RunningDesk:
    """Return a desk on which the hardware engineer has worked Maria's request with these turns."""
    servers = WrittenServers(reactions={f"jumpcloud__{name}": list(said) for name, said in reactions.items()})
    other = ScriptedModel(script={"hardware-engineer": second}) if second else None
    desk = await running(ScriptedModel(script={"hardware-engineer": turns}), servers=servers, second=other)
    await desk.open()
    await desk.settle(hours=hours)
    return desk


async def refusals(desk: RunningDesk) -> list[str]:
    """Return what the model was told of calls that were not made."""
    return [step.result.text for step in await desk.steps(kind="desk") if step.result and step.result.error]


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("no_such_tool", {}, "is not among your tools"),
        ("", {}, "is not among your tools"),
        ("jumpcloud", {}, "is not among your tools"),
        ("jumpcloud__no_such", {"device": "L1"}, "is not among your tools"),
        ("jumpcloud__launch_rocket", {"device": "L1"}, "is not among your tools"),
        ("endpoint__get", {}, "is not among your tools"),
        ("answer", {"text": "x", "citations": []}, "is not among your tools"),
        ("jumpcloud__get_device", {}, "'device' is a required property"),
        ("jumpcloud__get_device", {"device": 7}, "argument device"),
        ("jumpcloud__get_device", {"device": "L1", "sudo": True}, "sudo"),
        ("post_public_note", {"text": ""}, "was not carried out"),
        ("post_public_note", {"text": "x", "to": "CTOWN"}, "was not carried out"),
        ("post_public_note", {"note": "x"}, "was not carried out"),
        ("set_status", {"status": "closed", "reason": "x"}, "was not carried out"),
        ("read_skill", {"name": "vpn"}, "You have no skill"),
        ("open_linked_request", {"workspace": "Moon", "title": "t", "description": "d", "relation": "child"}, "Moon"),
        ("request_approval", {"tool": "jumpcloud__x", "arguments": {}, "reason": "x"}, "is not among your tools"),
        ("remember", {"fact": "x", "scope": "everybody"}, "was not carried out"),
    ],
)
async def test_a_wrong_call_is_explained_and_changes_nothing(
    name: str, arguments: dict[str, object], said: str
) -> None:
    """The model reads why; nobody else is told anything."""
    desk = await worked(calls((name, arguments)), HOLD)

    assert said in (await refusals(desk))[0]
    assert [] == desk.servers.made
    assert "on_hold" == (await desk.request()).status


async def test_a_refused_call_undoes_itself_alone() -> None:
    """What the same turn did before and after it stands once."""
    desk = await worked(
        calls(
            ("post_public_note", {"text": "one"}),
            ("hand_off", {"to": "nobody at all", "reason": "x"}),
            ("post_public_note", {"text": "two"}),
        ),
        HOLD,
    )

    assert ["one", "two"] == await desk.notes(Visibility.PUBLIC)


async def test_calls_with_one_id_cannot_be_told_apart() -> None:
    """The turn is asked for again, and given up when it stays so: no call of it is made."""
    twice = Turn(calls=(Call(id="a", name="resolve"), Call(id="a", name="resolve")), stop="tool_use", model="m")

    desk = await worked(twice)

    assert ([], "it-support/agents") == (await desk.steps(kind="desk"), (await desk.request()).assignee.id)


async def test_an_id_of_an_earlier_turn_is_not_taken_for_its_answer() -> None:
    """A model that numbers its calls anew each turn is given up to a human instead of skipping calls."""
    same = Turn(calls=(Call(id="a", name="recall", arguments={"query": "x"}),), stop="tool_use", model="m")

    desk = await worked(same, same)

    assert 1 == len(await desk.steps(kind="desk"))
    assert "it-support/agents" == (await desk.request()).assignee.id


async def test_text_beside_calls_is_never_posted() -> None:
    """Only notes are."""
    desk = await worked(replace(HOLD, text="My secret reasoning."), silent("More reasoning."))

    everything = [posted.text for posted in desk.messenger.posts]
    assert not any("reasoning" in text for text in everything)


async def test_a_tool_that_is_away_is_not_offered() -> None:
    """The coworker works with what is left; the others' tools are not named."""
    servers = WrittenServers(away={"jumpcloud"})
    desk = await running(ScriptedModel(script={"hardware-engineer": [LOCK, HOLD]}), servers=servers)
    await desk.open()

    await desk.settle()

    assert not any(name.startswith("jumpcloud") for name in desk.model.asked[0].offered)
    assert "on_hold" == (await desk.request()).status


async def test_only_granted_tools_are_offered() -> None:
    """Nothing quarantined, nothing of the front door's; a coworker without grants is offered the desk only."""
    desk = await worked(call("hand_off", to="leave-specialist", reason="x"))

    offered = desk.model.asked[0].offered
    assert "jumpcloud__get_device" in offered
    assert not {"jumpcloud__launch_rocket", "open_request", "say"} & offered
    assert not any("__" in name for asked in desk.model.asked[1:] for name in asked.offered)


@pytest.mark.parametrize("capability", ["wipe_device", "reset_password"])
async def test_what_destroys_or_must_be_asked_waits_for_a_human(capability: str) -> None:
    """Even where the grant says that it is allowed."""
    desk = await worked(call(f"jumpcloud__{capability}", device="L1"))

    assert [] == desk.servers.made
    assert "awaiting_approval" == (await desk.request()).status
    assert any("exactly this call" in text and "L1" in text for text in desk.shown("CIT"))


async def test_who_has_read_outsiders_and_private_data_needs_a_human_to_act() -> None:
    """The rule of two; reading goes on."""
    desk = await worked(
        call("jumpcloud__read_mail", device="L1"),
        call("jumpcloud__get_device_logs", device="L1"),
        call("jumpcloud__get_device", device="L1"),
        LOCK,
    )

    assert "jumpcloud__lock_device" not in desk.servers.names()
    assert "awaiting_approval" == (await desk.request()).status


async def test_an_error_of_a_tool_is_a_result() -> None:
    """The model reads it and goes on."""
    failed = CallResult(call_id="x", text="No such device.", error=True)

    desk = await worked(call("jumpcloud__get_device", device="L1"), HOLD, get_device=[failed])

    exchange = desk.model.asked[1].transcript[0]
    assert [("No such device.", True)] == [(result.text, result.error) for result in exchange.results]


@pytest.mark.parametrize("error", [TemporaryError("Away."), PermanentError("The key is wrong.")])
async def test_a_call_that_surely_did_not_happen_is_told_to_the_model(error: TemporaryError | PermanentError) -> None:
    """It may go another way."""
    desk = await worked(LOCK, HOLD, lock_device=[error])

    assert str(error) in desk.model.asked[1].transcript[0].results[0].text
    assert "on_hold" == (await desk.request()).status


async def test_an_act_whose_answer_is_lost_goes_to_a_human() -> None:
    """It is not repeated, and the human is told what to look at."""
    desk = await worked(LOCK, HOLD, lock_device=[Lost(error=TemporaryError("Cut off.", maybe_done=True))])

    assert 1 == len(desk.servers.made)
    assert any("jumpcloud__lock_device" in text and "not known" in text for text in desk.shown("CIT"))
    assert 1 == len(desk.model.asked)


async def test_a_repeatable_act_whose_answer_is_lost_may_be_repeated() -> None:
    """The model is told that it may have been done."""
    lost = Lost(error=TemporaryError("Cut off.", maybe_done=True))

    desk = await worked(call("jumpcloud__tag_device", device="L1"), HOLD, tag_device=[lost])

    assert "It may have been done" in desk.model.asked[1].transcript[0].results[0].text


async def test_the_idempotency_key_is_the_same_for_the_same_step() -> None:
    """So a server can tell a repetition from a second wish."""
    desk = await worked(call("jumpcloud__tag_device", device="L1"), HOLD)

    step = (await desk.steps(kind="tool"))[0]
    assert [step.id] == [made.key for made in desk.servers.made]


async def test_another_brain_does_not_repeat_what_the_first_has_done() -> None:
    """It goes on for the same triggers, and is refused the very call that acted already."""
    gone = PermanentError("The key was revoked.")

    desk = await worked(LOCK, gone, second=[LOCK, HOLD])

    assert ["jumpcloud__lock_device"] == desk.servers.names()
    assert "was done already" in (await refusals(desk))[0]
    assert "on_hold" == (await desk.request()).status


async def test_another_brain_does_not_make_an_approved_call_again() -> None:
    """The first made it and failed afterwards."""
    first = ScriptedModel(
        script={
            "hardware-engineer:assigned": [call("jumpcloud__reset_password", device="L1")],
            "hardware-engineer:approval_decided": [PermanentError("The key was revoked.")],
        }
    )
    second = ScriptedModel(script={"hardware-engineer": [HOLD]})
    desk = await running(first, second=second)
    await desk.open()
    await desk.settle()

    await desk.press("sam", "approve", (await desk.all(Approval))[0].id)
    await desk.settle()

    assert ["jumpcloud__reset_password"] == desk.servers.names()
    assert "on_hold" == (await desk.request()).status


async def test_a_model_that_fails_again_and_again_gives_up_what_it_reserved() -> None:
    """The request's account holds nothing for a call whose answer will never come."""
    desk = await worked(*[TemporaryError("overloaded")] * 30)

    assert "it-support/agents" == (await desk.request()).assignee.id
    assert {0} == {account.reserved_tokens for account in await desk.all(Spending)}


async def test_what_the_requester_writes_meanwhile_reaches_the_run() -> None:
    """At its next turn, once."""
    desk = await running(ScriptedModel(script={"hardware-engineer": [call("recall", query="x"), HOLD]}))
    await desk.open()

    async def write() -> None:
        await desk.say("maria", "It is the silver one", to_atom=False)
        await desk.engine.work(f"conversation:{direct().id}")  # type: ignore[arg-type]

    desk.model.meanwhile = write
    await desk.settle()

    assert ["Meanwhile Maria wrote: It is the silver one"] == list(desk.model.asked[1].transcript[0].news)
    assert 1 == len(await desk.runs())


async def test_what_is_recalled_is_recalled_in_confidence() -> None:
    """It may have been learnt from somebody else's request."""
    desk = await worked(
        calls(
            ("remember", {"fact": "prefers the phone", "scope": "person"}),
            ("recall", {"query": "phone"}),
        ),
        HOLD,
    )

    results = desk.model.asked[1].transcript[0].results
    assert "- prefers the phone" == results[1].text
    assert Visibility.PRIVATE == results[1].visibility
