"""Workspaces and coworkers as the desk sees them: where private notes go, who routes, who may see whom.

These are read from the workforce folder and never stored; what is switched at run time lives in the database.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from bot.ids import CoworkerId, WorkspaceId
from bot.mail import Priority
from bot.spending import Limits

CoworkerKind = Literal["specialist", "triage", "global_triage", "front_door"]
CoworkerState = Literal["draft", "shadow", "active", "paused", "retired"]


@dataclass(frozen=True, kw_only=True)
class Timers:
    """How long each wait lasts."""

    remind_after: timedelta = timedelta(days=1)
    resolve_after: timedelta = timedelta(days=3)
    close_after: timedelta = timedelta(days=7)
    look_again_after: timedelta = timedelta(days=3)
    """How long a request rests on hold before its assignee looks at it again."""
    approval_expires: timedelta = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class Target:
    """What the workspace promises for one priority, in business hours."""

    respond: timedelta | None = None
    resolve: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """One service team."""

    id: WorkspaceId
    name: str
    prefix: str
    """Of request numbers: `IT` gives `IT-1042`."""
    about: str
    triage: CoworkerId
    support_channels: dict[str, str] = field(default_factory=dict)
    """Platform → private support channel."""
    restricted_channels: dict[str, str] = field(default_factory=dict)
    """Platform → where private notes go when the requester can read the support channel."""
    sees: frozenset[WorkspaceId] = frozenset()
    default: bool = False
    strict: bool = False
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Agent group → members: e-mails of humans, ids of coworkers."""
    time_zone: str = "UTC"
    business_hours: dict[str, str] = field(default_factory=dict)
    """`mon-fri` or `sat` → `09:00-17:30`, in the time zone; none: always."""
    sla: dict[Priority, Target] = field(default_factory=dict)
    timers: Timers = Timers()


@dataclass(frozen=True, kw_only=True)
class CoworkerCard:
    """What the desk must know of a coworker."""

    id: CoworkerId
    name: str
    kind: CoworkerKind
    workspace: WorkspaceId | None
    """None for global triage and the front door."""
    state: CoworkerState
    """As it is now: what its file says, unless a switch holds it."""
    manager: str = ""
    """The accountable human's e-mail."""
    file_state: CoworkerState = "active"
    """What its file says."""
    examples: tuple[str, ...] = ()
    """What people say whom it can help."""
    killed: bool = False
    """An admin stopped it: its runs end at their next step."""
    run_limits: Limits = Limits()
    """What one of its runs may spend."""
    request_limits: Limits = Limits()
    """What a request may have spent while it works on it."""
