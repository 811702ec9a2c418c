"""Replies: what waits in the outbox to be posted, and what became of it.

A reply is written in the same transaction as what it tells of. Its text is platform-neutral Markdown and small enough for one post
on every platform; adapters only translate it. `id` travels in the post's metadata where the platform has it, which is how a post
whose answer was lost is found again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.ids import ConversationId, NoteId, ReplyId, RequestId
from bot.labels import Visibility

ReplyState = Literal["queued", "sending", "sent", "held", "parked", "dropped"]
ReplyKind = Literal["note", "talk", "header", "card", "notice", "status"]


@dataclass(frozen=True, kw_only=True)
class Button:
    """A button under a post."""

    action: Literal["approve", "deny", "take_over", "hand_back"]
    subject: str
    """The approval id or request id that comes back with the press."""
    label: str
    style: Literal["plain", "primary", "danger"] = "plain"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One post, from the moment it is decided until it stands."""

    id: ReplyId
    conversation_id: ConversationId
    request_id: RequestId | None = None
    note_id: NoteId | None = None
    visibility: Visibility
    """Private replies go only where the requester, guests and external members cannot read."""
    kind: ReplyKind
    """`status` shows that work goes on and is dropped rather than repeated when it fails."""
    speaker: str = ""
    """Who says it, as people are shown it; empty for Atom."""
    text: str
    """Markdown; at most `bot.split.LIMIT` characters as escaped."""
    buttons: tuple[Button, ...] = ()
    replaces: ReplyId | None = None
    """Change that reply's post in place instead of posting anew."""
    state: ReplyState = "queued"
    attempts: int = 0
    post: str | None = None
    """The platform's id of the post, once it stands."""
    problem: str = ""
    """Why it is held or parked."""
    at: datetime
    sent_at: datetime | None = None
