"""From what is typed at the terminal to arrivals, purely: the same shapes that Slack's and Teams' events are translated into.

A person's direct chat is `me:<email>`, without threads. A request's private thread is entered as on a chat platform: by channel
and thread. `number` makes a message unique; the same number from the same place is the same message, delivered again.
"""

from datetime import datetime
from typing import Literal

from adapters.terminal.names import DIRECT
from bot.conversation import Conversation, ConversationKind, conversation_id
from bot.ids import MessageId
from bot.message import Arrival, Message, Press
from bot.person import Identity, identity_id

PLATFORM: Literal["terminal"] = "terminal"
TENANT = "local"
LIMIT = 40_000
"""Characters of a message."""
Action = Literal["approve", "deny", "take_over", "hand_back"]


def arrival(email: str, name: str, text: str, number: str, now: datetime) -> Arrival:
    """Return what a person says to Atom in their direct chat."""
    channel = f"{DIRECT}{_address(email)}"
    place = _place(channel, None, "direct")
    return _arrival(place, email, name, number, now, text=text, addresses_atom=True)


def private_message(thread: Conversation, email: str, name: str, text: str, number: str, now: datetime) -> Arrival:
    """Return what a support agent writes in a request's private thread; `ValueError` when it has not begun on the terminal."""
    return _arrival(_same(thread), email, name, number, now, text=text, addresses_atom=False)


def press(
    thread: Conversation, email: str, name: str, action: Action, subject: str, number: str, now: datetime
) -> Arrival:
    """Return the press of a button in a request's private thread; `subject` is the approval or request it is about."""
    return _arrival(_same(thread), email, name, number, now, button=Press(action=action, subject=subject))


def _arrival(
    place: Conversation,
    email: str,
    name: str,
    number: str,
    now: datetime,
    *,
    text: str = "",
    addresses_atom: bool = False,
    button: Press | None = None,
) -> Arrival:
    address = _address(email)
    author = Identity(
        id=identity_id(PLATFORM, TENANT, address), platform=PLATFORM, tenant=TENANT, user=address, name=name
    )
    key = MessageId(f"{PLATFORM}:{TENANT}:{place.channel}:{number}")
    message = Message(
        id=key,
        event_id=key,
        conversation_id=place.id,
        author_id=author.id,
        author_name=name,
        kind="press" if button else "text",
        text=text[:LIMIT],
        addresses_atom=addresses_atom,
        press=button,
        at=now,
        post=number,
    )
    return Arrival(message=message, conversation=place, author=author)


def _same(thread: Conversation) -> Conversation:
    if thread.platform != PLATFORM or thread.thread is None:
        raise ValueError(
            "The request has no private thread on the terminal yet; try again when its first note is there."
        )
    return _place(thread.channel, thread.thread, "support")


def _place(channel: str, thread: str | None, kind: ConversationKind) -> Conversation:
    return Conversation(
        id=conversation_id(PLATFORM, TENANT, channel, thread),
        platform=PLATFORM,
        tenant=TENANT,
        channel=channel,
        thread=thread,
        kind=kind,
    )


def _address(email: str) -> str:
    return email.strip().casefold()
