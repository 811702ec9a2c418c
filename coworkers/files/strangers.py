"""Files that nobody reads: a mistyped name would otherwise be passed over in silence, and with it all that stands in the file.

They are warnings, because a folder may hold notes of its own. Skills come from elsewhere and bring files along, so beside a `SKILL.md`
only what looks like another spelling of it is warned of.
"""

from collections.abc import Iterator
from difflib import SequenceMatcher

from coworkers.files.folder import Folder
from coworkers.files.problem import Problems, choose

TOP = (
    "organisation.yaml",
    "people.yaml",
    "workspaces",
    "coworkers",
    "skills",
    "tools",
    "workflows",
    "jobs.yaml",
    "knowledge",
)
COWORKER = ("coworker.yaml", "GOAL.md", "IDENTITY.md", "SOUL.md", "playbook.yaml")
SKILL = "SKILL.md"
_ALIKE = 0.75


def warn_of_strangers(folder: Folder, problems: Problems) -> None:
    """Warn of every file and folder that is not part of a workforce."""
    for path, remedy in (*_on_top(folder), *_of_coworkers(folder), *_of_skills(folder)):
        place, _, name = path.rpartition("/")
        problems.warn(path, 1, f"`{name}` is not part of {place or 'a workforce folder'} and is passed over", remedy)


def _on_top(folder: Folder) -> Iterator[tuple[str, str]]:
    for name in folder.names():
        if name not in TOP:
            yield name, _meant(name, TOP)
    for place in ("workspaces", "tools", "workflows"):
        for name in folder.names(place):
            if not name.endswith(".yaml"):
                yield f"{place}/{name}", _yaml(name)


def _of_coworkers(folder: Folder) -> Iterator[tuple[str, str]]:
    ids = folder.folders("coworkers")
    for name in folder.names("coworkers"):
        if name not in ids:
            yield f"coworkers/{name}", "Write coworkers/<id>/coworker.yaml."
    for one in ids:
        for name in folder.names(f"coworkers/{one}"):
            if name not in COWORKER:
                yield f"coworkers/{one}/{name}", _meant(name, COWORKER)


def _of_skills(folder: Folder) -> Iterator[tuple[str, str]]:
    skills = folder.folders("skills")
    for name in folder.names("skills"):
        if name not in skills:
            yield f"skills/{name}", f"Write skills/<name>/{SKILL}."
    for one in skills:
        for name in folder.names(f"skills/{one}"):
            if name != SKILL and SequenceMatcher(None, name.lower(), SKILL.lower()).ratio() >= _ALIKE:
                yield f"skills/{one}/{name}", f"Did you mean `{SKILL}`?"


def _yaml(name: str) -> str:
    stem = name.removesuffix(".yml")
    return f"Did you mean `{stem}.yaml`?" if stem != name else "Name it `<id>.yaml`, or remove it."


def _meant(name: str, known: tuple[str, ...]) -> str:
    """Return a remedy that names what was probably meant, whatever its case and the spelling of its ending."""
    lowered = {one.lower(): one for one in known}
    written = name.lower()
    written = f"{written.removesuffix('.yml')}.yaml" if written.endswith(".yml") else written
    right = lowered.get(written)
    return f"Did you mean `{right}`?" if right else choose(name, list(known), "name")
