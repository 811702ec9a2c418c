"""A message that was worked and is deleted afterwards: colleagues are told, and nobody takes that for an answer."""

from bot.run import Run
from tests.fakes.desk import running
from tests.fakes.scripted import ScriptedModel, call
from tests.unit.desk.test_amending import notes, opening, send


async def test_the_deletion_of_a_worked_message_answers_nothing() -> None:
    """The request that it led to goes on waiting, and its coworker is not given the deletion to judge."""
    script = {
        "atom": [call("open_request", title="Slow", description="Slow.", workspace="it-support")],
        "it-triage": [call("hand_off", to="hardware-engineer", reason="Hardware.")],
        "hardware-engineer": [call("ask_requester", question="Which?")],
    }
    desk = await running(ScriptedModel(script=script))
    await send(desk, "slow laptop", "1")
    await desk.settle()
    runs = len(await desk.all(Run))

    await send(desk, "", "1", kind="deleted")
    await desk.settle()

    request = await desk.request()
    assert "(deleted a message)" in await notes(desk, request)
    assert ("pending", runs) == (request.status, len(await desk.all(Run)))


async def test_a_deleted_message_that_is_restored_is_told_with_its_words() -> None:
    """Restoring comes as an edit: colleagues read that it was deleted, and then what it says."""
    desk = await running(opening("Slow laptop"))
    await send(desk, "slow laptop", "1")
    await desk.settle()

    for kind, text in (("deleted", ""), ("edited", "slow laptop")):
        await send(desk, text, "1", kind="deleted" if kind == "deleted" else "edited")
        await desk.settle()

    told = await notes(desk, await desk.request())
    assert ["(deleted a message)", "(edited) slow laptop"] == [text for text in told if text.startswith("(")]
