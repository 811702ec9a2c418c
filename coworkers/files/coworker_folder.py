"""Reads `coworkers/<id>/`: the settings, the three texts that make a coworker, and its playbook.

The settings are read first and checked against the rest of the workforce; the playbook comes last, because its steps name capabilities,
coworkers and skills that must be known by then.
"""

import re
from dataclasses import dataclass, replace
from typing import get_args

from bot.ids import CoworkerId, WorkspaceId
from bot.workspace import CoworkerKind, CoworkerState, Workspace
from coworkers.files.folder import Folder
from coworkers.files.organisation import Organisation, is_email, limits
from coworkers.files.problem import Problems, choose, nearest
from coworkers.files.section import Section
from coworkers.files.strangers import SKILL
from coworkers.files.unread import Unread, beginning
from coworkers.playbook.reading import Surroundings, read_playbook
from coworkers.profile import Mode, Profile, Skill, Tool, digest

GOAL_PARTS = ("Decision framework", "Flow", "Boundaries", "End-of-run status")
IDENTITY_PARTS = ("Role", "Voice", "Audience", "Default posture")
KINDS: tuple[CoworkerKind, ...] = ("specialist", "triage", "global_triage")
STATES: tuple[CoworkerState, ...] = get_args(CoworkerState)
MODES: tuple[Mode, ...] = get_args(Mode)
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_NEEDS_EXAMPLES = frozenset({"specialist"})
MIN_EXAMPLES = 5


@dataclass(frozen=True, kw_only=True)
class ReadCoworker:
    """A coworker and the section its settings were read from."""

    profile: Profile
    section: Section
    folder: str


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the rest of the workforce has, for looking names up."""

    organisation: Organisation
    workspaces: dict[str, Workspace]
    tools: dict[str, Tool]
    skills: dict[str, Skill]
    passed_over: frozenset[str]
    """Skills that are there and cannot be used."""
    missing: Unread
    """What is there and could not be read."""


def read_coworker(folder: Folder, name: str, known: Known, problems: Problems) -> ReadCoworker | None:
    """Return the coworker without its playbook; None when it has no readable `coworker.yaml`."""
    path = f"coworkers/{name}"
    section = folder.section(
        f"{path}/coworker.yaml", needs="Write at least `id`, `name`, `kind` and `workspace` into it."
    )
    if section is None:
        return None
    goal = _document(folder, f"{path}/GOAL.md", GOAL_PARTS, problems)
    identity = _document(folder, f"{path}/IDENTITY.md", IDENTITY_PARTS, problems)
    soul = (folder.text(f"{path}/SOUL.md") or "") if folder.has(f"{path}/SOUL.md") else ""
    settings = folder.text(f"{path}/coworker.yaml") or ""
    playbook = (folder.text(f"{path}/playbook.yaml") or "") if folder.has(f"{path}/playbook.yaml") else ""
    kind = _kind(section)
    workspace = section.text("workspace", "" if kind == "global_triage" else None)
    run, request = limits(section.section("budget"), known.organisation.run_limits, known.organisation.request_limits)
    written = section.text("id")
    profile = Profile(
        id=CoworkerId(name),
        name=section.text("name"),
        kind=kind,
        workspace=WorkspaceId(workspace) if workspace else None,
        groups=section.texts("groups"),
        manager=section.text("manager", "").lower(),
        state=_state(section),
        model=section.text("model", "default"),
        goal=goal,
        identity=identity,
        soul=soul,
        skills=section.texts("skills"),
        examples=section.texts("examples"),
        grants=_grants(section.section("tools"), known),
        run_limits=run,
        request_limits=request,
        triage=known.workspaces[workspace].triage if workspace in known.workspaces else None,
        version=digest(settings, goal, identity, soul, playbook),
    )
    _check_id(written, name, section)
    _check(profile, section, known)
    section.done()
    return ReadCoworker(profile=profile, section=section, folder=path)


def _kind(section: Section) -> CoworkerKind:
    text = section.choice("kind", KINDS)
    return next(kind for kind in KINDS if kind == text)


def _state(section: Section) -> CoworkerState:
    text = section.choice("state", STATES, "active")
    return next(state for state in STATES if state == text)


def _document(folder: Folder, path: str, parts: tuple[str, ...], problems: Problems) -> str:
    text = folder.text(path)
    if text is None:
        return ""
    found = {match[1].strip().lower(): match for match in _HEADING.finditer(text)}
    for part in parts:
        match = found.get(part.lower())
        if match is None:
            remedy = f"Add `## {part}`; the file needs {', '.join(parts)}."
            near = choose(part.lower(), list(found), "heading")
            problems.error(
                path, 1, f"the heading `{part}` is missing", f"{remedy} {near}" if near.startswith("Did") else remedy
            )
        elif not re.match(r"\s*(?!#{1,2} )\S", text[match.end() :]):
            line = text.count("\n", 0, match.start()) + 1
            problems.error(path, line, f"nothing stands under `{part}`", "Write it: the coworker works by this text.")
    return text


def _grants(section: Section, known: Known) -> dict[str, dict[str, Mode]]:
    """Return the grants; what is misspelt counts as what was probably meant, so that nothing else is blamed for it."""
    grants: dict[str, dict[str, Mode]] = {}
    for name, _ in section.pairs():
        tool = known.tools.get(name)
        if tool is None and name in known.missing.tools:
            continue
        if tool is None:
            names = [*known.tools, *known.missing.tools]
            section.error(f"there is no tool `{name}`", choose(name, names, "tool"), key=name)
        meant = name if tool is not None else nearest(name, known.tools)
        if meant is not None:
            grants.setdefault(meant, {}).update(_modes(section.section(name), known.tools[meant]))
    return grants


def _modes(section: Section, tool: Tool) -> dict[str, Mode]:
    modes: dict[str, Mode] = {}
    written = dict(section.pairs())
    for name in sorted(written, key=lambda key: key != "*"):
        mode = next(mode for mode in MODES if mode == section.choice(name, MODES))
        if name == "*":
            modes |= dict.fromkeys(tool.capabilities, mode)
        elif name not in tool.capabilities:
            remedy = choose(name, list(tool.capabilities), "capability")
            section.error(f"`{tool.id}` has no capability `{name}`", remedy, key=name)
            meant = nearest(name, tool.capabilities)
            modes |= {meant: mode} if meant is not None and meant not in written else {}
        else:
            modes[name] = mode
    for name, mode in modes.items():
        if mode == "allow" and tool.capabilities[name].effect == "destructive":
            what = f"`{tool.id}.{name}` is destructive and is never `allow`"
            section.warn(what, "It will be `ask`; write `ask`.", key=name if name in written else "*")
            modes[name] = "ask"
    return modes


def _check_id(written: str, name: str, section: Section) -> None:
    if written and written != name:
        section.error(
            f"`id: {written}` is not the folder's name", f"Write `id: {name}`, or rename the folder.", key="id"
        )
    if not _ID.fullmatch(name):
        section.error(f"`{name}` will not do as an id", "Use lower-case letters, digits and single hyphens.", key="id")
    if name == "atom":
        section.error("`atom` is the built-in front door's id", "Choose another id.", key="id")


def _check(profile: Profile, section: Section, known: Known) -> None:
    if profile.manager and not is_email(profile.manager):
        section.error(
            f"`manager: {profile.manager}` is not an e-mail address", "Name the accountable human.", key="manager"
        )
    if not profile.manager:
        section.warn("nobody is accountable for this coworker", "Write `manager: name@example.com`.", key="manager")
    _check_names(profile, section, known)
    _check_workspace(profile, section, known)


def _check_names(profile: Profile, section: Section, known: Known) -> None:
    if profile.kind == "global_triage" and profile.workspace is not None:
        section.error("global triage belongs to no workspace", "Remove `workspace`.", key="workspace")
    models = {"default", *known.organisation.models}
    if profile.model not in models and not known.missing.organisation:
        remedy = choose(profile.model, sorted(models), "model") + " Names stand in organisation.yaml."
        section.error(f"there is no model `{profile.model}`", remedy, key="model")
    for skill, line in section.lines("skills"):
        if skill in known.passed_over:
            section.error(f"the skill `{skill}` cannot be used", f"Mend skills/{skill}/{SKILL}.", line=line)
        elif skill not in known.skills:
            section.error(f"there is no skill `{skill}`", choose(skill, list(known.skills), "skill"), line=line)
    if profile.kind in _NEEDS_EXAMPLES and len(profile.examples) < MIN_EXAMPLES:
        what = f"only {len(profile.examples)} examples of work"
        section.warn(what, f"Triage chooses by them: write {MIN_EXAMPLES} or more.", key="examples")


def _check_workspace(profile: Profile, section: Section, known: Known) -> None:
    workspaces = list(known.workspaces)
    if profile.workspace is None or profile.workspace in known.missing.workspaces:
        return
    if profile.workspace not in workspaces:
        remedy = choose(profile.workspace, workspaces, "workspace")
        section.error(f"there is no workspace `{profile.workspace}`", remedy, key="workspace")
        return
    groups = list(known.workspaces[profile.workspace].groups)
    for group, line in section.lines("groups"):
        if group not in groups:
            what = f"`{profile.workspace}` has no group `{group}`"
            section.error(what, choose(group, groups, "group"), line=line)


def with_playbook(
    one: ReadCoworker, folder: Folder, receivers: frozenset[str], missing: Unread, problems: Problems
) -> Profile:
    """Return the coworker with its checked playbook, where it has one; `missing` could not be read."""
    path = f"{one.folder}/playbook.yaml"
    tree = folder.mapping(path) if folder.has(path) else None
    if tree is None:
        return one.profile
    granted = {
        f"{tool}__{capability}"
        for tool, modes in one.profile.grants.items()
        for capability, mode in modes.items()
        if mode != "deny"
    }
    around = Surroundings(
        granted=frozenset(granted) | beginning(tree, [f"{tool}__" for tool in missing.tools]),
        triage=one.profile.kind in {"triage", "global_triage"},
        receivers=(receivers | missing.coworkers | beginning(tree, [f"{space}/" for space in missing.workspaces]))
        - {str(one.profile.id)},
    )
    return replace(one.profile, playbook=read_playbook(tree, path, around, problems))
