"""What arrives from a chat platform, in our words.

Adapters translate each event into one `Message`, purely. `id` is derived from what the platform calls the message itself (team,
channel, timestamp), so the same message delivered again, or under another event id, is recognised.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.conversation import Conversation
from bot.ids import ConversationId, IdentityId, MessageId
from bot.person import Identity


@dataclass(frozen=True, kw_only=True)
class Press:
    """A button that somebody pressed."""

    action: Literal["approve", "deny", "take_over", "hand_back"]
    subject: str
    """The approval id or request id that the button carried."""
    post: str = ""
    """The platform's id of the message that held the button."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message, edit, deletion or button press, as stored."""

    id: MessageId
    """`platform:tenant:channel:timestamp` and, for anything but a plain message, what makes it distinct."""
    event_id: str
    """The platform's id of the delivery."""
    conversation_id: ConversationId
    author_id: IdentityId
    author_name: str = ""
    kind: Literal["text", "edited", "deleted", "press"] = "text"
    text: str = ""
    """Plain text, markup undone, at most 40,000 characters."""
    addresses_atom: bool = False
    """A direct message, or one that mentions Atom."""
    press: Press | None = None
    at: datetime
    """When the platform says that it was written."""
    post: str = ""
    """The platform's id of the message itself (Slack ts, Teams activity id)."""


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A translated event: the message with the conversation and author that it came with."""

    message: Message
    conversation: Conversation
    author: Identity
    files: tuple[str, ...] = field(default_factory=tuple)
    """Names of attached files; they are added to the message's text when it is stored, the files are not fetched."""
