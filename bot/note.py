"""Notes: everything that is said about a request.

A public note is a reply in the requester's thread; a private note is a message to colleagues in the private support channel.
Which of the two it is, is fixed when the note is made and never changes.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.ids import NoteId, RequestId, RunId
from bot.labels import Actor, Source, Visibility


@dataclass(frozen=True, kw_only=True)
class Note:
    """One note, public or private."""

    id: NoteId
    request_id: RequestId
    visibility: Visibility
    source: Source
    """The least trusted thing that went into it; `requester` for the requester's own words."""
    author: Actor
    text: str
    """Markdown."""
    at: datetime
    run_id: RunId | None = None
    """The run that wrote it."""
