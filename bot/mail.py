"""Mail and mailboxes: how work waits, and who may do it.

Every conversation, request and outbox has a mailbox. Mail in it is a trigger that waits to be worked. Whoever works a mailbox
holds its lease and a fencing token that rises with every claim; every write is made under that token, so a worker
that was stopped past its lease is refused at its next write. A wake-up is only a hint: the tables say what is due.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.ids import ApprovalId, MailboxId, MessageId

MailboxKind = Literal["conversation", "request", "outbox"]
Priority = Literal["urgent", "high", "normal", "low"]


@dataclass(frozen=True, kw_only=True)
class Said:
    """Somebody wrote in a conversation; the front door decides what it means."""

    message_id: MessageId
    kind: Literal["said"] = "said"


@dataclass(frozen=True, kw_only=True)
class Assigned:
    """The request was given to its assignee, with a packet when it was handed off."""

    packet_id: str | None = None
    kind: Literal["assigned"] = "assigned"


@dataclass(frozen=True, kw_only=True)
class RequesterReplied:
    """The requester wrote; `note_id` holds the words."""

    note_id: str
    was: str = ""
    """The request's status when it came: where it goes back to when there is nothing to do about it."""
    kind: Literal["requester_replied"] = "requester_replied"


@dataclass(frozen=True, kw_only=True)
class ColleagueAsked:
    """A colleague's private note addressed the assignee by name."""

    note_id: str
    was: str = ""
    """As with a requester's reply."""
    kind: Literal["colleague_asked"] = "colleague_asked"


@dataclass(frozen=True, kw_only=True)
class ApprovalDecided:
    """An approval was decided or expired; the stored call is the next run's first step."""

    approval_id: ApprovalId
    kind: Literal["approval_decided"] = "approval_decided"


@dataclass(frozen=True, kw_only=True)
class HandedBack:
    """A human who held the request gave it back."""

    by: str
    kind: Literal["handed_back"] = "handed_back"


@dataclass(frozen=True, kw_only=True)
class TimerFired:
    """A timer of this request came due."""

    name: str
    kind: Literal["timer_fired"] = "timer_fired"


Trigger = Said | Assigned | RequesterReplied | ColleagueAsked | ApprovalDecided | HandedBack | TimerFired


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One trigger in a mailbox."""

    id: str
    """Derived from what caused it, so the same cause is delivered once."""
    mailbox_id: MailboxId
    trigger: Trigger
    at: datetime
    taken_by: str | None = None
    """The run (or `frontdoor`) that worked it; None while it waits."""


@dataclass(frozen=True, kw_only=True)
class Mailbox:
    """Where mail waits, and the lease on it."""

    id: MailboxId
    """`kind:subject`."""
    kind: MailboxKind
    subject: str
    """A conversation id or a request id."""
    due: bool = False
    """There is something to do: mail, an unfinished run, or a reply to post."""
    priority: int = 2
    """0 urgent, 1 high, 2 normal, 3 low."""
    waiting_since: datetime
    not_before: datetime | None = None
    """Nothing is done before this moment (a Retry-After, a pause to read quick messages together)."""
    firm: bool = True
    """False: something new that arrives ends the postponement."""
    holder: str | None = None
    """Which process works it."""
    lease_until: datetime | None = None
    """None when it was released properly; a past moment when its holder died or was stopped."""
    token: int = 0
    """Raised by every claim."""
    arrivals: int = 0
    """Raised by every delivery, so that a worker that releases sees whether something came meanwhile."""
    failures: int = 0
    """Claims in a row that ended without progress."""


@dataclass(frozen=True, kw_only=True)
class Lease:
    """The right to work one mailbox, good until somebody claims it anew."""

    mailbox_id: MailboxId
    token: int
    holder: str = field(default="")


def mailbox_id(kind: MailboxKind, subject: str) -> MailboxId:
    """Return the key of a mailbox."""
    return MailboxId(f"{kind}:{subject}")


PRIORITIES: dict[Priority, int] = {"urgent": 0, "high": 1, "normal": 2, "low": 3}
