"""Requests that somebody opened in another person's name.

The requester is whom it is for, the author whoever asked. An author has not the requester's authority, nor is what the requester told
before for them, although they follow the request and read its public notes. An agent of the workspace answers for having been asked.
"""

from bot.desk.desk import Desk
from bot.person import Person
from bot.ports import Reader
from bot.request import Request
from bot.wording import cards


async def asked_by(reader: Reader, desk: Desk, request: Request | None) -> str:
    """Return the name of whoever asked in the requester's name; empty when they did so themselves, or an agent for them."""
    if request is None or request.author == request.requester:
        return ""
    found = await reader.find(Person, id=request.author, limit=1)
    if not found:
        return cards.SOMEBODY
    return "" if desk.is_agent(found[0], request.workspace) else found[0].name
