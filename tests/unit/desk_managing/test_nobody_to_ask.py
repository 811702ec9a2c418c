"""A colleague who speaks to Atom in a private thread hears something, also when no coworker has the request."""

import pytest

from tests.unit.desk_managing.office_hours import at_rest


@pytest.mark.parametrize(("taken", "answers"), [(True, 1), (False, 0)])
async def test_whoever_asks_where_no_coworker_listens_is_told_what_to_do(taken: bool, answers: int) -> None:  # noqa: FBT001
    """The note is kept either way, and the requester hears nothing of it."""
    desk = await at_rest()
    request = await desk.request()
    if taken:
        await desk.press("sam", "take_over", request.id, where=await desk.thread())
        await desk.settle()
    before = len(desk.shown("DMARIA"))

    await desk.say("sam", "Atom, what do you know of it?", where=await desk.thread(), to_atom=True)
    await desk.settle()

    told = [text for text in desk.shown("CIT") if f"No coworker has {request.number} now" in text]
    assert answers == len(told)
    assert before == len(desk.shown("DMARIA"))
