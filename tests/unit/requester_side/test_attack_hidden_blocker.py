"""A requester who presses *solved* must not learn of other people's requests that theirs is blocked by."""

from dataclasses import replace

from bot.ids import PersonId
from bot.ports import UnitOfWork
from bot.request import Link, Request
from tests.fakes.desk import RunningDesk
from tests.fakes.workforce import SEC
from tests.unit.requester_side.arranging import worked


async def investigated(desk: RunningDesk) -> Request:
    """Block Maria's request by one of Security that is not hers; return the latter."""
    await desk.open(workspace=SEC, to="security-specialist", text="Watch Maria.")

    async def work(uow: UnitOfWork) -> None:
        mine, theirs = (await uow.find(Request, number="IT-1001"))[0], (await uow.find(Request, number="SEC-1001"))[0]
        await uow.put(replace(mine, links=(Link(request_id=theirs.id, relation="blocked_by"),)))
        await uow.put(replace(theirs, requester=PersonId("ann"), author=PersonId("ann")))

    await desk.plain.transact(work)
    return await desk.request("SEC-1001")


async def test_solved_does_not_name_requests_of_others() -> None:
    """Its number says already that Security works on something about her."""
    desk = await worked()
    theirs = await investigated(desk)
    before = len(desk.shown("DMARIA"))

    await desk.press("maria", "solved", (await desk.request()).id)
    await desk.settle()

    told = desk.shown("DMARIA")[before:]
    assert not [text for text in told if theirs.number in text and "Nothing was done" in text]
    assert "Nothing was done: IT-1001 cannot be resolved yet" in told[-1]
    assert "resolved" != (await desk.request()).status
