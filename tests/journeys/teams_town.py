"""A local Teams with the people and channels of the seeded workforce, and the story's two messages said in it.

The support channels belong to a team of the service desk; June is in no team but the whole company's, whose help channel is where she
mentions Atom when she does not write to it personally.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.fakes.separate import Remote, separately
from tests.fakes.teams_shapes import words
from tests.fakes.teams_state import APP_ID, TENANT
from tests.fakes.teams_tokens import PASSWORD
from tests.journeys.deskmate import Place, free_port
from tests.journeys.story import ASKED, CLEARED

JUNE, SAM, VERA = "29:june", "29:sam", "29:vera"
DESK = "19:desk@thread.tacv2"
HELP = "19:help0001@thread.tacv2"
IT_SUPPORT, SECURITY = "19:itsupport0001@thread.tacv2", "19:security0001@thread.tacv2"
PEOPLE = {
    JUNE: ("June Park", "june@example.com"),
    SAM: ("Sam Okafor", "sam@example.com"),
    VERA: ("Vera Lindqvist", "vera@example.com"),
}


@asynccontextmanager
async def teams_town(*options: str) -> AsyncIterator[Remote]:
    """Run a local Teams as a process of its own, furnished; `options` are its command line's."""
    async with separately("tests.fakes.teams", *options) as teams:
        for person, (name, email) in PEOPLE.items():
            await teams.do("add_person", id=person, name=name, email=email)
        await teams.do("add_team", id=DESK, name="Service desk")
        await teams.do("add_team", id="19:all@thread.tacv2", name="Everybody")
        for channel, members in {IT_SUPPORT: [SAM], SECURITY: [VERA]}.items():
            await teams.do("add_channel", id=channel, team=DESK, members=members)
        await teams.do("add_channel", id=HELP, team="19:all@thread.tacv2", name="Help", members=[JUNE, SAM, VERA])
        yield teams


def place_for(teams: Remote, folder: Path, database_url: str) -> Place:
    """Return where a Deskmate that is connected to `teams` keeps its things."""
    environment = {
        "MICROSOFT_APP_ID": APP_ID,
        "MICROSOFT_APP_PASSWORD": PASSWORD,
        "MICROSOFT_APP_TENANT_ID": TENANT,
        "MICROSOFT_OPENID_METADATA": f"{teams.url}/v1/.well-known/openidconfiguration",
        "MICROSOFT_LOGIN_URL": teams.url,
        "MICROSOFT_SERVICE_HOSTS": teams.url,
    }
    return Place(folder=folder, database_url=database_url, port=free_port(), environment=environment)


async def connect(teams: Remote, place: Place) -> None:
    """Tell Teams where Deskmate listens."""
    await teams.do("set_bot_url", url=f"{place.url}/api/messages")


async def personal_chat(teams: Remote) -> str:
    """Return June's personal chat with Atom."""
    chat: str = await teams.do("open_personal", person=JUNE)
    return chat


async def june_asks(teams: Remote, where: str = JUNE) -> str:
    """June writes the story's first message; return the conversation in which it was said (of a channel: the thread)."""
    message = await teams.do("says", person=JUNE, conversation=where, text=ASKED)
    conversation: str = message["conversation"]["id"]
    return conversation


async def june_clears(teams: Remote, conversation: str) -> None:
    """June answers the security specialist where she was asked."""
    personal = conversation == await personal_chat(teams)
    await teams.do("says", person=JUNE, conversation=JUNE if personal else conversation, text=CLEARED)


async def security_asked(teams: Remote, conversation: str, *, seconds: float = 60) -> None:
    """Wait until the security specialist has asked June."""
    await teams.do("wait_for_posts", conversation=conversation, containing="MFA", seconds=seconds)


async def advice_came(teams: Remote, conversation: str, *, seconds: float = 60) -> None:
    """Wait until the software engineer has written to June."""
    await teams.do("wait_for_posts", conversation=conversation, containing="estart", seconds=seconds)


async def posts(teams: Remote, conversation: str) -> list[str]:
    """Return what Atom posted in a conversation, text and cards, oldest first; its typing signs apart."""
    posted = await teams.do("posts", conversation=conversation)
    return [words(post) for post in posted if post["type"] == "message"]
