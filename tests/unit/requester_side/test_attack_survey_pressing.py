"""Somebody who goes on pressing scores must neither flood the accountable nor lose their say at the next resolution."""

from tests.unit.requester_side.test_requester_survey import rated


async def test_pressing_to_and_fro_tells_the_manager_once() -> None:
    """From 1 to 2 and back is still a low score."""
    desk = await rated("1")

    for value in ("2", "1", "2", "1"):
        await desk.press("maria", "rate", (await desk.request()).id, value=value)
        await desk.settle()

    assert 1 == len(desk.shown("ULEAD"))


async def test_the_same_low_score_counts_again_after_the_next_resolution() -> None:
    """It was resolved anew and is still not good."""
    desk = await rated("1")
    await desk.press("maria", "solved", (await desk.request()).id)
    await desk.settle()
    assert "resolved" == (await desk.request()).status

    await desk.press("maria", "rate", (await desk.request()).id, value="1")
    await desk.settle()

    assert "in_progress" == (await desk.request()).status
