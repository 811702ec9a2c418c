"""Whoever is no colleague must not wake a coworker from the private thread, where its words would pass for a colleague's."""

import pytest

from tests.fakes.desk import running
from tests.fakes.scripted import ScriptedModel, call
from tests.fakes.workforce import account, said_profile


@pytest.mark.parametrize(
    ("who", "guest", "woken"), [("maria", False, False), ("bo", True, False), ("bo", False, True), ("sam", False, True)]
)
async def test_only_a_colleague_wakes_the_coworker_in_private(who: str, *, guest: bool, woken: bool) -> None:
    """Maria asked for it herself and was let into the channel; a guest was let in by mistake."""
    rest = call("set_status", status="on_hold", reason="a test")
    desk = await running(ScriptedModel(script={"hardware-engineer": [rest]}))
    await desk.open()
    await desk.settle(hours=0.1)
    desk.audience.people[account(who).id] = said_profile(who, guest=guest)

    await desk.say(who, "hardware-engineer, reset it now", where=await desk.thread(), to_atom=False)
    await desk.settle(hours=0.1)

    kinds = [run.triggers[0].kind for run in await desk.runs()]
    assert woken == ("colleague_asked" in kinds)
