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
ReplyKind = Literal["note", "talk", "header", "card", "notice", "status", "title", "prompts"]
Action = Literal["approve", "deny", "take_over", "hand_back", "solved", "help", "rate", "feedback", "stop"]
"""What a button does. `solved` and `help` are the requester's, `rate` answers the survey, `feedback` judges an answer of Atom."""

SHOWN: frozenset[ReplyKind] = frozenset({"status", "title", "prompts"})
"""What is shown beside a conversation and leaves no post: dropped rather than repeated when it fails."""


@dataclass(frozen=True, kw_only=True)
class Button:
    """A button under a post."""

    action: Action | Literal["form"]
    """`form` opens the form that `value` names, for `subject`."""
    subject: str
    """The approval id, request id or reply id that comes back with the press."""
    value: str = ""
    """A form's kind, a score, `good` or `bad`."""
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
    """`status` shows that work goes on (an empty text ends that), `title` names the thread, `prompts` suggests a message per line."""
    speaker: str = ""
    """Who says it, as people are shown it; empty for Atom."""
    text: str
    """Markdown; at most `bot.split.LIMIT` characters as escaped."""
    footer: str = ""
    """Where the request stands, in small print under the text; Markdown on one line."""
    buttons: tuple[Button, ...] = ()
    replaces: ReplyId | None = None
    """Change that reply's post in place instead of posting anew."""
    state: ReplyState = "queued"
    attempts: int = 0
    post: str | None = None
    """The platform's id of the post, once it stands; while `sending`, what the messenger noted about a post that it has begun."""
    problem: str = ""
    """Why it is held or parked."""
    unsure: bool = False
    """Held, and nobody could tell whether an earlier attempt has posted it."""
    at: datetime
    sent_at: datetime | None = None
