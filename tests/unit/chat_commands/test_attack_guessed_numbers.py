"""Guessing numbers: an agent of another workspace must not learn which exist, nor where they have moved."""

from dataclasses import replace

import pytest

from tests.fakes.workforce import HR
from tests.unit.chat_commands.chat import opened
from tests.unit.chat_commands.test_commands_working import WORKING


@pytest.mark.parametrize("typed", WORKING)
async def test_a_number_of_another_team_is_refused_alike_whether_it_exists(typed: str) -> None:
    """Ann works in Security; the refusal names the team that the number tells, and that she may ask."""
    desk = await opened()

    existing = await desk.ask("ann", typed)
    invented = await desk.ask("ann", typed.replace("IT-1001", "IT-4711"))

    assert existing == invented
    assert "agents of IT Support" in existing


async def test_where_a_request_has_gone_is_not_told_to_other_teams() -> None:
    """That a colleague's matter went to People Ops is nobody else's business."""
    desk = await opened()
    moved = replace(await desk.request(), workspace=HR)
    await desk.plain.transact(lambda uow: uow.put(moved))

    answers = [await desk.ask("ann", f"{word} IT-1001") for word in ("take", "resolve", "status")]

    assert not [text for text in answers if "People Ops" in text]
    assert "People Ops" in await desk.ask("sam", "take IT-1001")


@pytest.mark.parametrize("number", ["IT-1001", "IT-4711"])
async def test_what_a_request_of_another_team_costs_is_refused_alike(number: str) -> None:
    """Hal leads People Ops."""
    desk = await opened()

    assert "workspace admins of IT Support" in await desk.ask("hal", f"budget {number}")


async def test_an_admin_is_told_what_a_request_costs_that_came_to_them() -> None:
    """It keeps its number when it moves."""
    desk = await opened()
    moved = replace(await desk.request(), workspace=HR)
    await desk.plain.transact(lambda uow: uow.put(moved))

    assert "**IT-1001** has spent" in await desk.ask("hal", "budget IT-1001")
