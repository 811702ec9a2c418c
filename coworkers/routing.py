"""Where a message belongs: the workspace, the coworker in it, how sure that is, and why; or that it is no request at all.

The order matters: small talk is told apart first, then what people ask any chat bot; then workspaces are compared, and inside the
best one its specialists. Work that resembles no workspace goes to the default one, a message that is not even work to none.
Nothing is written or sent here, and the same message always gets the same answer.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.ids import CoworkerId, WorkspaceId
from bot.workspace import Workspace
from coworkers.answerable import Answerable
from coworkers.documents import of_coworker, of_workspaces
from coworkers.profile import Document, Profile, Workforce
from coworkers.similarity import Match, Similarity
from coworkers.smalltalk import (
    asks_somebody,
    concerns_us,
    idle_chat,
    is_question,
    small_talk,
    sounds_like_work,
    wants_human,
    wishes,
    without_plea,
)
from coworkers.words import terms, words

KNOWN = 0.1
"""A text that scores less resembles no workspace."""
KNOWN_QUESTION = 0.20
"""The same for a question in which nobody speaks of themselves or the company: general knowledge shares words with work."""
KNOWN_CHAT = 0.45
"""The same for what looks like a joke, a poem or general knowledge."""
TELLS_APART = 0.012
"""A smaller lead of one specialist over the next is a guess: the triage coworker looks at it."""
MIN_SPECIALIST = 0.03
LONG, PART, MAX_PARTS = 14, 0.5, 20
"""In a message of more words the best part counts beside the whole: people tell a story before they say what is wrong."""
_PART = re.compile(r"[.!?;,:\n]+|\s(?:and|but|since|because|so)\s", re.IGNORECASE)
_SLOPE_LEAD, _OFFSET = 20.0, -0.5
"""Of the logistic curve from the lead over the next team to confidence, fitted on half of the labelled messages (see docs/routing.md)."""
MAX_ALTERNATIVES = 3


@dataclass(frozen=True, kw_only=True)
class Place:
    """Somewhere a message could go."""

    workspace: WorkspaceId
    coworker: CoworkerId
    confidence: float
    """0 to 1."""


@dataclass(frozen=True, kw_only=True)
class Routing:
    """Where a message goes."""

    workspace: WorkspaceId | None
    """None: it is no request."""
    coworker: CoworkerId | None
    alternatives: tuple[Place, ...] = ()
    """The next best, best first."""
    confidence: float
    """0 to 1: how often a decision like this one is right."""
    reason: str


class Router:
    """Routes messages among the workspaces and coworkers given; made once, used often."""

    def __init__(
        self, workspaces: Sequence[Workspace], coworkers: Sequence[Profile], documents: Sequence[Document] = ()
    ) -> None:
        """Index them. With `documents`, a question that these answer is no request."""
        self._answerable = Answerable(documents)
        self._workspaces = {workspace.id: workspace for workspace in workspaces}
        active = [profile for profile in coworkers if profile.state == "active"]
        self._names = {profile.id: profile.name for profile in active}
        self._teams = Similarity(of_workspaces(workspaces, active))
        self._specialists = {
            workspace.id: Similarity({str(p.id): of_coworker(p) for p in active if _works_in(p, workspace)})
            for workspace in workspaces
        }

    def route(self, text: str) -> Routing:
        """Return where the message goes."""
        talk = small_talk(text)
        if talk is not None:
            return _none(0.97, f"This is small talk ({talk}), not a request.")
        section = self._answerable.covers(text)
        if section is not None:
            return _none(0.75, f"It is a question that knowledge answers ({section}).")
        ranked = self.teams(text)
        if not ranked:
            return _none(0.0, "There is no workspace.")
        if wants_human(text) and not terms(without_plea(text)):
            return self._default(text, ranked)
        best = ranked[0].score
        if idle_chat(text) and best < KNOWN_CHAT:
            return _none(0.9, "No workspace here does this: it is what people ask any chat bot.")
        if best >= _threshold(text):
            return self._known(text, ranked)
        if _is_work(text):
            return self._default(text, ranked)
        return _none(0.7, "It resembles nothing that a workspace here works on.")

    def teams(self, text: str) -> list[Match]:
        """Return all workspaces, the one that the text resembles most first."""
        whole = self._teams.rank(text)
        parts = [part for part in _PART.split(text) if terms(part)]
        if len(words(text)) <= LONG or len(parts) == 1:
            return whole
        best = {match.label: 0.0 for match in whole}
        for part in parts[:MAX_PARTS]:
            for match in self._teams.rank(part):
                best[match.label] = max(best[match.label], match.score)
        mixed = [Match(label=m.label, score=PART * best[m.label] + (1 - PART) * m.score) for m in whole]
        return sorted(mixed, key=lambda match: -match.score)

    def _known(self, text: str, ranked: list[Match]) -> Routing:
        places = self._places(text, ranked)
        first = places[0]
        name = self._workspaces[first.workspace].name
        return Routing(
            workspace=first.workspace,
            coworker=first.coworker,
            alternatives=tuple(places[1 : 1 + MAX_ALTERNATIVES]),
            confidence=first.confidence,
            reason=f"It resembles what {name} works on, and there {self._named(first.coworker)}.",
        )

    def _default(self, text: str, ranked: list[Match]) -> Routing:
        default = next((workspace for workspace in self._workspaces.values() if workspace.default), None)
        if default is None:
            return _none(0.4, "It sounds like work, resembles no workspace, and no workspace takes what fits nowhere.")
        return Routing(
            workspace=default.id,
            coworker=default.triage,
            alternatives=tuple(p for p in self._places(text, ranked) if p.workspace != default.id)[:MAX_ALTERNATIVES],
            confidence=0.5,
            reason=f"It is work, but resembles no workspace in particular, so {default.name} looks at it first.",
        )

    def _places(self, text: str, ranked: list[Match]) -> list[Place]:
        places = []
        for at, match in enumerate(ranked):
            other = ranked[0].score if at else (ranked[1].score if len(ranked) > 1 else 0.0)
            workspace = self._workspaces[WorkspaceId(match.label)]
            confidence = _confidence(match.score - other)
            places.append(
                Place(workspace=workspace.id, coworker=self._coworker(text, workspace), confidence=confidence)
            )
        return places

    def _coworker(self, text: str, workspace: Workspace) -> CoworkerId:
        ranked = self._specialists[workspace.id].rank(text)
        if not ranked or ranked[0].score < MIN_SPECIALIST:
            return workspace.triage
        if len(ranked) > 1 and ranked[0].score - ranked[1].score < TELLS_APART:
            return workspace.triage
        return CoworkerId(ranked[0].label)

    def _named(self, coworker: CoworkerId) -> str:
        return self._names.get(coworker, str(coworker))


def route(workforce: Workforce, text: str, requester: str | None = None) -> Routing:
    """Return where the message goes in this workforce. For many messages make one `Router`.

    `requester` (an e-mail) is accepted because rules may come to depend on it; similarity does not.
    """
    del requester
    return router_of(workforce).route(text)


def router_of(workforce: Workforce) -> Router:
    """Return a router over a workforce."""
    return Router(tuple(workforce.workspaces.values()), tuple(workforce.coworkers.values()), workforce.knowledge)


def _works_in(profile: Profile, workspace: Workspace) -> bool:
    return profile.kind == "specialist" and profile.workspace == workspace.id


def _is_work(text: str) -> bool:
    """Tell whether a text that resembles no team is work all the same: something is wrong, wanted, or about what teams look after."""
    if idle_chat(text):
        return False
    known = any(term[0] == "=" for term in terms(text))
    return (
        (sounds_like_work(text) and (concerns_us(text) or asks_somebody(text)))
        or wishes(text)
        or (known and concerns_us(text))
    )


def _threshold(text: str) -> float:
    return KNOWN_QUESTION if is_question(text) and not concerns_us(text) else KNOWN


def _confidence(lead: float) -> float:
    return round(1 / (1 + math.exp(-(_SLOPE_LEAD * lead + _OFFSET))), 3)


def _none(confidence: float, reason: str) -> Routing:
    return Routing(workspace=None, coworker=None, confidence=confidence, reason=reason)
