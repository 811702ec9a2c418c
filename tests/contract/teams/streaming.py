"""A real outbox that delivers long answers into a personal chat of a local Teams, and whose process can be killed at any moment.

The process's clock is Teams' too, so that a stream takes no time, and its limits are kept all the same.
"""

import html
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

import aiohttp

from adapters.teams.account import Account, ServiceHosts
from adapters.teams.addresses import Addresses
from adapters.teams.connector import Connector
from adapters.teams.login import Login
from adapters.teams.messenger import TeamsMessenger
from adapters.teams.reading import Json
from adapters.teams.streams import Streams
from adapters.teams.whereabouts import Whereabouts
from bot.conversation import Conversation
from bot.delivering import begun
from bot.mailroom import Bell, ring
from bot.ports import UnitOfWork
from bot.reply import Button, Reply
from bot.wording import delivery
from bot.wording.posts import Words
from tests.contract.teams.teams_at_work import ERIN, furnish, nothing_stored, place, reply
from tests.fakes.clock import FrozenClock
from tests.fakes.faults import JsonObject
from tests.fakes.fuse import Fuse, FusedStorage
from tests.fakes.memory import MemoryStorage
from tests.fakes.teams import LocalTeams
from tests.fakes.teams_state import APP_ID, TENANT
from tests.fakes.teams_tokens import PASSWORD
from tests.unit.desk.outbox_scene import Scene

PARAGRAPHS = [f"Paragraph {number}: {'a sentence of some length, with **weight**. ' * 4}" for number in range(6)]
LONG = "\n\n".join(PARAGRAPHS)
_TAGS = re.compile(r"</?[a-z][^<>]*>")


class FusedConnector(Connector):
    """A connector whose process may die before or after each call that shows something."""

    fuse: Fuse

    async def post(self, service_url: str, conversation: str, activity: Json) -> str:
        """Post, unless the process dies first; it may die afterwards too."""
        self.fuse.burn("before a post")
        made = await super().post(service_url, conversation, activity)
        self.fuse.burn("after a stream's call" if activity.get("entities") else "after a post")
        return made

    async def update(self, service_url: str, conversation: str, activity_id: str, activity: Json) -> None:
        """Change, unless the process dies first; it may die afterwards too."""
        self.fuse.burn("before a change")
        await super().update(service_url, conversation, activity_id, activity)
        self.fuse.burn("after a change")


@dataclass(kw_only=True)
class PassingClock:
    """The scene's clock, which moves on while somebody sleeps."""

    clock: FrozenClock
    slept: list[float] = field(default_factory=list)
    meanwhile: Callable[[int], None] = lambda _number: None
    """What happens while somebody sleeps for the n-th time."""

    def now(self) -> datetime:
        """Return the moment; a little later each time, as clocks do."""
        self.clock.advance(0.000_001)
        return self.clock.now()

    async def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.slept.append(seconds)
        self.clock.advance(seconds)
        self.meanwhile(len(self.slept))


class Streaming(Scene):
    """The outbox over Teams."""

    repeated = 0
    """How many posts were repeated so far because nobody could tell."""

    def connect(self, platform: LocalTeams, session: aiohttp.ClientSession) -> None:
        """Connect the outbox to a local Teams."""
        self.platform = platform
        self.fuse = Fuse()
        self.passing = PassingClock(clock=self.clock)
        platform.connector.streams.now = lambda: self.clock.now().timestamp()
        account = Account(app_id=APP_ID, password=PASSWORD, tenant=TENANT)
        hosts = ServiceHosts([platform.url])
        self._account = account
        self._connector = FusedConnector(lambda: session, Login(lambda: session, account, platform.login_url), hosts)
        self._addresses = Addresses(
            hosts, nothing_stored, platform.service_url, whereabouts=Whereabouts(MemoryStorage())
        )
        self.start()

    def start(self) -> None:
        """Begin anew: nothing is remembered but what is stored."""
        if hasattr(self, "platform"):
            self.storage = FusedStorage(self.memory, self.fuse)  # type: ignore[assignment]
            self._connector.fuse = self.fuse
            self.messengers["teams"] = self.teams = self._messenger()
        super().start()

    def _messenger(self) -> TeamsMessenger:
        streams = Streams(connector=self._connector, words=Words(), clock=self.passing, note=self._note)
        return TeamsMessenger(self._connector, self._addresses, self._account, Words(), streams)

    async def _note(self, said: Reply, what: str | None) -> bool:
        return await self.storage.transact(lambda uow: begun(uow, said, what))

    def chat(self, person: str = ERIN) -> Conversation:
        """Return somebody's personal chat."""
        return place(self.platform.open_personal(person), kind="direct")

    async def say(self, said: Reply, person: str = ERIN) -> str:
        """Queue a reply in somebody's personal chat, work until nothing is left to do, and return the chat."""
        chat = self.chat(person)

        async def work(uow: UnitOfWork) -> None:
            if await uow.get(Conversation, chat.id) is None:
                await uow.add(chat)
            await uow.add(replace(said, conversation_id=chat.id))
            await ring(uow, self.clock.now(), Bell(kind="outbox", subject=chat.id))

        await self.memory.transact(work)
        await self.settle()
        return chat.channel


def answer(text: str = LONG, *, key: str = "r1", buttons: tuple[Button, ...] = ()) -> Reply:
    """Return a long answer."""
    return reply(text, key=key, kind="talk", buttons=buttons)


def letters(post: JsonObject) -> str:
    """Return the letters and digits of a post that are read: of its text, and of its cards."""
    shown = [_TAGS.sub("", str(post.get("text") or ""))]
    for attached in post.get("attachments") or []:
        shown += [piece["text"] for block in attached["content"]["body"] for piece in block.get("inlines", [])]
    return "".join(filter(str.isalnum, html.unescape("".join(shown)))).casefold()


WHOLE = letters({"text": LONG})


def kinds(scene: Streaming) -> list[str]:
    """Return the kinds of the calls that Teams was asked, in order."""
    return [call.kind for call in scene.platform.calls]


def once(scene: Streaming, chat: str) -> bool:
    """Tell whether the answer stands whole, once, with nothing beside it, and is not shown as being written."""
    posts, streams = scene.platform.posts(chat), scene.platform.connector.streams
    return [WHOLE] == [letters(post) for post in posts] and not any(
        map(streams.goes_on, (post["id"] for post in posts))
    )


def once_or_flagged(scene: Streaming, chat: str) -> bool:
    """Tell the same of an answer of which one process could not know whether the one before had posted it."""
    posts, flagged = scene.platform.posts(chat), WHOLE + letters({"text": delivery.twice()})
    twice = "after a post" in scene.fuse.moments[: scene.fuse.at][-2:]
    return [*([WHOLE] if twice else []), flagged] == [letters(post) for post in posts]


def pieces_are_parts(scene: Streaming, chat: str) -> bool:
    """Tell whether each text that was ever streamed is what the answer begins with."""
    streams = [one for one in scene.platform.connector.streams.all.values() if one.chat == chat]
    return all(WHOLE.startswith(letters({"text": text})) for one in streams for text in one.texts)


@asynccontextmanager
async def streaming() -> AsyncIterator[Streaming]:
    """Run a local Teams with Erin, and an outbox that delivers to it."""
    async with LocalTeams() as platform, aiohttp.ClientSession() as session:
        furnish(platform)
        scene = Streaming()
        scene.connect(platform, session)
        yield scene
