"""A workspace that is taken out of the folder leaves no request behind."""

from dataclasses import replace

from bot.desk.orphans import take_in_orphans
from bot.ids import WorkspaceId
from bot.ports import UnitOfWork
from bot.request import Request
from tests.fakes.desk import running
from tests.fakes.scripted import ScriptedModel, call


async def test_a_request_of_a_workspace_that_is_gone_comes_to_the_default_ones_agents() -> None:
    """It keeps its number, and a card says why it came."""
    rest = call("set_status", status="on_hold", reason="a test")
    desk = await running(ScriptedModel(script={"hardware-engineer": [rest]}))
    await desk.open()
    await desk.settle()
    stored = await desk.request()

    async def lose(uow: UnitOfWork) -> None:
        await uow.put(replace(stored, workspace=WorkspaceId("gone")))

    await desk.storage.transact(lose)

    assert ["IT-1001"] == await take_in_orphans(desk.storage, desk.desk)
    await desk.settle()

    found = (await desk.all(Request))[0]
    assert ("IT-1001", "it-support", "it-support/agents") == (found.number, found.workspace, found.assignee.id)
    assert any("no longer in the workforce folder" in text for text in desk.shown("CIT"))
    assert [] == await take_in_orphans(desk.storage, desk.desk)
