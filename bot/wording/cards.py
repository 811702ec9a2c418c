"""What support staff are shown: the header of a request's private thread, hand-off cards, calls for a human."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.form import FormKind
from bot.packet import Packet
from bot.request import FINAL, Request
from bot.sla import Promised
from bot.wording.managing import relation

TAKE_OVER = "Take over"
HAND_BACK = "Hand back"
FORMS: dict[FormKind, str] = {
    "reply": "Reply to requester",
    "assign": "Assign",
    "resolve": "Resolve",
    "priority": "Priority",
    "link": "Link",
}
"""The forms that the header of a private thread offers, and what their buttons say."""
SOMEBODY = "somebody"
PROMISES: tuple[Promised, ...] = ("respond", "resolve")
_PROMISED = {"respond": "First response", "resolve": "Resolution"}
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LINKS_SHOWN = 10
_NOT_HERE = "Its private notes go on in that workspace's support channel."

_STATUS = {
    "open": "Open",
    "in_progress": "In progress",
    "pending": "Waiting for the requester",
    "awaiting_approval": "Waiting for approval",
    "on_hold": "On hold",
    "resolved": "Resolved",
    "closed": "Closed",
    "cancelled": "Cancelled",
}


def status(name: str) -> str:
    """Return a status as people read it."""
    return _STATUS[name]


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What was promised, and what became of it."""

    name: Promised
    due: str
    """The moment in words, in the workspace's time zone."""
    done: bool
    late: bool


@dataclass(frozen=True, kw_only=True)
class Header:
    """What the first post of a request's private thread tells."""

    request: Request
    workspace: str
    assignee: str
    held_by: str = ""
    requester: str
    author: str = ""
    """Who opened it, when that is somebody else."""
    promises: tuple[Promise, ...] = ()
    linked: tuple[tuple[str, str], ...] = ()
    """Relation and number."""


def moment(at: datetime, zone: str) -> str:
    """Return a moment as people of a place read it."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{_WEEKDAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}, {local:%H:%M} ({zone})"


def header(head: Header) -> str:
    """Return the first post of a request's private thread."""
    request = head.request
    lines = [
        f"Status: {status(request.status)}",
        f"Assignee: {head.assignee}",
        f"Priority: {request.priority}",
        *(_promise(item) for item in head.promises),
        f"Requester: {head.requester}" + (f" (opened by {head.author})" if head.author else ""),
        f"Workspace: {head.workspace}",
        *_linked(request.number, head.linked),
    ]
    if request.source_link:
        lines.append(f"Original message: {request.source_link}")
    parts = [f"**{request.number}: {' '.join(request.title.split())}**", "\n".join(f"- {line}" for line in lines)]
    if head.held_by:
        parts.append(f"{head.held_by} has taken this over. Coworkers stay silent until it is handed back.")
    if request.status in FINAL:
        parts.append("It is over: a reply of the requester opens a new, linked request.")
    else:
        parts.append("Write here to leave a private note. Start with `reply:` to answer the requester.")
    return "\n\n".join(parts)


def _linked(number: str, links: Sequence[tuple[str, str]]) -> list[str]:
    lines = [f"Linked: {number} {relation(how)} {other}" for how, other in links[-_LINKS_SHOWN:]]
    return [*lines, f"Linked: {len(links) - _LINKS_SHOWN} more"] if len(links) > _LINKS_SHOWN else lines


def _promise(item: Promise) -> str:
    name = _PROMISED[item.name]
    if item.late:
        return f"{name}: late, it was due {item.due}"
    return f"{name}: in time, it was due {item.due}" if item.done else f"{name}: due {item.due}"


def moved_header(number: str, title: str, workspace: str) -> str:
    """Return what the header of the old private thread says once a request has moved."""
    return f"**{number}: {' '.join(title.split())}**\n\nThis has moved to {workspace}. {_NOT_HERE}"


def hand_off(packet: Packet, number: str, sender: str, receiver: str) -> str:
    """Return the packet as colleagues read it: what was asked, what is known, what is open, and why it moves."""
    lines = [f"**{sender} → {receiver}** ({number})", f"Why: {packet.reason}", f"Asked: {packet.asked}"]
    if packet.wanted:
        lines.append(f"Meant for: {packet.wanted}, which {sender} cannot reach directly.")
    if packet.facts:
        lines.append("Verified:\n" + "\n".join(f"- {fact.text}" + _seen(fact.evidence) for fact in packet.facts))
    if packet.actions:
        lines.append("Done so far:\n" + "\n".join(f"- {action}" for action in packet.actions))
    if packet.open_questions:
        lines.append("Still open:\n" + "\n".join(f"- {question}" for question in packet.open_questions))
    if packet.budget_left_micro_usd is not None:
        lines.append(f"Budget left: ${packet.budget_left_micro_usd / 1_000_000:.2f}")
    return "\n\n".join(lines)


def _seen(evidence: str) -> str:
    return f" (seen in {evidence.replace('__', ' ')})" if evidence else ""


def moved_away(number: str, workspace: str) -> str:
    """Return the pointer that stays in the old private thread."""
    return f"{number} has moved to {workspace}. {_NOT_HERE}"


def no_request_here() -> str:
    """Answer a colleague who speaks to Atom in a support channel, but in no request's thread."""
    return (
        "In this channel I only follow the threads of requests. Write in one of those; "
        "to ask me for something yourself, write to me directly."
    )


def nobody_to_ask(number: str) -> str:
    """Answer a colleague who speaks to Atom in the private thread of a request that no coworker has."""
    return (
        f"No coworker has {number} now, so nobody here can look at that. "
        "Press *Assign* on the first post of this thread to give it to one."
    )


def refused(name: str, reason: str) -> str:
    """Tell the team why what a colleague pressed, sent or wrote did nothing."""
    return f"{name}: {reason}"


def not_worked(name: str) -> str:
    """Return what a colleague is told whose words or button could not be worked."""
    called = f"{name}: " if name else ""
    return f"{called}what you just wrote or pressed here could not be worked. Please do it once more."


def withheld(number: str, reason: str) -> str:
    """Return the notice to an admin about a private note that could not be delivered; never its content."""
    return f"A private note of {number} is held back: {reason}"


def waits(number: str, name: str, reason: str) -> str:
    """Return the line for colleagues when a coworker lets a request wait."""
    return f"{number} is now: {status(name).lower()}. {reason}"


def still_on_hold(number: str) -> str:
    """Remind colleagues of a request that rests."""
    return f"{number} has been on hold for a while. Is what it waits for here? Take it up, or leave it on hold."


def no_channel(number: str, workspace: str) -> str:
    """Tell an admin that a workspace's private notes are read by nobody."""
    return (
        f"{workspace} has no private support channel on a connected platform, so nobody reads the private notes of {number} "
        "and later requests. Write one into the workspace's file under `support_channels`."
    )


def workspace_gone(workspace: str) -> str:
    """Say why a request has come to another workspace."""
    return f"Its workspace, {workspace}, is no longer in the workforce folder."


def unreadable(reason: str) -> str:
    """Say why a message came to a human as it is."""
    return f"Atom could not read it: {reason}"


def without_outcome(name: str) -> str:
    """Say that a coworker stopped in the middle."""
    return f"{name} ended its run without an outcome."


def could_not_work(name: str, reason: str) -> str:
    """Say why a coworker gave a request up."""
    return f"{name} could not work on it: {reason}"


def too_many_hops(hops: int) -> str:
    """Say why a request that moved too often comes to a human."""
    return f"It was handed over {hops} times between specialists."


def back_and_forth(one: str, other: str) -> str:
    """Say why a request that two coworkers pass to each other comes to a human."""
    return f"It goes back and forth between {one} and {other} without a new verified fact."


def takes_no_work(name: str) -> str:
    """Say why work moved on from its assignee."""
    return f"{name} takes no work now."


def taken_over(number: str, by: str) -> str:
    """Return the line for colleagues when a human takes a request."""
    return f"{by} has taken over {number}. Coworkers stay silent to the requester until it is handed back."


def handed_back(number: str, by: str, to: str) -> str:
    """Return the line for colleagues when a human gives a request back."""
    return f"{by} handed {number} back to {to}."


def not_held(number: str) -> str:
    """Refuse to hand back what no human holds."""
    return f"{number} is with a coworker already; press {TAKE_OVER} to take it."


def needs_human(number: str, reason: str, manager: str) -> str:
    """Return the call for a human."""
    accountable = f" Accountable: {manager}." if manager else ""
    return f"**{number} needs a human.** {reason}{accountable} Press *{TAKE_OVER}* to take it."
