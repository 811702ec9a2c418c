"""Looks in Microsoft Graph whether a post of ours stands, after its answer was lost or the process died over it.

Asked of channels and group chats that have given their consent; nobody can be asked about a personal chat. A post is ours by the app that
wrote it, and the one that is looked for by the reply's id in its buttons or, where it has none, by its words: Graph gives text in other
markup than it was posted in, so letters and digits are compared. Posts that are stored as those of other replies are left out. That it
does not stand is certain only when everything since the reply was made was read, and read again once Graph shows what is new.

Sources: learn.microsoft.com/graph/api/chatmessage-list-replies, chatmessage-delta (`lastModifiedDateTime gt` gives each thread in which
something was written since), chat-list-messages; resources/chatmessage and chatmessageattachment (a card's content is a string of JSON).
"""

import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from adapters.teams.connector import is_channel
from adapters.teams.graph import Graph
from adapters.teams.reading import Json, identifier, inside, string
from adapters.teams.recognising import Wanted
from bot.conversation import Conversation
from bot.errors import DeskmateError, PermanentError, TemporaryError
from bot.ids import ReplyId
from bot.ports import Reader, Storage
from bot.reply import Reply
from bot.wording.posts import Words

Group: TypeAlias = Callable[[str, str], Awaitable[str]]
"""Gives the Entra group of the team of a channel, by tenant and channel; empty when that is not known."""
Stored: TypeAlias = Callable[[Conversation, Collection[str]], Awaitable[Collection[str]]]
"""Gives those of some posts in a conversation's channel or chat that are stored as posts of replies."""
SETTLE = 10.0
"""Seconds after which Graph shows what was posted, as far as is known: it promises nothing."""
MOST_PAGES = 20
MOST_WAITING = 10_000
TRIES = 5
"""Attempts after which a Graph that cannot be reached is taken for none, so that a note is not given up because of it."""
_PAGE = "50"
_CLOCKS_DIFFER = timedelta(minutes=2)
log = logging.getLogger(__name__)


async def stored_posts(storage: Storage, conversation: Conversation, posts: Collection[str]) -> Collection[str]:
    """Return those of `posts` that replies in the conversation's channel or chat are stored with; ids of other channels may be the same."""

    async def read(reader: Reader) -> set[str]:
        found = await reader.find(Reply, post=tuple(posts))
        places = {key: await reader.get(Conversation, key) for key in {reply.conversation_id for reply in found}}
        here = {key for key, place in places.items() if place is not None and place.channel == conversation.channel}
        return {reply.post for reply in found if reply.post and reply.conversation_id in here}

    return await storage.read(read)


@dataclass(frozen=True, kw_only=True)
class _Where:
    """What is listed, and whether the list begins with the newest."""

    path: tuple[str, ...]
    query: dict[str, str]
    newest_first: bool


class History:
    """Finds posts. Raises `PermanentError` when it can never tell, `TemporaryError` when it has to look again."""

    def __init__(
        self,
        graph: Graph,
        app_id: str,
        words: Words,
        *,
        group: Group,
        stored: Stored,
        settle: float = SETTLE,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._graph = graph
        self._app_id = app_id.lower()
        self._words = words
        self._group = group
        self._stored = stored
        self._settle = settle
        self._now = now
        self._looked: OrderedDict[ReplyId, float] = OrderedDict()

    async def find(self, reply: Reply, conversation: Conversation) -> str | None:
        """Return the id of the post that shows `reply`, or None when it certainly does not stand."""
        try:
            post = await self._look(reply, conversation)
        except DeskmateError as error:
            if isinstance(error, TemporaryError) and (reply.attempts < TRIES or error.too_soon):
                raise
            log.warning("Nobody can tell whether a post in Teams stands: %s", error)
            self._looked.pop(reply.id, None)
            raise PermanentError(str(error)) from error
        if post is None and not self._settled(reply.id):
            raise TemporaryError(
                "Microsoft Graph may not show the post yet: it is looked for again.", delay=self._settle, too_soon=True
            )
        self._looked.pop(reply.id, None)
        return post

    async def _look(self, reply: Reply, conversation: Conversation) -> str | None:
        since = reply.at - _CLOCKS_DIFFER
        where = await self._where(conversation, since)
        wanted = Wanted.of(reply, self._words)
        alike: dict[str, datetime] = {}
        async for message in self._since(where, since):
            at, key = _time(message), identifier(message, "id")
            if not key or at is None or at < since or not self._ours(message) or not _is_of(message, conversation):
                continue
            if wanted.is_(message):
                return key
            if wanted.alike(message):
                alike[key] = at
        if not alike:
            return None
        others = await self._stored(conversation, alike.keys())
        return max(alike.keys() - set(others), key=lambda key: alike[key], default=None)

    async def _where(self, conversation: Conversation, since: datetime) -> _Where:
        channel = conversation.channel
        if not is_channel(channel):
            if not channel.startswith("19:"):
                raise PermanentError("Nobody can read a personal chat back: look there before it is sent again.")
            ordered = {"top": _PAGE, "orderby": "createdDateTime desc"}
            return _Where(path=("chats", channel, "messages"), query=ordered, newest_first=True)
        group = await self._group(conversation.tenant, channel)
        if not group:
            raise PermanentError(f"Teams has not told of which team {channel} is: look there before it is sent again.")
        path = ("teams", group, "channels", channel, "messages")
        if conversation.thread is not None:
            replies = (*path, conversation.thread, "replies")
            return _Where(path=replies, query={"top": _PAGE}, newest_first=True)
        moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        changed = {"top": _PAGE, "filter": f"lastModifiedDateTime gt {moment}"}
        return _Where(path=(*path, "delta"), query=changed, newest_first=False)

    async def _since(self, where: _Where, since: datetime) -> AsyncIterator[Json]:
        """Give the messages since a moment, and some older ones; `PermanentError` when there are too many to read."""
        pages = 0
        async for page in self._graph.pages(*where.path, **where.query):
            for message in page:
                yield message
            if where.newest_first and _reaches(page, since):
                return
            pages += 1
            if pages >= MOST_PAGES:
                raise PermanentError("Too much was written since to find the post: look before it is sent again.")

    def _ours(self, message: Json) -> bool:
        """Tell whether the app wrote it alone: what a person posts with an app's help names both."""
        by = inside(message, "from")
        return identifier(inside(by, "application"), "id").lower() == self._app_id and not inside(by, "user")

    def _settled(self, reply: ReplyId) -> bool:
        """Tell whether the first look at this was long enough ago that a post would be shown by now."""
        first = self._looked.setdefault(reply, self._now())
        while len(self._looked) > MOST_WAITING:
            self._looked.popitem(last=False)
        return self._now() - first >= self._settle


def _is_of(message: Json, conversation: Conversation) -> bool:
    """Tell whether a message stands where it was asked for, as far as it says where it stands."""
    place = identifier(inside(message, "channelIdentity"), "channelId") or identifier(message, "chatId")
    root = identifier(message, "replyToId")
    return place.lower() in {"", conversation.channel.lower()} and root in {"", conversation.thread}


def _reaches(page: Sequence[Json], since: datetime) -> bool:
    """Tell whether a page goes back beyond a moment. A page out of order proves nothing: then the list is read to its end."""
    times = [_time(message) for message in page]
    known = [at for at in times if at is not None]
    in_order = len(known) == len(times) and known == sorted(known, reverse=True)
    return in_order and bool(known) and known[-1] < since


def _time(message: Json) -> datetime | None:
    try:
        read = datetime.fromisoformat(string(message, "createdDateTime"))
        return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
