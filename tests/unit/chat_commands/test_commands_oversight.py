"""What admins are shown, and that what they switch holds whatever else happens."""

from dataclasses import replace

import pytest

from bot.approval import Approval
from bot.ids import CoworkerId, PersonId
from bot.request import Request
from bot.spending import Limits, Spending
from bot.switch import Switch
from tests.fakes.scripted import ScriptedModel, call
from tests.fakes.workforce import COWORKERS, IT, WORKFORCE, coworker, with_coworkers
from tests.unit.chat_commands.chat import HOLD, Chat, chatting, opened

LIMITED = replace(
    coworker("hardware-engineer"), run_limits=Limits(tool_calls=8), request_limits=Limits(micro_usd=500_000)
)


def state(desk: Chat, key: str = "hardware-engineer") -> tuple[str, bool]:
    """Return a coworker's state in force, and whether it is killed."""
    card = desk.roster.coworker(CoworkerId(key))
    assert card is not None
    return card.state, card.killed


async def test_coworkers_lists_those_whom_the_admin_leads() -> None:
    """A workspace's admin sees the workspace's, the organisation's all; each with what is open."""
    desk = await opened()

    hers, all_of_them = await desk.ask("lea", "coworkers"), await desk.ask("oda", "coworkers")

    assert "- **Hardware Engineer** (`hardware-engineer`, specialist, it-support): active, 1 open request" in hers
    assert (False, True) == ("leave-specialist" in hers, "leave-specialist" in all_of_them)
    assert (False, True) == ("global-triage" in hers, "global-triage" in all_of_them)
    assert "retired" in hers


async def test_workspaces_lists_who_works_there_and_what_is_open() -> None:
    """Of the workspaces that the admin leads."""
    desk = await opened()

    told = await desk.ask("lea", "workspaces")

    assert (
        "**IT Support** (`it-support`, numbers IT-…, takes what fits nowhere else): 3 active coworkers, 1 open" in told
    )
    assert "People Ops" not in told


async def test_approvals_names_the_call_but_not_its_arguments() -> None:
    """Those stand in the private thread."""
    wanted = call("jumpcloud__reset_password", device="SECRET-LAPTOP")
    desk = await chatting(ScriptedModel(script={"hardware-engineer": [wanted]}))
    await desk.open()
    await desk.work()

    told, elsewhere = await desk.ask("lea", "approvals"), await desk.ask("ann", "approvals")

    assert 1 == len(await desk.all(Approval, state="waiting"))
    assert (True, False) == (
        "**IT-1001** Hardware Engineer asks for `jumpcloud__reset_password`" in told,
        "SECRET" in told,
    )
    assert "workspace admins" in elsewhere
    assert "Nothing waits" in await desk.ask("hal", "approvals")


async def test_budget_shows_what_was_spent_against_the_limits() -> None:
    """Of the open requests, of one, and of a coworker's runs."""
    resting = ScriptedModel(script={item.id: [HOLD] for item in COWORKERS})
    desk = await chatting(resting, workforce=with_coworkers(LIMITED))
    await desk.open()
    await desk.work()
    account = next(item for item in await desk.all(Spending) if item.scope == "request")
    await desk.plain.transact(lambda uow: uow.put(replace(account, micro_usd=120_000, tokens=9_000)))

    listed, one = await desk.ask("lea", "budget"), await desk.ask("lea", "budget it-1001")
    its = await desk.ask("lea", "budget Hardware Engineer")

    assert "- **IT-1001**: $0.12 of $0.50, 9000 tokens" in listed
    assert "**IT-1001** has spent $0.12 of $0.50" in one
    assert "Limits of a run: 8 tool calls. Limits of a request: $0.50." in its


@pytest.mark.parametrize(
    ("who", "typed", "said"),
    [
        ("lea", "budget leave-specialist", "workspace admins of People Ops"),
        ("lea", "budget hardware-enginer", "Did you mean `hardware-engineer`?"),
        ("lea", "budget IT-9999", "no request IT-9999"),
        ("lea", "pause", "Which coworker?"),
        ("lea", "kill nobody because", "There is no coworker `nobody`"),
        ("oda", "pause atom", "can't be paused or killed"),
        ("lea", "resume retired-engineer", "`state: retired`"),
        ("lea", "resume hardware-engineer", "not held by any switch"),
    ],
)
async def test_what_an_admin_cannot_have_is_explained(who: str, typed: str, said: str) -> None:
    """With the role, or the next step."""
    desk = await opened()

    assert said in await desk.ask(who, typed)
    assert [] == await desk.all(Switch)


async def test_a_paused_coworker_is_given_no_new_work() -> None:
    """Its requests go to triage with their next mail; what it switched and why is stored and audited."""
    desk = await opened()

    answer = await desk.ask("lea", 'pause "Hardware  Engineer": it guesses, and guesses')
    await desk.say("maria", "And now?")
    await desk.work()

    switch = (await desk.all(Switch))[0]
    assert ("paused", False) == state(desk)
    assert ("hardware-engineer", "paused", "lea", "it guesses, and guesses") == (
        switch.id,
        switch.state,
        switch.by,
        switch.reason,
    )
    assert ("coworker", "it-triage") == ((await desk.request()).assignee.kind, (await desk.request()).assignee.id)
    assert "resume hardware-engineer" in answer
    assert '"to":"paused"' in (await desk.events("coworker.switched"))[0]
    assert "paused by Lea" in await desk.ask("lea", "coworkers")


async def test_an_open_request_that_nothing_will_move_moves_at_once() -> None:
    """No mail and no run is on its way for it."""
    desk = await opened()
    before = replace(await desk.request(), status="in_progress")
    await desk.plain.transact(lambda uow: uow.put(before))

    await desk.ask("lea", "pause hardware-engineer")

    after = await desk.request()
    assert ("hardware-engineer", "it-triage") == (before.assignee.id, after.assignee.id)
    assert "on_hold" == after.status


async def test_a_paused_coworker_finishes_what_it_is_doing() -> None:
    """The request stays with it until the run has ended, and moves then if it is still open."""
    desk = await chatting(ScriptedModel(script={"hardware-engineer": [call("resolve", summary="Done.")]}))
    await desk.open()
    desk.model.meanwhile = lambda: paused_meanwhile(desk)

    await desk.work()

    request = await desk.request()
    assert ("resolved", "hardware-engineer") == (request.status, request.assignee.id)
    assert ("paused", False) == state(desk)


async def paused_meanwhile(desk: Chat) -> None:
    """Pause the coworker while it thinks."""
    lea = PersonId("lea")
    switch = Switch(id="hardware-engineer", state="paused", by=lea, at=desk.clock.now())
    await desk.plain.transact(lambda uow: uow.add(switch))
    await desk.staff.look()


async def test_mail_that_waits_moves_the_request_and_nothing_else_does() -> None:
    """It is moved once, by whoever works its mailbox."""
    desk = await chatting()
    await desk.open()

    await paused_meanwhile(desk)
    waiting = await desk.request()
    await desk.work()

    moved = [entry for entry in await desk.events("request.assigned") if "it-triage" in entry]
    assert ("hardware-engineer", 1) == (waiting.assignee.id, len(moved[1:]))


async def test_a_retired_coworker_stays_retired_whatever_is_switched() -> None:
    """A switch holds back; it employs nobody."""
    desk = await chatting()

    await desk.ask("oda", "kill all")

    assert (("retired", True), ("paused", True)) == (state(desk, "retired-engineer"), state(desk))


async def test_when_all_are_paused_humans_get_the_work_and_atom_answers() -> None:
    """Nobody else is left; a command is still obeyed."""
    desk = await chatting(ScriptedModel(script={}))
    await desk.open()
    await desk.work()

    answer = await desk.ask("oda", "pause all maintenance")
    status = await desk.ask("maria", "status IT-1001")

    assert "Atom goes on answering" in answer
    assert ("group", "it-support/agents") == ((await desk.request()).assignee.kind, (await desk.request()).assignee.id)
    assert "with the agents in IT Support" in status
    assert ("active", False) == state(desk, "atom")
    assert "All coworkers are paused by Oda" in await desk.ask("lea", "coworkers")


async def test_the_strictest_switch_wins() -> None:
    """One that is held by itself stays so when all are let go, and none works while all are held."""
    desk = await chatting()
    await desk.ask("lea", "kill hardware-engineer wild")
    await desk.ask("oda", "pause all")

    seen = [state(desk), state(desk, "software-engineer")]
    own = await desk.ask("lea", "resume hardware-engineer")
    seen.append(state(desk))
    await desk.ask("lea", "kill software-engineer")
    everybody = await desk.ask("oda", "resume all")
    seen += [state(desk), state(desk, "software-engineer")]

    assert [("paused", True), ("paused", False), ("paused", False), ("active", False), ("paused", True)] == seen
    assert ("resume all" in own, "`software-engineer`" in everybody) == (True, True)


async def test_a_killed_coworker_is_not_made_merely_paused() -> None:
    """Nor switched twice; the other way round it is."""
    desk = await chatting()
    for typed in (
        "pause hardware-engineer",
        "pause hardware-engineer",
        "kill hardware-engineer",
        "pause hardware-engineer",
    ):
        await desk.ask("lea", typed)

    assert ("paused", True) == state(desk)
    assert 2 == len(await desk.events("coworker.switched"))


async def test_a_switch_outlives_the_process_and_new_files() -> None:
    """It is read at the start, before any work begins, and files that say `active` do not undo it."""
    desk = await chatting()
    await desk.ask("lea", "kill hardware-engineer")

    desk.start()
    before = state(desk)
    await desk.staff.begin()
    desk.files = [replace(WORKFORCE, name="Renamed")]
    await desk.ask("oda", "reload")

    assert (("active", False), ("paused", True), "Renamed") == (before, state(desk), desk.roster.workforce.name)
    await desk.ask("lea", "resume hardware-engineer")
    assert ("active", False) == state(desk)


async def test_a_file_that_says_paused_holds_whatever_the_switch_says() -> None:
    """The admin is told which of the two it is."""
    paused = replace(coworker("hardware-engineer"), state="paused")
    desk = await chatting(workforce=with_coworkers(paused))
    await desk.ask("lea", "pause hardware-engineer")

    answer = await desk.ask("lea", "resume hardware-engineer")

    assert ("paused", False) == state(desk)
    assert "`state: paused`" in answer


async def test_candidates_leave_out_who_is_switched_off() -> None:
    """Triage is not offered a coworker that would be given nothing."""
    desk = await chatting()
    await desk.ask("lea", "pause software-engineer")

    offered = [item.coworker.id for item in desk.roster.candidates(CoworkerId("it-triage"))]

    assert ("software-engineer" in offered, "hardware-engineer" in offered) == (False, True)


async def test_requests_of_other_workspaces_are_not_spoken_of() -> None:
    """What is open and spent elsewhere is not the business of a workspace's admin."""
    desk = await chatting()
    await desk.open(
        to="leave-specialist", workspace=WORKFORCE.coworkers[CoworkerId("leave-specialist")].workspace or IT
    )
    await desk.work()

    assert ["HR-1001"] == [item.number for item in await desk.all(Request)]
    assert [False] * 3 == ["HR-" in await desk.ask("lea", text) for text in ("budget", "approvals", "workspaces")]
    assert "workspace admins of People Ops" in await desk.ask("lea", "budget HR-1001")
