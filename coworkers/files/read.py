"""Reads a whole workforce folder and checks it: the one way from files to a `Workforce`.

The order is that of who names whom: organisation, tools and skills stand alone; workspaces are needed by coworkers, whose names the
workspaces' own checks need; playbooks come last. Reading goes on after a mistake, so that all of them are seen at once; a workforce is
returned only when there is none.
"""

from dataclasses import dataclass
from pathlib import Path

from bot.ids import CoworkerId
from bot.workspace import Workspace
from coworkers.files.coworker_folder import Known, ReadCoworker, read_coworker, with_playbook
from coworkers.files.folder import Folder
from coworkers.files.organisation import Organisation, read_organisation, read_people
from coworkers.files.problem import Problem, Problems
from coworkers.files.skill_file import read_skill
from coworkers.files.strangers import SKILL, warn_of_strangers
from coworkers.files.tool_file import read_tool
from coworkers.files.unread import unread
from coworkers.files.workspace_file import ReadWorkspace, check_workspaces, read_workspace
from coworkers.profile import Document, Profile, Skill, Tool, Workforce


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What came of reading a folder."""

    workforce: Workforce | None
    """None when there are errors."""
    problems: tuple[Problem, ...]
    """Errors and warnings, by place."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return the problems that keep the folder from being used."""
        return tuple(problem for problem in self.problems if not problem.warning)


def check(path: Path) -> list[Problem]:
    """Return everything that is wrong with a workforce folder, warnings included."""
    return list(read_workforce(path).problems)


def read_workforce(path: Path) -> Reading:
    """Read and check the folder at `path`. Raises nothing: what cannot be read is a problem."""
    problems = Problems()
    folder = Folder(path, problems)
    if not folder.exists():
        problems.error(".", 1, f"there is no folder `{path}`", "Name a workforce folder, or copy config/workforce.")
        return Reading(workforce=None, problems=problems.found())
    warn_of_strangers(folder, problems)
    _look_at_later_files(folder)
    workforce = _read(folder, problems)
    reading = Reading(workforce=workforce, problems=problems.found())
    return reading if not reading.errors else Reading(workforce=None, problems=reading.problems)


def _read(folder: Folder, problems: Problems) -> Workforce:
    organisation = read_organisation(folder)
    tools, skills = _tools(folder), _skills(folder, problems)
    spaces = _workspaces(folder, organisation, problems)
    workspaces = {one.workspace.id: one.workspace for one in spaces}
    known = Known(
        organisation=organisation,
        workspaces={str(key): workspace for key, workspace in workspaces.items()},
        tools=tools,
        skills=skills,
        passed_over=frozenset(folder.folders("skills")) - frozenset(skills),
        missing=unread(folder),
    )
    coworkers = _coworkers(folder, known, problems)
    missing = unread(folder)
    check_workspaces(spaces, coworkers, missing, problems)
    places = sorted({*map(str, workspaces), *missing.workspaces})
    return Workforce(
        name=organisation.name,
        time_zone=organisation.time_zone,
        models=organisation.models,
        prices=organisation.prices,
        workspaces=workspaces,
        coworkers=coworkers,
        tools=tools,
        skills=skills,
        people=read_people(folder, organisation, places, problems),
        knowledge=_knowledge(folder),
    )


def _look_at_later_files(folder: Folder) -> None:
    """Check that what is kept for later is YAML at least."""
    for stem in _stems(folder, "workflows"):
        folder.tree(f"workflows/{stem}.yaml")
    if folder.has("jobs.yaml"):
        folder.tree("jobs.yaml")


def _stems(folder: Folder, path: str) -> list[str]:
    return [name.removesuffix(".yaml") for name in folder.names(path) if name.endswith(".yaml")]


def _tools(folder: Folder) -> dict[str, Tool]:
    found = {}
    for stem in _stems(folder, "tools"):
        section = folder.section(f"tools/{stem}.yaml")
        if section is not None:
            found[stem] = read_tool(section, stem)
    return found


def _skills(folder: Folder, problems: Problems) -> dict[str, Skill]:
    found = {}
    for name in folder.folders("skills"):
        path = f"skills/{name}/{SKILL}"
        text = folder.text(path)
        skill = None if text is None else read_skill(text, name, path, problems)
        if skill is not None:
            found[name] = skill
    return found


def _workspaces(folder: Folder, organisation: Organisation, problems: Problems) -> list[ReadWorkspace]:
    found = []
    for stem in _stems(folder, "workspaces"):
        section = folder.section(f"workspaces/{stem}.yaml")
        if section is not None:
            found.append(read_workspace(section, stem, organisation))
    if not found and not unread(folder).workspaces:
        problems.error("workspaces", 1, "there is no workspace", "Add workspaces/<id>.yaml.")
    return found


def _coworkers(folder: Folder, known: Known, problems: Problems) -> dict[CoworkerId, Profile]:
    names = folder.folders("coworkers")
    read = [one for name in names if (one := read_coworker(folder, name, known, problems)) is not None]
    for one in [one for one in read if one.profile.kind == "global_triage"][1:]:
        one.section.error("there is another global triage coworker", "Keep one of the two.", key="kind")
    receivers = _receivers(read, known.workspaces)
    missing = unread(folder)
    found = [with_playbook(one, folder, receivers, missing, problems) for one in read]
    return {profile.id: profile for profile in found}


def _receivers(read: list[ReadCoworker], workspaces: dict[str, Workspace]) -> frozenset[str]:
    groups = {f"{name}/{group}" for name, workspace in workspaces.items() for group in workspace.groups}
    return frozenset({*(str(one.profile.id) for one in read), *groups})


def _knowledge(folder: Folder) -> tuple[Document, ...]:
    found = []
    for path in folder.below("knowledge", ".md"):
        text = folder.text(path)
        if text is not None:
            found.append(Document(path=path.removeprefix("knowledge/"), text=text))
    return tuple(found)
