"""Runs that would go on for ever, or too far, are stopped."""

from collections.abc import Sequence
from dataclasses import replace

from bot.labels import Visibility
from bot.turn import Turn
from coworkers.ledger import CALLS, MODEL_CALLS
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import Answer, ScriptedModel, call, calls
from tests.fakes.tools import Reaction, WrittenServers
from tests.fakes.workforce import COWORKERS, with_coworkers

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


async def test_a_model_that_never_ends_is_stopped() -> None:
    """With ever new calls, after so many turns; a human is asked and told why."""
    model = ScriptedModel(script=lambda _, transcript, __: call("recall", query=f"q{len(transcript)}"))
    desk = await running(model)
    await desk.open()

    await desk.settle()

    assert MODEL_CALLS == len(model.asked)
    assert any("model calls without an outcome" in text for text in desk.shown("CIT"))


async def test_a_model_that_repeats_itself_is_stopped() -> None:
    """The same call is answered three times, then refused, then the run is over."""
    desk = await running(ScriptedModel(script=lambda *_: call("jumpcloud__get_device", device="L1")))
    await desk.open()

    await desk.settle()

    assert 3 == len(desk.servers.made)
    assert "it-support/agents" == (await desk.request()).assignee.id


async def test_a_flood_in_one_turn_is_stopped() -> None:
    """Five hundred notes in one turn are not five hundred posts."""
    desk = await worked(calls(*(("post_public_note", {"text": f"note number {n}"}) for n in range(500))))

    assert CALLS == len(await desk.notes(Visibility.PUBLIC))
    assert "it-support/agents" == (await desk.request()).assignee.id


async def test_five_tool_steps_since_a_skill_was_read() -> None:
    """The sixth is refused until a skill is read; reading one begins anew."""
    looks = [("jumpcloud__get_device", {"device": f"L{n}"}) for n in range(6)]
    skill = ("read_skill", {"name": "slow-laptop-diagnosis"})

    desk = await worked(calls(*looks, skill, looks[5]), HOLD)

    assert 6 == len(desk.servers.made)
    assert ["5 tool steps were made"] == [text[:22] for text in await refusals(desk)]


async def test_the_ceiling_of_a_runs_tool_calls_holds() -> None:
    """Eight by default, skills or not."""
    looks = [("jumpcloud__get_device", {"device": f"L{n}"}) for n in range(12)]
    engineer = replace(next(item for item in COWORKERS if item.id == "hardware-engineer"), skills=())
    desk = await running(
        ScriptedModel(script={"hardware-engineer": [calls(*looks), HOLD]}), workforce=with_coworkers(engineer)
    )
    await desk.open()

    await desk.settle()

    assert 8 == len(desk.servers.made)
    assert all("ceiling of 8 tool calls" in text for text in await refusals(desk))
