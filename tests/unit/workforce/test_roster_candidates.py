"""Who can be given work, and by whom."""

from dataclasses import replace

import pytest

from bot.errors import Refused
from bot.ids import ATOM, CoworkerId, WorkspaceId
from coworkers.roster import Roster
from tests.unit.workforce.office import Office, request, seeded

TRIAGE = CoworkerId("it-triage")


def test_candidates_are_reachable_in_the_own_workspace_and_in_those_that_it_sees() -> None:
    """IT sees Security; Finance is reached through global triage."""
    reach = {str(one.coworker.id): one.reachable for one in Roster(seeded()).candidates(TRIAGE)}

    assert (reach["hardware-engineer"], reach["security-specialist"], reach["finance-triage"]) == (True, True, False)
    assert "it-triage" not in reach
    assert "global-triage" not in reach


def test_only_active_coworkers_are_given_work() -> None:
    """A paused one is in the directory, and no candidate."""
    workforce = seeded()
    key = CoworkerId("hardware-engineer")
    paused = replace(workforce.coworkers[key], state="paused")
    roster = Roster(replace(workforce, coworkers={**workforce.coworkers, key: paused}))

    card = roster.coworker(key)
    assert card is not None
    assert card.state == "paused"
    assert key not in [one.coworker.id for one in roster.candidates(TRIAGE)]


def test_global_triage_and_the_front_door_reach_everybody() -> None:
    """Both choose among all teams."""
    roster = Roster(seeded())
    triage = roster.global_triage()
    assert triage is not None

    assert all(one.reachable for key in (ATOM, triage.id) for one in roster.candidates(key))
    assert roster.profile(ATOM).kind == "front_door"


def test_who_is_not_there_is_refused_by_name() -> None:
    """The message names those that are."""
    roster = Roster(seeded())

    with pytest.raises(Refused, match="it-support"):
        roster.workspace(WorkspaceId("legal"))
    with pytest.raises(Refused, match="hardware-engineer"):
        roster.profile(CoworkerId("nobody"))


async def test_another_teams_work_is_sent_there() -> None:
    """Through global triage where the workspace cannot be seen; the desk sees to that."""
    office = Office(request=request("my payslip shows the wrong tax code"), tools={})

    ended, arguments = await office.run("it-triage")

    assert (ended, arguments["to"]) == ("hand_off", "finance-triage")


async def test_global_triage_moves_a_request_to_the_team_that_does_it() -> None:
    """And never back to the one it came from."""
    office = Office(request=request("my payslip shows the wrong tax code", workspace="people-ops"), tools={})

    ended, arguments = await office.run("global-triage")

    assert (ended, arguments["to"]) == ("hand_off", "finance-triage")


async def test_what_nobody_does_goes_to_a_human() -> None:
    """Instead of a guess."""
    office = Office(request=request("the zorbulator needs a frobnication"), tools={})

    ended, arguments = await office.run("it-triage")

    assert ended == "escalate"
    assert "similarity" in arguments["reason"]


async def test_a_specialist_without_a_playbook_says_so() -> None:
    """Offline it can do nothing."""
    workforce = seeded()
    key = CoworkerId("hardware-engineer")
    bare = replace(workforce.coworkers[key], playbook=None)
    office = Office(
        request=request("slow"), tools={}, workforce=replace(workforce, coworkers={**workforce.coworkers, key: bare})
    )

    ended, arguments = await office.run("hardware-engineer")

    assert ended == "escalate"
    assert "no playbook" in arguments["reason"]
