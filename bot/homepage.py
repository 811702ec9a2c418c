"""Makes the home page of a person: nothing on it that they may not know."""

from bot.desk.desk import Desk
from bot.home import Home, HomeAsk
from bot.person import Person
from bot.ports import Reader


async def make_home(reader: Reader, desk: Desk, person: Person, ask: HomeAsk) -> Home:
    """Return the part of the page that was asked for."""
    raise NotImplementedError
