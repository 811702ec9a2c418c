"""What coworkers remember serves whom it is about, until it expires."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk.remembering import KEPT, recall, remember
from bot.ids import CoworkerId, PersonId
from bot.labels import Source
from bot.memory import MemoryScope
from bot.request import Request
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel
from tests.fakes.workforce import HR

ENGINEER, OTHER = CoworkerId("hardware-engineer"), CoworkerId("leave-specialist")


async def remembering(scope: MemoryScope) -> tuple[RunningDesk, Request]:
    """Return a desk on which the hardware engineer remembers something from Maria's request."""
    desk = await running(ScriptedModel(script={}))
    request = await desk.open()
    await desk.plain.transact(
        lambda uow: remember(
            uow,
            desk.desk,
            request,
            ENGINEER,
            fact="Prefers mornings.",
            scope=scope,
            source=Source.REQUESTER,
            cause="1",
        )
    )
    return desk, request


async def recalled(desk: RunningDesk, request: Request, coworker: CoworkerId) -> list[str]:
    return await desk.plain.transact(lambda uow: recall(uow, desk.desk, coworker, request, "mornings"))


@pytest.mark.parametrize(
    ("scope", "known"),
    [
        ("person", (True, True, False)),
        ("coworker", (True, False, True)),
        ("workspace", (True, False, True)),
    ],
)
async def test_a_memory_serves_whom_it_is_about(scope: MemoryScope, known: tuple[bool, bool, bool]) -> None:
    """The same request; the same person with another coworker elsewhere; another person with the same coworker."""
    desk, request = await remembering(scope)
    elsewhere = replace(request, workspace=HR)
    another = replace(request, requester=PersonId("bo"))

    found = (
        bool(await recalled(desk, request, ENGINEER)),
        bool(await recalled(desk, elsewhere, OTHER)),
        bool(await recalled(desk, another, ENGINEER)),
    )

    assert known == found


async def test_what_has_expired_is_not_recalled() -> None:
    """However long the request itself has rested."""
    desk, request = await remembering("person")

    desk.clock.advance((KEPT + timedelta(seconds=1)).total_seconds())

    assert [] == await recalled(desk, request, ENGINEER)
