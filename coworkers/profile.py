"""A coworker as data: goal, identity, soul, grants, budget. Read from files (see `coworkers/files.py`), never from code.

A tool is data too: its capabilities with their effects, as the organisation declares them. What a server says of itself is a hint;
what a capability may do is decided by these two records, the strictest winning.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Literal

from bot.ids import CoworkerId, WorkspaceId
from bot.labels import Source
from bot.spending import Limits
from bot.turn import Effect
from bot.workspace import CoworkerCard, CoworkerKind, CoworkerState, Workspace
from coworkers.playbook.steps import Playbook

Mode = Literal["allow", "ask", "deny"]


@dataclass(frozen=True, kw_only=True)
class Skill:
    """A playbook in the Agent Skills format, organisation-wide."""

    name: str
    description: str
    body: str
    """Markdown; read on demand."""


@dataclass(frozen=True, kw_only=True)
class Capability:
    """One thing that a tool can do, as the tool file declares it."""

    name: str
    effect: Effect = "write"
    idempotent: bool = False
    """It may be repeated when the result of the first call is not known (the same key is passed on)."""
    private: bool = False
    """Its results are for colleagues, not for the requester."""
    untrusted: bool = False
    """Its results contain text that outsiders wrote: mail, web pages, alerts."""
    undo: str | None = None
    """The capability that undoes it, where there is one."""


@dataclass(frozen=True, kw_only=True)
class Tool:
    """An MCP server, or what is built in, and what the organisation declares of it."""

    id: str
    name: str
    transport: Literal["stdio", "http", "built-in"]
    """`built-in`: a part of Deskmate (reading attached files); nothing is started or reached."""
    command: tuple[str, ...] = ()
    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    """Values may be references (`env:NAME`), never secrets."""
    env: dict[str, str] = field(default_factory=dict)
    timeout: float = 30.0
    """Seconds for one call."""
    capabilities: dict[str, Capability] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One coworker."""

    id: CoworkerId
    name: str
    kind: CoworkerKind
    workspace: WorkspaceId | None
    groups: tuple[str, ...] = ()
    manager: str = ""
    state: CoworkerState = "active"
    model: str = "default"
    goal: str = ""
    """GOAL.md: Decision framework, Flow, Boundaries, End-of-run status."""
    identity: str = ""
    """IDENTITY.md: Role, Voice, Audience, Default posture."""
    soul: str = ""
    skills: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    grants: dict[str, dict[str, Mode]] = field(default_factory=dict)
    """Tool id → capability → mode; what is not named is denied."""
    run_limits: Limits = Limits(tool_calls=8)
    request_limits: Limits = Limits()
    playbook: Playbook | None = None
    """`playbook.yaml`, checked, for the offline model."""
    triage: CoworkerId | None = None
    """The triage coworker of its workspace, where work goes that is not its own; None for global triage and the front door."""
    version: str = ""
    """Digest of all of the above files."""

    def card(self) -> CoworkerCard:
        """Return what the desk must know."""
        return CoworkerCard(
            id=self.id,
            name=self.name,
            kind=self.kind,
            workspace=self.workspace,
            state=self.state,
            file_state=self.state,
            examples=self.examples,
            manager=self.manager,
            run_limits=self.run_limits,
            request_limits=self.request_limits,
        )


@dataclass(frozen=True, kw_only=True)
class Workforce:
    """A checked workforce folder."""

    name: str
    """Of the organisation."""
    time_zone: str
    models: dict[str, str] = field(default_factory=dict)
    """`default` and other names → model ids."""
    prices: dict[str, dict[str, float]] = field(default_factory=dict)
    """Model id → `input`, `output` in US dollars per million tokens, overriding the published ones."""
    workspaces: dict[WorkspaceId, Workspace] = field(default_factory=dict)
    coworkers: dict[CoworkerId, Profile] = field(default_factory=dict)
    tools: dict[str, Tool] = field(default_factory=dict)
    skills: dict[str, Skill] = field(default_factory=dict)
    people: tuple["KnownPerson", ...] = ()
    knowledge: tuple["Document", ...] = ()


@dataclass(frozen=True, kw_only=True)
class KnownPerson:
    """A line of people.yaml."""

    name: str
    email: str
    manager: str | None = None
    language: str = "en"
    attributes: dict[str, str] = field(default_factory=dict)
    roles: tuple[tuple[str, str | None], ...] = ()
    """(role, workspace id or None), for example `("agent", "it-support")`."""
    identities: dict[str, str] = field(default_factory=dict)
    """Platform → user id, where the admin wrote one."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """A knowledge file."""

    path: str
    text: str
    source: Source = Source.ORGANISATION


def digest(*texts: str) -> str:
    """Return 16 hex digits that change whenever any of `texts` does."""
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:16]
