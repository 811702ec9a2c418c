"""Finds what a support agent's command is about: the request's private thread on the terminal, the approval that waits."""

from dataclasses import dataclass

from adapters.terminal.arrivals import PLATFORM
from bot.approval import Approval
from bot.conversation import Conversation
from bot.person import Person
from bot.ports import Reader
from bot.request import Request


@dataclass(frozen=True, kw_only=True)
class Matter:
    """A request with its private thread."""

    request: Request
    thread: Conversation
    requester_email: str
    approval: Approval | None = None
    """The latest approval of the request that waits."""


async def matter(reader: Reader, number: str) -> Matter | str:
    """Return the request with this number, or the sentence that says why there is nothing to write to."""
    found = await reader.find(Request, number=number, limit=1)
    if not found:
        return f"There is no request {number}."
    return await _matter(reader, found[0])


async def waiting(reader: Reader) -> Matter | str:
    """Return the request of the latest approval that waits, or the sentence that says that there is none."""
    found = await reader.find(Approval, state="waiting", newest=True, limit=1)
    request = await reader.get(Request, found[0].request_id) if found else None
    return await _matter(reader, request) if request else "No approval is waiting."


async def _matter(reader: Reader, request: Request) -> Matter | str:
    places = await reader.find(
        Conversation, platform=PLATFORM, kind="support", workspace=request.workspace, newest=True
    )
    thread = next((place for place in places if request.id in place.request_ids and place.thread), None)
    if thread is None:
        return f"{request.number} has no private thread here yet. Try again when its first private note is there."
    person = await reader.get(Person, request.requester)
    approvals = await reader.find(Approval, request_id=request.id, state="waiting", newest=True, limit=1)
    return Matter(
        request=request,
        thread=thread,
        requester_email=(person.email or "") if person else "",
        approval=approvals[0] if approvals else None,
    )
