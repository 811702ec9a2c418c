"""An agent who asks for something is a requester there, whatever their role: others decide about it."""

from dataclasses import replace

import pytest

from bot.approval import Approval
from bot.ids import PersonId
from bot.ports import UnitOfWork
from tests.fakes.desk import running
from tests.fakes.scripted import ScriptedModel, call
from tests.fakes.workforce import direct

RESET = {"hardware-engineer": [call("jumpcloud__reset_password", device="L1")]}


@pytest.mark.parametrize("role", ["requester", "author"])
async def test_nobody_approves_what_they_asked_for(role: str) -> None:
    """Neither for themselves nor as the one who wrote it for somebody else."""
    desk = await running(ScriptedModel(script=RESET))
    await desk.open()
    await desk.settle()
    stored = await desk.request()
    sams = replace(stored, **{role: PersonId("sam")})  # type: ignore[arg-type]  # one of two fields of the same type

    async def give(uow: UnitOfWork) -> None:
        await uow.put(sams)

    await desk.storage.transact(give)
    item = (await desk.all(Approval))[-1]

    await desk.press("sam", "approve", item.id, direct("sam", "1"))
    await desk.settle()

    assert ("waiting", []) == ((await desk.all(Approval))[-1].state, desk.servers.names())


async def test_nobody_takes_over_their_own_request() -> None:
    """Somebody else in the team must work on it."""
    desk = await running(ScriptedModel(script=RESET))
    await desk.open()
    await desk.settle()
    sams = replace(await desk.request(), requester=PersonId("sam"))

    async def give(uow: UnitOfWork) -> None:
        await uow.put(sams)

    await desk.storage.transact(give)

    await desk.press("sam", "take_over", sams.id, direct("sam", "1"))
    await desk.settle()

    assert "hardware-engineer" == (await desk.request()).assignee.id
