"""Makes the home page of a person: nothing on it that they may not know.

Everybody sees their own requests; agents see what waits in their workspaces, admins how their coworkers are doing. Only so much is read
as can be shown: the page stays quick however many requests there are.
"""

from collections.abc import Sequence

from bot.desk.desk import Desk
from bot.desk.naming import holder
from bot.desk.standing import zone_of
from bot.home import Home, HomeAsk, HomeRow, HomeSection
from bot.homepage_team import queue, workforce
from bot.person import Person
from bot.ports import Reader
from bot.request import Request
from bot.wording import home as wording

PAGE = 8
"""Own requests on a page."""
MOST = 400
"""Own requests that are looked through, newest first; an older one is found by its number."""


async def make_home(reader: Reader, desk: Desk, person: Person, ask: HomeAsk) -> Home:
    """Return the part of the page that was asked for."""
    query = " ".join(ask.query.split())
    found = await _mine(reader, person, query)
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(ask.page, 0), pages - 1)
    rows = [await _row(reader, desk, item) for item in found[page * PAGE : (page + 1) * PAGE]]
    own = HomeSection(
        title=wording.MINE,
        rows=tuple(rows),
        empty=wording.NONE_FOUND if query else wording.NONE_MINE,
        searchable=True,
    )
    others = [await queue(reader, desk, person), await workforce(reader, desk, person)]
    return Home(
        greeting=wording.greeting(person.name),
        sections=(own, *(section for section in others if section is not None)),
        query=query,
        page=page,
        pages=pages,
    )


async def _mine(reader: Reader, person: Person, query: str) -> Sequence[Request]:
    """Return the person's requests whose number and title hold all words of the query, newest first."""
    newest = await reader.find(Request, requester=person.id, newest=True, limit=MOST)
    if not query:
        return newest
    words = query.casefold().split()
    fitting = [item for item in newest if all(word in wording.title(item).casefold() for word in words)]
    return fitting or await reader.find(Request, number=query.upper(), requester=person.id, limit=1)


async def _row(reader: Reader, desk: Desk, request: Request) -> HomeRow:
    detail = wording.mine(request, await holder(reader, desk, request), zone_of(desk, request))
    return HomeRow(title=wording.title(request), detail=detail)
