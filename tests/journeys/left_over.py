"""What is in the database when a storm is over, and what must be true of it on whatever platform it raged.

Each function returns what is wrong, as lines that a person can follow; nothing is wrong when all of them are empty.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.conversation import Conversation
from bot.firewall import Withheld
from bot.mail import Mail, Mailbox
from bot.message import Message
from bot.note import Note
from bot.outbox import ATTEMPTS
from bot.person import Identity
from bot.ports import Reader
from bot.reply import Reply
from bot.request import Request
from bot.run import Run

_UNKNOWN_REQUESTER = Withheld(reason="no_requester").sentence


@dataclass(frozen=True, kw_only=True)
class Left:
    """Everything that is in the database when it is over."""

    mail: Sequence[Mail]
    mailboxes: Sequence[Mailbox]
    messages: Sequence[Message]
    replies: Sequence[Reply]
    requests: Sequence[Request]
    notes: Sequence[Note]
    conversations: Sequence[Conversation]
    identities: Sequence[Identity]

    def on(self, platform: str) -> "Left":
        """Return what of it is on one platform; mail, requests and notes are on all."""
        places = [item for item in self.conversations if item.platform == platform]
        there = {item.id for item in places}
        return replace(
            self,
            messages=[item for item in self.messages if item.conversation_id in there],
            replies=[item for item in self.replies if item.conversation_id in there],
            conversations=places,
            identities=[item for item in self.identities if item.platform == platform],
        )


async def left(reader: Reader) -> Left:
    """Read it."""
    return Left(
        mail=await reader.find(Mail),
        mailboxes=await reader.find(Mailbox),
        messages=await reader.find(Message),
        replies=await reader.find(Reply),
        requests=await reader.find(Request),
        notes=await reader.find(Note),
        conversations=await reader.find(Conversation),
        identities=await reader.find(Identity),
    )


async def waiting(reader: Reader) -> list[str]:
    """Return what is still to be done; what the firewall holds, and what waits behind that, waits for people."""
    replies = await reader.find(Reply, state=["queued", "sending"])
    held = {item.conversation_id for item in await reader.find(Reply, state="held")}
    boxes = await reader.find(Mailbox, due=True)
    return [
        *(f"{box.id} is due since {box.waiting_since}" for box in boxes if box.subject not in held),
        *(f"{run.id} runs" for run in await reader.find(Run, state="running")),
        *(f"{item.kind} {item.id} is {item.state}" for item in replies if item.conversation_id not in held),
    ]


def needlessly_held(there: Left, readers: Mapping[str, Collection[str]]) -> list[str]:
    """Return what is held, though its requester is none of the `readers` (users, by channel) any more."""
    users: dict[str | None, set[str]] = defaultdict(set)
    for item in there.identities:
        users[item.person_id].add(item.user)
    requesters = {item.id: users[item.requester] for item in there.requests}
    places = {item.id: item.channel for item in there.conversations}
    return [
        f"{places[item.conversation_id]} {item.kind} {item.text[:60]!r}: {item.problem}"
        for item in there.replies
        if item.state == "held" and item.request_id in requesters and item.problem != _UNKNOWN_REQUESTER
        if requesters[item.request_id].isdisjoint(readers.get(places[item.conversation_id], ()))
    ]


def undone(there: Left) -> list[str]:
    """Return the mail that nobody has taken, and what was given up."""
    return [*(f"unworked: {line}" for line in unworked(there)), *(f"given up: {line}" for line in given_up(there))]


def given_up(there: Left) -> list[str]:
    """Return the replies that were tried too often: nothing fails here for so long."""
    tried = [item for item in there.replies if item.state == "parked" and item.attempts >= ATTEMPTS]
    return [f"{item.kind} {item.text[:60]!r}: {item.problem}" for item in tried]


def unworked(there: Left) -> list[str]:
    """Return the mail that nobody has taken."""
    return [f"{item.id} in {item.mailbox_id}: {item.trigger.kind}" for item in there.mail if item.taken_by is None]
