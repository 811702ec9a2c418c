"""Reads `organisation.yaml` and `people.yaml`: who we are, what models cost, and which rights people have."""

import re
import zoneinfo
from dataclasses import dataclass, field, replace
from typing import get_args

from bot.person import RoleName
from bot.spending import Limits
from bot.workspace import Timers
from coworkers.files.folder import Folder
from coworkers.files.problem import Problems, choose
from coworkers.files.section import Section
from coworkers.files.tree import Tree
from coworkers.profile import KnownPerson

ROLES: tuple[str, ...] = get_args(RoleName)
IN_A_WORKSPACE = frozenset({"agent", "workspace_admin"})
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """`organisation.yaml`."""

    name: str = ""
    time_zone: str = "UTC"
    models: dict[str, str] = field(default_factory=dict)
    prices: dict[str, dict[str, float]] = field(default_factory=dict)
    run_limits: Limits = Limits(tool_calls=8)
    request_limits: Limits = Limits()
    timers: Timers = Timers()
    roles: tuple[tuple[str, str], ...] = ()
    """(role, e-mail) of organisation-wide roles."""


def is_email(text: str) -> bool:
    """Tell whether a text has the shape of an e-mail address."""
    return _EMAIL.fullmatch(text) is not None


def read_organisation(folder: Folder) -> Organisation:
    """Return what `organisation.yaml` says, with defaults for the rest."""
    section = folder.section("organisation.yaml", needs="Write at least `name: …` into it.")
    if section is None:
        return Organisation()
    prices = section.section("prices")
    run, request = limits(section.section("budget"), Organisation.run_limits, Organisation.request_limits)
    found = Organisation(
        name=section.text("name"),
        time_zone=time_zone(section, "UTC"),
        models=section.mapping("models"),
        prices={model: _price(prices.section(model)) for model, _ in prices.pairs()},
        run_limits=run,
        request_limits=request,
        timers=timers(section.section("timers"), Timers()),
        roles=_roles(section.section("roles")),
    )
    section.done()
    return found


def _price(section: Section) -> dict[str, float]:
    names = ("input", "output", "cache_read", "cache_write")
    found = {name: value for name in names if (value := section.number(name)) is not None}
    for name in ("input", "output"):
        if name not in found:
            section.error(f"`{name}` is missing in {section.where}", f"Add `{name}:` in US dollars per million tokens.")
    section.done()
    return found


def _roles(section: Section) -> tuple[tuple[str, str], ...]:
    found = []
    wide = [role for role in ROLES if role not in IN_A_WORKSPACE]
    for role, _ in section.pairs():
        if role not in wide:
            section.error(f"`{role}` is not a role of the whole organisation", choose(role, wide, "role"), key=role)
        for email, line in section.lines(role):
            if not is_email(email):
                section.error(f"`{email}` is not an e-mail address", "Write the person's e-mail.", line=line)
            found.append((role, email.lower()))
    return tuple(found)


def limits(section: Section, run: Limits, request: Limits) -> tuple[Limits, Limits]:
    """Return the ceilings of a run and of a request that a `budget` map sets, on top of those given."""
    run = _ceilings(section, "run", run)
    request = _ceilings(section, "request", request)
    section.number("month_usd")
    section.whole("month_tokens")
    section.done()
    return run, request


def _ceilings(section: Section, scope: str, default: Limits) -> Limits:
    usd = section.number(f"{scope}_usd")
    return replace(
        default,
        tokens=section.whole(f"{scope}_tokens", default.tokens),
        micro_usd=default.micro_usd if usd is None else round(usd * 1_000_000),
        model_calls=section.whole(f"{scope}_model_calls", default.model_calls),
        tool_calls=section.whole(f"{scope}_tool_calls", default.tool_calls),
    )


def timers(section: Section, default: Timers) -> Timers:
    """Return the waits that a `timers` map sets."""
    found = Timers(
        remind_after=section.span("remind_after", default.remind_after),
        resolve_after=section.span("resolve_after", default.resolve_after),
        close_after=section.span("close_after", default.close_after),
        approval_expires=section.span("approval_expires", default.approval_expires),
    )
    section.done()
    return found


def time_zone(section: Section, default: str) -> str:
    """Return the `time_zone`, an IANA name."""
    name = section.text("time_zone", default)
    known = zoneinfo.available_timezones()
    if known and name not in known:
        section.error(f"`{name}` is not a time zone", choose(name, sorted(known), "time zone"), key="time_zone")
        return default
    return name


def read_people(
    folder: Folder, organisation: Organisation, workspaces: list[str], problems: Problems
) -> tuple[KnownPerson, ...]:
    """Return the persons of `people.yaml` with their roles, those that `organisation.yaml` gives included."""
    people: dict[str, KnownPerson] = {}
    path = "people.yaml"
    tree = folder.tree(path) if folder.has(path) else None
    if tree is not None and tree.items is None:
        problems.error(path, tree.line, "the file must be a list of people", "Begin each with `- name: …`.")
    for item in (tree.items or ()) if tree is not None else ():
        person, line = _person(Section(item, path, problems, "this person"), workspaces), item.line
        if person.email in people:
            problems.error(path, line, f"`{person.email}` stands here twice", "Keep one of the two.")
        people[person.email] = person
    for role, email in organisation.roles:
        known = people.get(email) or KnownPerson(name=email, email=email)
        people[email] = replace(known, roles=(*known.roles, (role, None)))
    return tuple(people.values())


def _person(section: Section, workspaces: list[str]) -> KnownPerson:
    email = section.text("email").lower()
    if email and not is_email(email):
        section.error(f"`{email}` is not an e-mail address", "Write it as `name@example.com`.", key="email")
    manager = section.text("manager", "").lower()
    if manager and not is_email(manager):
        section.error(f"`manager: {manager}` is not an e-mail address", "Write the manager's e-mail.", key="manager")
    person = KnownPerson(
        name=section.text("name"),
        email=email,
        manager=manager or None,
        language=section.text("language", "en"),
        attributes=section.mapping("attributes"),
        roles=_own_roles(section, workspaces),
        identities={name: section.text(name, "") for name in ("slack", "teams") if section.has(name)},
    )
    section.done()
    return person


def _own_roles(section: Section, workspaces: list[str]) -> tuple[tuple[str, str | None], ...]:
    tree = section.get("roles")
    found = [_role(item, section, workspaces) for item in (tree.items or ())] if tree is not None else []
    if tree is not None and tree.items is None:
        section.error("`roles` must be a list", "Write `roles: [employee, {agent: it-support}]`.", key="roles")
    return tuple(role for role in found if role is not None)


def _role(item: Tree, section: Section, workspaces: list[str]) -> tuple[str, str | None] | None:
    name, workspace = item.text, None
    if item.keys is not None and len(item.keys) == 1:
        [(name, value)] = item.keys.items()
        workspace = value.text
    if name not in ROLES:
        section.error(f"`{name}` is not a role", choose(name or "", list(ROLES), "role"), line=item.line)
        return None
    if (name in IN_A_WORKSPACE) != (workspace is not None):
        remedy = f"Write `{{{name}: it-support}}`." if name in IN_A_WORKSPACE else f"Write `{name}` alone."
        section.error(
            f"the role `{name}` {'needs a' if workspace is None else 'has no'} workspace", remedy, line=item.line
        )
        return None
    if workspace is not None and workspace not in workspaces:
        section.error(
            f"there is no workspace `{workspace}`", choose(workspace, workspaces, "workspace"), line=item.line
        )
    return name, workspace
