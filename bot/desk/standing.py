"""Where a request stands, as the requester is shown it under a public note, and what they can press there.

The line is true when the note is posted, and when its card is asked for again: it is written anew then. A question that waits for an
answer has no buttons, since the answer is what is wanted; a resolved request is asked about in a post of its own (`surveying`).
"""

from dataclasses import replace
from typing import Literal
from zoneinfo import ZoneInfo

from bot.desk.desk import Desk
from bot.desk.naming import holder
from bot.ports import Reader
from bot.reply import Button, Reply
from bot.request import TABLE, Request, Status
from bot.wording import requester as wording

_QUIET: frozenset[Status] = frozenset({"pending", "resolved", "closed", "cancelled"})


async def as_it_is_now(reader: Reader, desk: Desk, reply: Reply) -> Reply:
    """Return a reply with footer and buttons as they are true now, where it has a footer about a request."""
    request = await reader.get(Request, reply.request_id) if reply.footer and reply.request_id else None
    if request is None:
        return reply
    return replace(reply, footer=await footer(reader, desk, request), buttons=actions(request))


async def footer(reader: Reader, desk: Desk, request: Request) -> str:
    """Return number, status and who has the request, on one line."""
    return wording.footer(request, await holder(reader, desk, request))


def zone_of(desk: Desk, request: Request) -> ZoneInfo:
    """Return the time zone in which the request's times are told."""
    workspace = desk.known_workspace(request.workspace)
    return ZoneInfo(workspace.time_zone if workspace else "UTC")


def actions(request: Request) -> tuple[Button, ...]:
    """Return the buttons under a public note about the request as it is now."""
    if request.status in _QUIET:
        return ()
    if "resolved" not in TABLE[request.status]:
        return (button(request, "help"),)
    return button(request, "solved"), button(request, "help")


def button(request: Request, action: Literal["solved", "help"]) -> Button:
    """Return one of the requester's buttons."""
    label = wording.SOLVED if action == "solved" else wording.HELP
    return Button(action=action, subject=request.id, label=label)
