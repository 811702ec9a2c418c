"""Reads `workspaces/<id>.yaml`.

What a workspace promises (`sla`) counts in its business hours: `4h` are four hours in which it is open, `3d` three of its working days.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from bot.ids import CoworkerId, WorkspaceId
from bot.mail import PRIORITIES, Priority
from bot.sla import DAYS, LONGEST, open_minutes
from bot.workspace import Target, Workspace
from coworkers.files.organisation import Organisation, is_email, time_zone, timers
from coworkers.files.problem import Problems, choose
from coworkers.files.section import Section, duration
from coworkers.files.unread import Unread
from coworkers.profile import Profile

_PREFIX = re.compile(r"[A-Z]{2,5}")
_HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)")
_TEAMS_CHANNEL = re.compile(r"19:\S+@thread\.(tacv2|skype)")
_PLATFORMS = ("slack", "teams", "terminal")


@dataclass(frozen=True, kw_only=True)
class ReadWorkspace:
    """A workspace and the section it was read from, for the checks that need the other files."""

    workspace: Workspace
    section: Section
    stem: str
    """The file's name without `.yaml`."""


def read_workspace(section: Section, stem: str, organisation: Organisation) -> ReadWorkspace:
    """Return what the file says; it goes by its file's name, whatever it calls itself."""
    written = section.text("id")
    groups = section.section("groups")
    hours = _hours(section.section("business_hours"))
    found = Workspace(
        id=WorkspaceId(stem),
        name=section.text("name"),
        prefix=section.text("prefix"),
        about=section.text("about"),
        triage=CoworkerId(section.text("triage")),
        support_channels=_channels(section, "support_channels"),
        restricted_channels=_channels(section, "restricted_channels"),
        sees=frozenset(WorkspaceId(name) for name in section.texts("sees")),
        default=section.flag("default", default=False),
        strict=section.flag("strict", default=False),
        groups={name: tuple(member.lower() for member in groups.texts(name)) for name, _ in groups.pairs()},
        time_zone=time_zone(section, organisation.time_zone),
        timers=timers(section.section("timers"), organisation.timers),
        business_hours=hours,
        sla=_sla(section.section("sla"), _working_day(hours)),
    )
    if found.strict:
        section.error(
            "`strict: true` is not available yet", "Leave `strict` out; the content check holds anyway.", key="strict"
        )
    if written and written != stem:
        section.error(f"`id: {written}` is not the file's name", f"Write `id: {stem}`, or rename the file.", key="id")
    if found.prefix and not _PREFIX.fullmatch(found.prefix):
        section.error(
            f"`prefix: {found.prefix}` will not do", "Write 2 to 5 capital letters, such as `IT`.", key="prefix"
        )
    section.done()
    return ReadWorkspace(workspace=found, section=section, stem=stem)


def _channels(section: Section, key: str) -> dict[str, str]:
    channels = section.mapping(key)
    for platform in channels:
        if platform not in _PLATFORMS:
            section.error(f"`{platform}` is not a platform", choose(platform, list(_PLATFORMS), "platform"), key=key)
    if channels.get("slack", "C").startswith("D"):
        what = f"`{channels['slack']}` is a direct chat in Slack, which its person reads"
        section.error(what, "Write the id of a private channel, which begins with C or G.", key=key)
    if "teams" in channels and not _TEAMS_CHANNEL.fullmatch(channels["teams"]):
        chat = channels["teams"].endswith("@thread.v2")
        what = "a group chat in Teams, which has no threads" if chat else "no channel of Teams"
        then = (
            "Write the id of a channel, `19:…@thread.tacv2`: it stands in the channel's link, there with %3a and %40."
        )
        section.error(f"`{channels['teams']}` is {what}", then, key=key)
    return channels


def _hours(section: Section) -> dict[str, str]:
    found = {}
    for days, _ in section.pairs():
        hours = section.text(days)
        names = days.split("-")
        known = len(names) in {1, 2} and all(name in DAYS for name in names)
        if not known:
            section.error(f"`{days}` names no days", "Write `mon-fri` or a single day such as `sat`.", key=days)
        begins, _, ends = hours.partition("-")
        if not _HOURS.fullmatch(hours) or begins >= ends:
            section.error(f"`{hours}` is not a span of a day", 'Write `"09:00-17:30"`.', key=days)
        elif known:
            found[days] = hours
    return found


def _working_day(hours: dict[str, str]) -> timedelta:
    """Return how long the longest working day is: what `1d` means in a promise."""
    lengths = [closes - opens for opens, closes in open_minutes(hours).values()]
    return timedelta(minutes=max(lengths)) if lengths else timedelta(days=1)


def _sla(section: Section, day: timedelta) -> dict[Priority, Target]:
    found: dict[Priority, Target] = {}
    for priority, _ in section.pairs():
        targets = section.mapping(priority)
        spans = {name: _promise(span, day) for name, span in targets.items()}
        for name, span in targets.items():
            if name not in {"respond", "resolve"} or spans[name] is None:
                section.error(f"`{name}: {span}` is not a target", "Write `{respond: 15m, resolve: 4h}`.", key=priority)
        known = next((name for name in PRIORITIES if name == priority), None)
        if known is None:
            section.error(
                f"`{priority}` is not a priority", choose(priority, list(PRIORITIES), "priority"), key=priority
            )
        else:
            found[known] = Target(respond=spans.get("respond"), resolve=spans.get("resolve"))
    return found


def _promise(text: str, day: timedelta) -> timedelta | None:
    """Return a span of business time; one that is written in days counts working days."""
    span = duration(text)
    if span is None or not text.strip().endswith("d"):
        return span
    return min(span, LONGEST) // timedelta(days=1) * day


def check_workspaces(
    found: list[ReadWorkspace], coworkers: dict[CoworkerId, Profile], missing: Unread, problems: Problems
) -> None:
    """Look up every name that a workspace file mentions, and what must be there once; `missing` could not be read."""
    ids = [str(one.workspace.id) for one in found]
    for one in found:
        if one.workspace.triage not in missing.coworkers:
            _check_triage(one, coworkers)
        for name, line in one.section.lines("sees"):
            if name not in ids and name not in missing.workspaces:
                one.section.error(f"there is no workspace `{name}`", choose(name, ids, "workspace"), line=line)
        _check_groups(one, {*map(str, coworkers), *missing.coworkers})
        others = [other.stem for other in found if other.workspace.prefix == one.workspace.prefix and other is not one]
        if others and one.workspace.prefix:
            what = f"the prefix `{one.workspace.prefix}` is also that of {', '.join(others)}"
            one.section.error(what, "Request numbers must differ: choose another.", key="prefix")
        _check_channels(one, found)
    _check_default(found, missing, problems)


def _check_channels(one: ReadWorkspace, found: list[ReadWorkspace]) -> None:
    """Refuse a private channel that two workspaces share: each would read the other's notes."""
    for key in ("support_channels", "restricted_channels"):
        for platform, channel in getattr(one.workspace, key).items():
            sharing = [
                other.stem
                for other in found
                if other is not one
                and channel
                in {other.workspace.support_channels.get(platform), other.workspace.restricted_channels.get(platform)}
            ]
            if sharing and channel:
                what = f"the {platform} channel `{channel}` is also that of {', '.join(sharing)}"
                one.section.error(what, "Give each workspace a private channel of its own.", key=key)


def _check_triage(one: ReadWorkspace, coworkers: dict[CoworkerId, Profile]) -> None:
    key, section = one.workspace.triage, one.section
    if not key:
        return
    triage = coworkers.get(key)
    fitting = [str(c.id) for c in coworkers.values() if c.kind == "triage" and c.workspace == one.workspace.id]
    if triage is None:
        section.error(
            f"there is no coworker `{key}`",
            choose(key, fitting or [str(c) for c in coworkers], "coworker"),
            key="triage",
        )
    elif triage.kind != "triage" or triage.workspace != one.workspace.id:
        what = f"`{key}` is not a triage coworker of this workspace"
        section.error(what, f"Give it `kind: triage` and `workspace: {one.stem}`, or name another.", key="triage")


def _check_groups(one: ReadWorkspace, coworkers: set[str]) -> None:
    groups = one.section.section("groups")
    for name, _ in groups.pairs():
        for member, line in groups.lines(name):
            if "@" in member:
                if not is_email(member):
                    groups.error(f"`{member}` is not an e-mail address", "Write `name@example.com`.", line=line)
            elif member not in coworkers:
                remedy = f"{choose(member, sorted(coworkers), 'coworker')} A person's e-mail address needs an `@`."
                groups.error(f"there is no coworker `{member}`", remedy, line=line)


def _check_default(found: list[ReadWorkspace], missing: Unread, problems: Problems) -> None:
    defaults = [one for one in found if one.workspace.default]
    if found and not defaults and not missing.workspaces:
        what = "no workspace has `default: true`"
        problems.error(
            found[0].section.path, 1, what, "Write it in the one that takes what fits nowhere in particular."
        )
    for one in defaults[1:]:
        what = f"`default: true` stands in {defaults[0].stem} too"
        one.section.error(what, "Only one workspace takes what fits nowhere: remove it here.", key="default")
