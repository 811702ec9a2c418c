"""What arrives from a chat platform, in our words.

Adapters translate each event into one `Message`, purely. `id` is derived from what the platform calls the message itself (team,
channel, timestamp), so the same message delivered again, or under another event id, is recognised.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.conversation import Conversation
from bot.file import File
from bot.form import Submission
from bot.ids import ConversationId, IdentityId, MessageId
from bot.person import Identity
from bot.reply import Action

MessageKind = Literal["text", "edited", "deleted", "press", "command", "form", "opened"]
"""`command`: a slash command; `form`: a form that was sent; `opened`: somebody looks at their chat with Atom."""


@dataclass(frozen=True, kw_only=True)
class Press:
    """A button that somebody pressed."""

    action: Action
    subject: str
    """The approval id, request id or (feedback) reply id that the button carried; empty for `stop`, which means this thread."""
    value: str = ""
    """What was chosen: a score, `good` or `bad`."""
    post: str = ""
    """The platform's id of the message that held the button."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message, edit, deletion, button press, command or form, as stored."""

    id: MessageId
    """`platform:tenant:channel:timestamp` and, for anything but a plain message, what makes it distinct."""
    event_id: str
    """The platform's id of the delivery."""
    conversation_id: ConversationId
    author_id: IdentityId
    author_name: str = ""
    kind: MessageKind = "text"
    text: str = ""
    """Plain text, markup undone, at most 40,000 characters; of a `command` what follows its name."""
    files: tuple[File, ...] = ()
    """Attached files; of a plain text their names are added to the text when it is stored. They are not fetched."""
    addresses_atom: bool = False
    """A direct message, or one that mentions Atom."""
    press: Press | None = None
    form: Submission | None = None
    at: datetime
    """When the platform says that it was written."""
    post: str = ""
    """The platform's id of the message itself (Slack ts, Teams activity id)."""
    quotes: tuple[str, ...] = ()
    """The platform's ids of the messages of the same chat that it says to quote; the sender's client names them, so they prove nothing."""


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A translated event: the message with the conversation and author that it came with."""

    message: Message
    conversation: Conversation
    author: Identity
    others: tuple[Identity, ...] = ()
    """Further people whom it names, such as the one on whose behalf a form was sent; stored like the author."""
