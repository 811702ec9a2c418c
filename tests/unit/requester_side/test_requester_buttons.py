"""`This is solved` and `I still need help`: for the requester alone, whatever goes on meanwhile."""

import pytest

from bot.mail import Mail, mailbox_id
from bot.reply import Action, Reply
from bot.turn import Turn
from tests.fakes.scripted import call
from tests.unit.requester_side.arranging import ASK, HOLD, RESOLVE, Interrupted, replies, survey, town, worked


async def test_solved_resolves_and_asks_how_it_went() -> None:
    """On the requester's word, which colleagues are told."""
    desk = await worked(HOLD)

    await desk.press("maria", "solved", (await desk.request()).id)
    await desk.settle()

    assert "resolved" == (await desk.request()).status
    assert (await survey(desk)).text.startswith("Glad to hear it: IT-1001 is resolved.")
    assert any("Maria says that IT-1001 is solved" in text for text in desk.shown("CIT"))


async def test_solved_twice_asks_once() -> None:
    """A press is easily made twice."""
    desk = await worked(HOLD)
    for _ in range(2):
        await desk.press("maria", "solved", (await desk.request()).id)
    await desk.settle()

    assert 1 == sum("How did it go" in text for text in desk.shown("DMARIA"))


async def test_solved_waits_for_requests_that_block() -> None:
    """And she is told which."""
    blocks = call("open_linked_request", workspace="people-ops", title="Badge", description="d", relation="blocks")
    desk = await worked(blocks, HOLD, hr_triage=[HOLD])

    await desk.press("maria", "solved", (await desk.request()).id)
    await desk.settle()

    assert "on_hold" == (await desk.request()).status
    assert "Nothing was done: IT-1001 is resolved after HR-1001." == desk.shown("DMARIA")[-1]


async def test_solved_while_an_approval_is_awaited_is_refused() -> None:
    """The table has no such way."""
    desk = await worked(call("jumpcloud__reset_password", device="L1"))

    await desk.press("maria", "solved", (await desk.request()).id)
    await desk.settle()

    assert "awaiting_approval" == (await desk.request()).status
    assert "cannot be resolved now" in desk.shown("DMARIA")[-1]


async def test_solved_ends_the_work_that_goes_on() -> None:
    """What the tool brought is kept; nothing more is done, said or opened again."""
    servers = Interrupted()
    desk = await worked(HOLD, servers=servers)
    logs, lock = call("jumpcloud__get_device_logs", device="L1"), call("jumpcloud__lock_device", device="L1")
    desk.model.script = {"hardware-engineer": [logs, lock, call("post_public_note", text="Locked.")]}
    request = await desk.request()

    async def solved() -> None:
        await desk.press("maria", "solved", request.id)
        await desk.engine.work(mailbox_id("conversation", request.conversation_id))

    servers.meanwhile = solved
    await desk.say("maria", "It is slow", to_atom=False)
    await desk.settle()

    assert ("resolved", "stopped") == ((await desk.request()).status, (await desk.runs())[-1].state)
    assert ["jumpcloud__get_device_logs"] == desk.servers.names()
    assert "done" == (await desk.steps(kind="tool"))[-1].state
    assert all(mail.taken_by for mail in await desk.all(Mail))


@pytest.mark.parametrize("turn", [ASK, RESOLVE, HOLD])
async def test_help_gets_a_human_wherever_the_request_rests(turn: Turn) -> None:
    """It is open again, with the agents, and both sides are told."""
    desk = await worked(turn)

    await desk.press("maria", "help", (await desk.request()).id)
    await desk.settle()

    request = await desk.request()
    assert ("in_progress", "it-support/agents") == (request.status, request.assignee.id)
    assert any("I still need help" in text for text in desk.shown("CIT"))
    assert "I've asked a colleague" in desk.shown("DMARIA")[-1]


async def test_help_does_not_take_the_request_from_the_human_who_has_it() -> None:
    """They are told, and so is Maria."""
    desk = await worked(HOLD)
    await desk.press("sam", "take_over", (await desk.request()).id, where=await desk.thread())
    await desk.settle()

    await desk.press("maria", "help", (await desk.request()).id)
    await desk.settle()

    assert "sam" == (await desk.request()).assignee.id
    assert "is with a colleague already" in desk.shown("DMARIA")[-1]
    assert "reply:" in desk.shown("CIT")[-1]


async def test_help_for_what_is_over_says_how_it_goes_on() -> None:
    """A closed request stays closed."""
    desk = await worked(RESOLVE)
    desk.clock.advance(8 * 24 * 3600)
    await desk.settle()

    await desk.press("maria", "help", (await desk.request()).id)
    await desk.settle()

    assert "closed" == (await desk.request()).status
    assert "write here and I'll open a new one" in desk.shown("DMARIA")[-1]


@pytest.mark.parametrize("action", ["solved", "help"])
async def test_nobody_else_can_press(action: Action) -> None:
    """Nothing changes, the attempt is kept, and the presser alone is told, with nothing of the request."""
    desk = await worked(HOLD)
    before = await desk.request()

    await desk.press("bo", action, before.id, where=town())
    await desk.settle()

    assert before == await desk.request()
    assert 1 == len(await desk.events("press.refused"))
    told = [item.text for item in await replies(desk, "slack:T1:CTOWN:aside:UBO")]
    assert ["Nothing was done: only the one who asked for it can do that."] == told
    assert [] == await replies(desk, town().id)


async def test_a_press_for_a_request_that_does_not_exist_is_refused_the_same() -> None:
    """Nobody learns which requests there are."""
    desk = await worked(HOLD)

    await desk.press("bo", "solved", "nonsense")
    await desk.settle()

    told = [item.text for item in await desk.all(Reply, conversation_id="slack:T1:DBO:1")]
    assert ["Nothing was done: only the one who asked for it can do that."] == told
