"""A coworker speaks only for what is its own; and the hop limit is the product's."""

from dataclasses import replace

import pytest

from bot.desk.handoff import HOP_LIMIT
from bot.desk.notes import private_note, public_note
from bot.errors import Refused
from bot.labels import Source, Visibility
from bot.ports import UnitOfWork
from bot.request import Assignee
from tests.fakes.desk import running
from tests.fakes.scripted import ScriptedModel, call


def test_six_hand_offs_between_specialists_are_the_most() -> None:
    """As the product says."""
    assert 6 == HOP_LIMIT


@pytest.mark.parametrize("visibility", list(Visibility))
async def test_a_coworker_says_nothing_about_a_request_that_a_human_holds(visibility: Visibility) -> None:
    """The desk itself refuses, whoever asks it to speak."""
    rest = call("set_status", status="on_hold", reason="a test")
    desk = await running(ScriptedModel(script={"hardware-engineer": [rest]}))
    await desk.open()
    await desk.settle()
    run = (await desk.runs())[0]
    held = replace(await desk.request(), assignee=Assignee(kind="person", id="sam"))
    author = desk.desk.coworker_actor("hardware-engineer", held)

    async def speak(uow: UnitOfWork) -> None:
        if visibility is Visibility.PUBLIC:
            await public_note(uow, desk.desk, held, "Hello", author, cause="x", run=run, source=Source.COLLEAGUE)
        else:
            await private_note(uow, desk.desk, held, "Hello", author, cause="x", run=run)

    with pytest.raises(Refused, match="no longer assigned"):
        await desk.storage.transact(speak)
