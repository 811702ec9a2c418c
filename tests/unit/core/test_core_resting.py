"""Requests that rest: on hold they are looked at again, and a time-out respects what blocks them."""

from datetime import timedelta

from bot.timer import Timer
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel, call, silent

REST = call("set_status", status="on_hold", reason="waiting for the supplier")


async def resting(**script: object) -> RunningDesk:
    """Return a desk on which the hardware engineer has put Maria's request on hold."""
    written = {"hardware-engineer:assigned": [REST], "hardware-engineer:timer_fired": [REST], **script}
    desk = await running(ScriptedModel(script=written))  # type: ignore[arg-type]  # the test's own keywords
    await desk.open()
    await desk.settle()
    return desk


async def test_a_request_on_hold_is_looked_at_again() -> None:
    """After three days its coworker is woken, and may let it rest once more."""
    desk = await resting()

    desk.clock.advance(timedelta(days=3, minutes=1).total_seconds())
    await desk.settle()

    kinds = [run.triggers[-1].kind for run in await desk.runs()]
    assert ["assigned", "timer_fired"] == kinds
    assert ("on_hold", "set") == (
        (await desk.request()).status,
        next(timer.state for timer in await desk.all(Timer) if timer.name == "look_again"),
    )


async def test_a_request_that_its_coworker_has_nothing_to_say_about_goes_to_a_human() -> None:
    """It does not rest for ever."""
    desk = await resting(**{"hardware-engineer:timer_fired": [silent()]})

    desk.clock.advance(timedelta(days=3, minutes=1).total_seconds())
    await desk.settle()

    assert "it-support/agents" == (await desk.request()).assignee.id


async def test_colleagues_read_why_a_request_waits() -> None:
    """The reason of a status reaches the private thread, and nobody else."""
    desk = await resting()

    assert any("waiting for the supplier" in text for text in desk.shown("CIT"))
    assert not any("supplier" in text for text in desk.shown("DMARIA"))
