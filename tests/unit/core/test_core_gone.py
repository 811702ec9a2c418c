"""What happens to requests whose coworker or workspace is no longer in the workforce after a restart."""

from dataclasses import replace

import pytest

from bot.mail import mailbox_id
from bot.request import Assignee
from bot.timer import Timer
from tests.fakes.desk import RunningDesk, running
from tests.fakes.messenger import Killed
from tests.fakes.scripted import ScriptedModel, call
from tests.fakes.workforce import COWORKERS, HR, WORKFORCE


async def asking() -> RunningDesk:
    """Return a desk all of whose coworkers ask the requester."""
    ask = call("ask_requester", question="Which one?")
    return await running(ScriptedModel(script={item.id: [ask] for item in COWORKERS}))


async def test_a_run_whose_coworker_is_gone_ends_with_a_human() -> None:
    """The process dies in the middle of the run and starts with a workforce that lacks the coworker."""
    desk = await asking()
    request = await desk.open()
    desk.fuse.at = 5
    with pytest.raises(Killed):
        await desk.engine.work(mailbox_id("request", request.id))
    kept = {key: item for key, item in WORKFORCE.coworkers.items() if key != "hardware-engineer"}
    desk.workforce = replace(WORKFORCE, coworkers=kept)
    desk.start()

    await desk.settle()

    assert "before a model call" == desk.fuse.where
    assert Assignee(kind="group", id="it-support/agents") == (await desk.request()).assignee
    assert ["failed"] == [run.state for run in await desk.runs()]
    assert any("needs a human" in text for text in desk.shown("CIT"))


async def test_a_timer_that_cannot_be_fired_holds_up_no_other() -> None:
    """It is put off; the timers behind it fire on time."""
    desk = await asking()
    await desk.open(to="leave-specialist", workspace=HR)
    await desk.settle()
    await desk.open()
    await desk.settle()
    kept = {key: item for key, item in WORKFORCE.workspaces.items() if key != HR}
    desk.workforce = replace(WORKFORCE, workspaces=kept)
    desk.start()
    desk.clock.advance(4 * 24 * 3600)

    await desk.settle()

    assert ("pending", "resolved") == ((await desk.request("HR-1001")).status, (await desk.request()).status)
    assert ["set"] == [timer.state for timer in await desk.all(Timer, name="resolve", state="set")]
