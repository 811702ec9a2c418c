"""Calling the coworker that has a request: a colleague's private note that names Atom or the coworker wakes it (product page, Rulings)."""

import re

from bot.desk.desk import Desk, bell_of
from bot.mail import ColleagueAsked
from bot.mailroom import deliver
from bot.note import Note
from bot.ports import UnitOfWork
from bot.request import Request


def names_assignee(desk: Desk, request: Request, text: str) -> bool:
    """Tell whether a colleague speaks to Atom or to the coworker that has the request."""
    card = desk.coworker(request.assignee.id)
    names = {"atom", card.name.casefold(), card.id.casefold()} if card else {"atom"}
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text.casefold()) for name in names)


async def wake_for(uow: UnitOfWork, desk: Desk, request: Request, note: Note, *, cause: str) -> None:
    """Have the coworker that has the request, if it is one, look at a private note that addresses it."""
    if request.assignee.kind == "coworker":
        asked = ColleagueAsked(note_id=note.id, was=request.status)
        await deliver(uow, bell_of(request), asked, desk.now(), cause=cause)
