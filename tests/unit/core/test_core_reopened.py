"""Whoever says that it is not solved after all hears that somebody has it."""

from dataclasses import replace

from bot.conversation import Conversation
from bot.desk.managing import resolve_by
from bot.person import Person
from bot.ports import UnitOfWork
from bot.request import Request
from tests.fakes.desk import running
from tests.fakes.scripted import ScriptedModel
from tests.fakes.workforce import direct


async def test_a_reply_to_what_a_human_resolved_is_answered() -> None:
    """Sam resolved it; nobody else would say anything to Maria, who writes in its thread."""
    desk = await running(ScriptedModel(script={}))
    request = await desk.open()

    async def work(uow: UnitOfWork) -> None:
        sam, mine = await uow.get(Person, "sam"), await uow.get(Request, request.id)
        where = await uow.get(Conversation, request.conversation_id)
        assert sam is not None
        assert mine is not None
        assert where is not None
        await uow.put(replace(where, thread="1"))
        await resolve_by(uow, desk.desk, mine, "It is mended.", sam, cause="test")

    await desk.plain.transact(work)
    await desk.say("maria", "It flickers again!", where=replace(direct(), thread="1"))
    await desk.settle()

    assert ["I've opened IT-1001 again. A colleague has it and reads this."] == (await desk.told())[-1:]
    assert (await desk.request()).status == "in_progress"
