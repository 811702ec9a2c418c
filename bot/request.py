"""Requests and the one function that changes a request's status.

The table below is the whole truth about statuses. `transition` is pure; nobody else builds a request with another status, which an
architecture test checks. Who caused each change is kept in the audit by the caller.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from bot.errors import TransitionRefused
from bot.ids import ConversationId, CoworkerId, PersonId, RequestId, RunId, WorkspaceId
from bot.labels import Actor
from bot.mail import Priority

Status = Literal["open", "in_progress", "pending", "awaiting_approval", "on_hold", "resolved", "closed", "cancelled"]
RequestType = Literal["incident", "service_request", "question"]
AssigneeKind = Literal["coworker", "person", "group"]


@dataclass(frozen=True, kw_only=True)
class Assignee:
    """Exactly one coworker, human or agent group."""

    kind: AssigneeKind
    id: str
    """A coworker id, a person id, or `workspace/group`."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link to another request."""

    request_id: RequestId
    relation: Literal["parent", "child", "blocks", "blocked_by", "relates_to", "duplicate"]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What somebody wants from a service team, from opening to closing."""

    id: RequestId
    number: str
    """Given once by the first workspace, kept for ever: `IT-1042`."""
    type: RequestType = "incident"
    title: str
    description: str
    priority: Priority = "normal"
    status: Status = "open"
    requester: PersonId
    """For whom it is."""
    author: PersonId
    """Who wrote it."""
    workspace: WorkspaceId
    assignee: Assignee
    held_from: CoworkerId | None = None
    """The coworker that had it before a human took it over; it gets the request back."""
    conversation_id: ConversationId
    """The requester's thread."""
    followers: tuple[PersonId, ...] = ()
    links: tuple[Link, ...] = ()
    tags: tuple[str, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    source_link: str = ""
    """The message that it was opened from, where people who may see that can read it."""
    responded_at: datetime | None = None
    """When somebody other than the requester first wrote a public note."""
    stopped_run: RunId | None = None
    """The run that a person has stopped; it ends at its next step."""
    opened_at: datetime
    changed_at: datetime


TABLE: dict[Status, frozenset[Status]] = {
    "open": frozenset({"in_progress", "pending", "awaiting_approval", "on_hold", "resolved", "cancelled"}),
    "in_progress": frozenset({"open", "pending", "awaiting_approval", "on_hold", "resolved", "cancelled"}),
    "pending": frozenset({"in_progress", "on_hold", "resolved", "cancelled"}),
    "awaiting_approval": frozenset({"in_progress", "cancelled"}),
    "on_hold": frozenset({"in_progress", "resolved", "cancelled"}),
    "resolved": frozenset({"in_progress", "closed"}),
    "closed": frozenset(),
    "cancelled": frozenset(),
}
"""From each status, what it may become (the product's table)."""

FINAL: frozenset[Status] = frozenset({"closed", "cancelled"})
ALIVE: tuple[Status, ...] = tuple(status for status in TABLE if status not in FINAL)
UNDER_WAY: tuple[Status, ...] = tuple(status for status in ALIVE if status != "resolved")
"""What is counted as open: a resolved request lives, since a reply opens it again, but nobody has to do anything about it."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A wished change of status."""

    to: Status
    at: datetime
    reason: str


def transition(request: Request, change: Change, actor: Actor) -> Request:
    """Return the request with its new status.

    Raises `TransitionRefused`, which names what the request may become instead, when the table has no such transition.
    """
    allowed = TABLE[request.status]
    if change.to not in allowed:
        may = ", ".join(sorted(allowed)) or "nothing; a reply opens a linked request"
        raise TransitionRefused(
            f"{request.number} is {request.status} and cannot become {change.to} (asked by {actor.name}). It may become: {may}."
        )
    return replace(request, status=change.to, changed_at=change.at)
