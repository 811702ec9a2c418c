"""What routing knows of each coworker and workspace, as texts: taken from the files that people read too.

Nothing is written for routing alone, except for `examples`: a coworker's role and decision framework, a workspace's `about`. So whoever
improves these improves routing, with either brain.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.workspace import Workspace
from coworkers.profile import Profile
from coworkers.similarity import Texts
from coworkers.vocabulary import KINDS, MEANINGS
from coworkers.words import terms

_BREAK = re.compile(r"[,;.:|\n()]|\s+(?:and|or|with)\s+")
_MOST = 0.5
"""A team that mentions so much of a kind of work is taken to do the rest of it."""
_MARKS = re.compile(r"[`*#>_-]+")


def section(markdown: str, heading: str) -> str:
    """Return the text under a heading, up to the next heading of any level; empty when there is none."""
    pattern = rf"^#{{1,6}}[ \t]+{re.escape(heading)}[ \t]*$(.*?)(?=^#{{1,6}}[ \t]|\Z)"
    match = re.search(pattern, markdown, re.MULTILINE | re.DOTALL | re.IGNORECASE)
    return match[1].strip() if match else ""


def phrases(text: str) -> tuple[str, ...]:
    """Return the short phrases that a text consists of, without Markdown's marks."""
    found = (_MARKS.sub(" ", part).strip() for part in _BREAK.split(text))
    return tuple(part for part in found if any(character.isalpha() for character in part))


def of_coworker(profile: Profile) -> Texts:
    """Return what a coworker is for."""
    role = phrases(section(profile.identity, "Role"))
    framework = () if profile.kind != "specialist" else _in_scope(section(profile.goal, "Decision framework"))
    return Texts(examples=profile.examples, about=(profile.name, *role, *framework))


def of_workspace(workspace: Workspace, coworkers: Iterable[Profile]) -> Texts:
    """Return what a workspace is for: its own words, then what its active coworkers are for."""
    own = [profile for profile in coworkers if profile.workspace == workspace.id and profile.state == "active"]
    examples = tuple(example for profile in own for example in profile.examples)
    roles = tuple(phrase for p in own if p.kind == "specialist" for phrase in phrases(section(p.identity, "Role")))
    return Texts(examples=examples, about=(workspace.name, *phrases(workspace.about), *roles))


def _in_scope(framework: str) -> tuple[str, ...]:
    lines = [line for line in framework.splitlines() if "out-of-scope" not in line.lower() and "---" not in line]
    return phrases("\n".join(lines))


def of_workspaces(workspaces: Sequence[Workspace], coworkers: Sequence[Profile]) -> dict[str, Texts]:
    """Return what each workspace is for, by id, with the work that goes without saying.

    A team that looks after most things of a kind (`vocabulary.KINDS`) is taken to look after the rest of it, where no other team says
    that it does: who repairs lifts, lamps and radiators repairs windows too.
    """
    found = {str(workspace.id): of_workspace(workspace, coworkers) for workspace in workspaces}
    mentioned = {key: _meanings(texts) for key, texts in found.items()}
    for kind in KINDS.values():
        best = max(found, key=lambda key: len(kind & mentioned[key]), default=None)
        if best is None or len(kind & mentioned[best]) < _MOST * len(kind):
            continue
        others = frozenset[str]().union(*(meanings for key, meanings in mentioned.items() if key != best))
        implied = tuple(f"{meaning} {MEANINGS[meaning]}" for meaning in sorted(kind - (others - mentioned[best])))
        found[best] = replace(found[best], about=(*found[best].about, *implied))
    return found


def _meanings(texts: Texts) -> frozenset[str]:
    return frozenset(term[1:] for text in (*texts.examples, *texts.about) for term in terms(text) if term[0] == "=")
