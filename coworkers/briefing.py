"""What a coworker is given at the start of a run, as structure: each model renders it in its own way.

The first fields (who the coworker is, its skills) are the same for every run of the coworker, so that a model's prompt cache holds
them; what belongs to the request follows. Every text keeps its source and visibility.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.file import File
from bot.labels import Source, Visibility
from bot.packet import Packet
from bot.request import Request
from bot.turn import CallResult
from bot.workspace import Workspace
from coworkers.profile import Profile, Skill


@dataclass(frozen=True, kw_only=True)
class Said:
    """Something that was written, by whomever."""

    author: str
    text: str
    visibility: Visibility
    source: Source
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody who could take the request: read by triage and by the front door."""

    coworker: Profile
    workspace: Workspace | None
    reachable: bool = True
    """False when it can be reached through global triage only."""


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """Why the run was started."""

    kind: str
    """A trigger's kind: `assigned`, `requester_replied`, `approval_decided` …"""
    text: str = ""
    """The reply, the decision, the reason, in words."""
    result: CallResult | None = None
    """What the approved call brought, when there was one."""


@dataclass(frozen=True, kw_only=True)
class Briefing:
    """Everything a model is told before its first turn of a run."""

    coworker: Profile
    organisation: str
    skills: tuple[Skill, ...] = ()
    """Those attached; a model is shown names and descriptions and reads bodies with `read_skill`."""
    workspaces: tuple[Workspace, ...] = ()
    """For the front door and global triage: all of them."""
    candidates: tuple[Candidate, ...] = ()
    """For triage: whom it can choose. For the front door: everybody, to judge what the organisation works on."""
    request: Request | None = None
    requester: str = ""
    """Name, and what of their attributes matters."""
    asked_by: str = ""
    """Who asked in the requester's name; empty when the requester did, or an agent for them."""
    language: str = "en"
    packet: Packet | None = None
    """The latest hand-off's."""
    said: tuple[Said, ...] = ()
    """The request's notes, oldest first; for the front door the conversation so far."""
    files: tuple[File, ...] = ()
    """What is attached to the request; a coworker that may can read the text of it."""
    occasions: tuple[Occasion, ...] = ()
    messages: tuple[Said, ...] = ()
    """For the front door: the new messages, to be read together."""
    own_requests: tuple[Request, ...] = ()
    """For the front door: the requester's requests that are not closed, newest first."""
    now: datetime
