"""Whom a triage coworker gives a request to, by what the candidates are for.

Rules come before similarity: never back to the one it came from, whom the sender named comes first at global triage, another team only when
it fits clearly better. When nobody fits, a human does: a guess would cost somebody a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bot.workspace import Workspace
from coworkers.briefing import Briefing, Candidate
from coworkers.documents import of_coworker, of_workspaces
from coworkers.playbook.context import text_of
from coworkers.profile import Profile
from coworkers.similarity import Match, Similarity

MIN_SCORE = 0.04
"""A candidate that scores less does not fit."""
MIN_TEAM = 0.08
"""A team that scores less is not the one."""
CLEARLY = 1.6
"""Another team must score so many times the own one's score to get the request."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Whom to hand to, and why; nobody (`to` empty) when a human should decide."""

    to: str
    reason: str


def choose(briefing: Briefing, not_to: Sequence[str] = ()) -> Choice:
    """Return who should have the request."""
    barred = {*not_to, str(briefing.coworker.id)}
    if briefing.packet is not None:
        barred.add(briefing.packet.sender)
    if briefing.coworker.kind == "global_triage":
        return _among_teams(briefing, barred)
    elsewhere = _elsewhere(briefing, barred)
    return elsewhere or _among_specialists(briefing, barred)


def _among_specialists(briefing: Briefing, barred: set[str]) -> Choice:
    own = [
        candidate
        for candidate in briefing.candidates
        if candidate.coworker.kind == "specialist" and candidate.reachable and str(candidate.coworker.id) not in barred
    ]
    ranked = _rank(own, text_of(briefing.request))
    if not ranked or ranked[0].score < MIN_SCORE:
        return Choice(to="", reason="I route by similarity, and this resembles the work of nobody here clearly enough.")
    best = next(candidate.coworker for candidate in own if candidate.coworker.id == ranked[0].label)
    return Choice(to=str(best.id), reason=f"It resembles most what {best.name} works on.")


def _elsewhere(briefing: Briefing, barred: set[str]) -> Choice | None:
    """Return another team's triage coworker when that team fits clearly better, unless somebody has just sent it here."""
    if briefing.packet is not None or briefing.request is None:
        return None
    scores = {match.label: match.score for match in _teams(briefing)}
    home = str(briefing.request.workspace)
    if not scores:
        return None
    best = max(scores, key=lambda team: scores[team])
    if best == home or scores[best] < MIN_TEAM or scores[best] < CLEARLY * scores.get(home, 0.0):
        return None
    return _to_team(briefing, best, barred, "It belongs there rather than here")


def _among_teams(briefing: Briefing, barred: set[str]) -> Choice:
    ids = {str(candidate.coworker.id): candidate.coworker for candidate in briefing.candidates}
    wanted = briefing.packet.wanted if briefing.packet is not None else ""
    if wanted in ids and wanted not in barred:
        return Choice(to=wanted, reason=f"The sender asked for {ids[wanted].name}, whose team it cannot see.")
    home = str(briefing.request.workspace) if briefing.request is not None else ""
    ranked = [match for match in _teams(briefing) if match.label != home or briefing.packet is None]
    if ranked and ranked[0].score >= MIN_TEAM:
        choice = _to_team(briefing, ranked[0].label, barred, "It resembles most what this team works on")
        if choice is not None:
            return choice
    return Choice(to="", reason="I route by similarity, and no other team clearly does this.")


def _to_team(briefing: Briefing, team: str, barred: set[str], why: str) -> Choice | None:
    for candidate in briefing.candidates:
        workspace = candidate.workspace
        if workspace is not None and workspace.id == team and candidate.coworker.id == workspace.triage:
            if str(workspace.triage) in barred:
                return None
            return Choice(to=str(workspace.triage), reason=f"{why} ({workspace.name}).")
    return None


def _teams(briefing: Briefing) -> list[Match]:
    everybody = [briefing.coworker, *(candidate.coworker for candidate in briefing.candidates)]
    spaces = {candidate.workspace.id: candidate.workspace for candidate in briefing.candidates if candidate.workspace}
    spaces |= {workspace.id: workspace for workspace in briefing.workspaces}
    about = tuple(f"{key}:{workspace.about}" for key, workspace in spaces.items())
    given = _Given(key=(*about, *_versions(everybody)), workspaces=tuple(spaces.values()), profiles=tuple(everybody))
    return _team_index(given).rank(text_of(briefing.request))


def _rank(candidates: Sequence[Candidate], text: str) -> list[Match]:
    profiles = tuple(candidate.coworker for candidate in candidates)
    return _specialist_index(_Given(key=_versions(profiles), profiles=profiles)).rank(text)


@dataclass(frozen=True, kw_only=True)
class _Given:
    """What an index is made of; two are the same when their keys are, since making one costs far more than using it."""

    key: tuple[str, ...]
    profiles: tuple[Profile, ...] = field(compare=False)
    workspaces: tuple[Workspace, ...] = field(default=(), compare=False)


def _versions(profiles: Sequence[Profile]) -> tuple[str, ...]:
    return tuple(f"{profile.id}:{profile.version}:{profile.state}" for profile in profiles)


@lru_cache(maxsize=32)
def _team_index(given: _Given) -> Similarity:
    return Similarity(of_workspaces(given.workspaces, given.profiles))


@lru_cache(maxsize=64)
def _specialist_index(given: _Given) -> Similarity:
    return Similarity({str(profile.id): of_coworker(profile) for profile in given.profiles})
