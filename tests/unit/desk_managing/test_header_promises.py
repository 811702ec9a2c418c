"""What the header says of what was promised: due, in time, or late, without anybody touching the request."""

from dataclasses import replace
from datetime import timedelta

from bot.clock.due import fire_due
from bot.desk.changing import keep
from bot.desk.managing import set_priority
from bot.timer import Timer
from tests.fakes.workforce import PEOPLE
from tests.unit.desk_managing.office_hours import at_rest, set_to, shown, true_headers

SAM = next(item for item in PEOPLE if item.id == "sam")


async def test_a_promise_that_passes_is_said_to_be_late() -> None:
    """A timer looks at it; nobody has to touch the request."""
    desk = await at_rest()
    assert "First response: due" in await shown(desk)

    desk.clock.move_to(desk.clock.now() + timedelta(hours=2))
    await fire_due(desk.plain, desk.desk)
    await desk.settle()

    assert "First response: late" in await shown(desk)
    await true_headers(desk)


async def test_an_answer_in_time_keeps_the_promise() -> None:
    """The first public note by somebody else than the requester counts, and it is not forgotten."""
    desk = await at_rest()

    await desk.say("maria", "hello?")
    await desk.settle()
    assert (await desk.request()).responded_at is None
    await desk.say("sam", "reply: I am on it.", where=await desk.thread(), to_atom=False)
    await desk.settle()
    answered = (await desk.request()).responded_at
    await set_to(desk, "resolved")
    await desk.settle()

    assert answered is not None
    assert answered == (await desk.request()).responded_at
    assert "First response: in time" in await shown(desk)
    assert {"cancelled"} == {item.state for item in await desk.all(Timer) if item.name == "sla"}


async def test_another_priority_promises_something_else() -> None:
    """The timers go with it."""
    desk = await at_rest()
    request = await desk.request()

    await desk.plain.transact(lambda uow: set_priority(uow, desk.desk, request, "urgent", SAM, cause="1"))

    timers = {item.subject: item for item in await desk.all(Timer) if item.name == "sla"}
    assert "cancelled" == timers["resolve"].state
    assert request.opened_at + timedelta(minutes=15, seconds=1) == timers["respond"].due_at


async def test_that_it_was_answered_survives_a_change_by_somebody_who_did_not_know() -> None:
    """The request is changed as it was read before the answer."""
    desk = await at_rest()
    before = await desk.request()
    await desk.say("sam", "reply: I am on it.", where=await desk.thread(), to_atom=False)
    await desk.settle()

    await desk.plain.transact(lambda uow: keep(uow, desk.desk, replace(before, title="Very slow laptop")))
    await desk.settle()

    after = await desk.request()
    assert ("Very slow laptop", True) == (after.title, after.responded_at is not None)
    assert "Very slow laptop" in await shown(desk)
    await true_headers(desk)
