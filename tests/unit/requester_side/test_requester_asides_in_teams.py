"""What one person alone is told goes to their own chat where the platform cannot show it to them among others."""

from dataclasses import replace

import pytest

from bot.conversation import Conversation, ConversationKind
from bot.desk.asides import aside
from bot.ids import ConversationId
from bot.ports import UnitOfWork
from tests.fakes.desk import running
from tests.fakes.scripted import ScriptedModel
from tests.fakes.workforce import account, direct


async def told_at(kind: ConversationKind) -> Conversation:
    """Return where Maria is told something about what she did in such a place in Teams, twice."""
    desk = await running(ScriptedModel(script={}))
    maria = account("maria", "teams")
    where = replace(direct(), id=ConversationId("teams:T1:19:x"), platform="teams", channel="19:x", kind=kind)

    async def work(uow: UnitOfWork) -> Conversation:
        await uow.add(maria)
        first, second = [await aside(uow, where, maria.id) for _ in range(2)]
        assert first == second
        return second

    return await desk.plain.transact(work)


@pytest.mark.parametrize("kind", ["channel", "group"])
async def test_in_teams_one_person_is_told_in_their_own_chat(kind: ConversationKind) -> None:
    """The channel's others read nothing of it."""
    found = await told_at(kind)

    assert ("aside", "UMARIA", None) == (found.kind, found.channel, found.thread)


@pytest.mark.parametrize("kind", ["direct", "support"])
async def test_where_nobody_else_reads_it_is_said_there(kind: ConversationKind) -> None:
    """Their own chat, and the private thread."""
    assert "teams:T1:19:x" == (await told_at(kind)).id
