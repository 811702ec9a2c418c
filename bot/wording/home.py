"""What stands on a person's home page."""

from datetime import datetime, tzinfo

from bot.request import Request
from bot.wording.cards import status

MINE = "My requests"
NONE_MINE = "You have no requests. Write to me and I'll open one."
NONE_FOUND = "None of your requests fits. Try a number, such as IT-1001, or a word of the title."
QUEUE = "Waiting in my teams"
NONE_WAITING = "Nothing waits in your teams."
WORKFORCE = "The workforce"
NO_COWORKERS = "No coworkers work in your workspaces yet."

_STATES = {
    "active": "Active",
    "paused": "Paused",
    "draft": "Draft: it is given no work",
    "shadow": "Shadow: it proposes and never acts",
    "retired": "Retired",
}


def greeting(name: str) -> str:
    """Greet whoever looks."""
    return f"Hello {first_name(name)}. Write to me to ask something or to open a request."


def first_name(name: str) -> str:
    """Return what a person is called by; their own words, so without anything that could be markup."""
    return next(iter(unmarked(name).split()), "there")


def unmarked(text: str) -> str:
    """Return a name without characters that mean something in Markdown."""
    return " ".join("".join(" " if char in "[]()<>`*_~|\\!" else char for char in text).split())


def title(request: Request) -> str:
    """Return a request's line."""
    return f"{request.number} {request.title}"


def mine(request: Request, holder: str, zone: tzinfo) -> str:
    """Say where an own request stands."""
    stands = {"pending": "**Waiting for your answer**"}.get(request.status) or status(request.status)
    return f"{stands} · with {unmarked(holder)} · since {_day(request.changed_at, zone)}"


def waiting(request: Request, requester: str, holder: str, due: datetime | None, now: datetime, zone: tzinfo) -> str:
    """Say where a request stands for whoever may take it."""
    facts = [
        f"{request.priority.capitalize()} priority",
        status(request.status),
        f"for {unmarked(requester)}",
        f"with {unmarked(holder)}",
        f"opened {_day(request.opened_at, zone)}",
    ]
    if due is not None:
        what = "answer" if request.responded_at is None else "resolution"
        late = " (late)" if due < now else ""
        facts.append(f"{what} due {_day(due, zone)}, {due.astimezone(zone):%H:%M} ({zone}){late}")
    return " · ".join(facts)


def coworker(state: str, *, killed: bool, requests: int, approvals: int, more: bool) -> str:
    """Say what a coworker does, how much it has, and what waits for a decision."""
    doing = "Switched off" if killed else _STATES.get(state, state)
    least = "at least " if more else ""
    return f"{doing} · {least}{_count(requests, 'open request')} · {_count(approvals, 'approval')} waiting"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _day(moment: datetime, zone: tzinfo) -> str:
    local = moment.astimezone(zone)
    return f"{local.day} {local:%b %Y}"
