"""Keeping the roster true: files read anew, mistakes in them, and a process that dies at any moment of it."""

from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from bot.errors import PermanentError, TemporaryError
from bot.ids import CoworkerId, PersonId, WorkspaceId
from bot.reply import Reply
from bot.request import Assignee
from bot.switch import Switch
from config.staff import Staff
from config.workforce_folder import employed
from tests.fakes.fuse import Fuse
from tests.fakes.workforce import SEC, WORKFORCE, coworker, with_coworkers
from tests.unit.chat_commands.chat import Chat, aside, chatting, opened
from tests.unit.workforce.folders import changed, write

FRESH = with_coworkers(replace(coworker("hardware-engineer"), version="new"), coworker("printer-engineer"))


async def test_a_reload_puts_the_files_in_force_and_says_what_changed() -> None:
    """The promise first, then what came of it."""
    desk = await chatting(files=[FRESH])

    answer = await desk.ask("oda", "reload")

    assert (True, True) == ("I'm reading" in answer, "Changed: hardware-engineer, printer-engineer." in answer)
    assert desk.roster.coworker(CoworkerId("printer-engineer")) is not None
    assert 1 == len(await desk.events("workforce.reloaded"))


async def test_files_with_a_mistake_change_nothing_and_the_mistake_is_named(tmp_path: Path) -> None:
    """By file and line, with what to write instead; as the start names it."""
    folder = write(tmp_path, changed("coworkers/fixer/coworker.yaml", "kind: specialist", "kind: specialst"))
    with pytest.raises(PermanentError) as mistake:
        employed(folder)
    desk = await chatting(files=[mistake.value])

    answer = await desk.ask("oda", "reload")

    assert "coworkers/fixer/coworker.yaml:3:" in answer
    assert ([], WORKFORCE) == (desk.adopted, desk.roster.workforce)
    assert (0, 1) == (len(await desk.events("workforce.reloaded")), len(await desk.events("workforce.kept")))


async def test_a_reload_waits_for_the_database() -> None:
    """What cannot be stored now is read again at the next look, and answered once."""
    desk = await chatting(files=[TemporaryError("the database is away"), FRESH])
    await desk.ask("oda", "reload")
    before = list(desk.adopted)

    await desk.staff.look()
    await desk.staff.look()

    assert ([], [FRESH]) == (before, desk.adopted)
    told = await desk.told(aside("oda").id)
    assert 1 == sum("are in force" in text for text in told)


async def test_what_is_broken_otherwise_is_answered_too() -> None:
    """The log says why; the admin is not left waiting."""
    desk = await chatting()

    async def burst(_: object) -> None:
        raise RuntimeError("a bug")

    desk.staff._adopt = burst

    assert "Deskmate's log says why" in await desk.ask("oda", "reload")
    assert "I'm reading" in await desk.ask("oda", "reload")


async def moments(typed: str) -> int:
    """Return how many moments there are at which the process could die."""
    desk = await chatting(files=[FRESH])
    desk.fuse.count = 0
    await desk.ask("oda", typed)
    return desk.fuse.count


async def dying(typed: str, at: int) -> Chat:
    """Return a desk that was given a command and died at that moment."""
    desk = await chatting(files=[FRESH, FRESH], fuse=Fuse(at=at))
    await desk.ask("oda", typed)
    assert desk.fuse.where
    return desk


@pytest.mark.parametrize("typed", ["reload", "kill hardware-engineer", "pause all", "new A thing"])
async def test_a_command_survives_the_death_of_its_process_at_any_moment(typed: str) -> None:
    """It is answered once, and done once; a switch is in force afterwards."""
    for at in range(1, await moments(typed) + 1):
        desk = await dying(typed, at)
        answers = await desk.told(aside("oda").id)
        await desk.staff.look()

        wanted = 2 if typed == "reload" else 1
        assert (wanted, len(set(answers))) == (len(answers), len(answers)), desk.fuse.where
        switches = await desk.all(Switch)
        cards = [item for item in desk.roster.coworkers() if item.id in {one.id for one in switches}]
        assert all(card.state == "paused" for card in cards)
        assert (1 if typed.startswith(("kill", "pause")) else 0) == len(switches)


async def test_a_start_answers_a_reload_that_was_cut_short_and_no_other() -> None:
    """A refusal or an answered one is left alone."""
    desk = await chatting(files=[FRESH])
    await desk.ask("sam", "reload")
    await desk.ask("oda", "reload")
    before = len(await desk.all(Reply))

    desk.start()
    await desk.staff.begin()

    assert before == len(await desk.all(Reply))


async def test_what_cannot_be_told_to_its_team_yet_does_not_keep_the_office_closed() -> None:
    """At the start a platform may not have been reached; the request is moved as soon as it is."""
    desk = await opened()
    nobody = Assignee(kind="coworker", id="gone-engineer")
    idle = replace(await desk.request(), status="open", assignee=nobody, workspace=SEC)
    paused = [Switch(id="all", state="paused", by=PersonId("oda"), at=desk.clock.now())]
    await desk.plain.transact(lambda uow: uow.put(idle))
    await desk.plain.transact(lambda uow: uow.add(*paused))
    unreached = replace(desk.desk, tenant_of=lambda _: "")
    early = Staff(desk.storage, unreached, desk.roster, read=desk._read, adopt=desk._adopt)

    await early.begin()
    before = await desk.request()
    await desk.staff.look()

    assert ("gone-engineer", "security/agents") == (before.assignee.id, (await desk.request()).assignee.id)


async def test_a_request_of_a_workspace_that_is_gone_keeps_nothing_from_moving() -> None:
    """Others still do."""
    desk = await opened()
    await desk.open()
    await desk.work()
    first, second = await desk.request("IT-1001"), await desk.request("IT-1002")
    lost = replace(first, status="open", workspace=WorkspaceId("gone"))
    await desk.plain.transact(lambda uow: uow.put(lost, replace(second, status="open")))

    await desk.ask("oda", "kill hardware-engineer")

    assert ("hardware-engineer", "it-triage") == (
        (await desk.request("IT-1001")).assignee.id,
        (await desk.request("IT-1002")).assignee.id,
    )


async def test_a_command_that_cannot_be_worked_is_not_left_without_an_answer() -> None:
    """After the last attempt the person is asked to give it once more."""
    desk = await chatting()

    def broken() -> NoReturn:
        raise RuntimeError("a bug")

    desk.roster.workspaces = broken  # type: ignore[method-assign]

    assert "could not be worked. Please do it once more." in await desk.ask("oda", "workspaces")
