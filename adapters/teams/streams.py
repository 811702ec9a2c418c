"""Answers that appear while they are read: streamed in personal chats, and whole and once whatever happens between.

A stream is begun with a line that says that an answer is being written, continued with more and more of the text, and ended by the
whole of it. That line leaves nothing behind, so a process that dies there has posted nothing. Before any of the text is
sent the stream's id, which is the post's, is stored with the reply (`Note`); from then on something may stand, and nothing is
an ordinary failure any more. The final is sent again until it is accepted or refused. Refused (the reader has pressed stop, two
minutes are over, or it stands already and only the answer was lost), the post is given its whole content by changing it; where
that is refused too, it is taken away and the answer posted as any other, once the stream is certain to have ended.
Where Teams begins no stream the answer is posted too; so is whatever needs a second attempt, and what `markdown` cannot write safely.
Source: learn.microsoft.com/microsoftteams/platform/bots/streaming-ux (one request a second, sequence from 1 and none on the
final, each text begins with the one before, attachments on the final only).
"""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import accumulate, count
from typing import TypeAlias

from adapters.teams import cards
from adapters.teams.connector import Connector
from adapters.teams.failures import TeamsRefusal
from adapters.teams.markdown import blocks
from adapters.teams.reading import JsonObject
from bot.conversation import Conversation
from bot.errors import DeskmateError, PermanentError, TemporaryError
from bot.labels import Visibility
from bot.ports import Clock
from bot.reply import Reply
from bot.wording.posts import Words

log = logging.getLogger(__name__)

Note: TypeAlias = Callable[[Reply, str | None], Awaitable[bool]]
"""Stores with a reply what was begun of it; False when somebody else works that reply now."""
LONG = 400
"""Characters from which an answer is worth streaming."""
PAUSE = 1.05
"""Seconds between two calls; Teams takes one a second."""
_PIECES = 2
"""About how many pieces of text come before the whole; more would keep the next reply waiting for too long."""
_LONGEST_PAUSE = 3.0
_OFF = timedelta(minutes=30)
MOST = 10_000
"""Chats that are remembered for having no streams."""
_OVER = timedelta(seconds=130)
"""After which every stream has ended; Teams ends it after two minutes."""
_ENDED = ("cancel", "completed", "exceeded")
"""Words with which Teams says that a stream has ended."""
_BEGUN = "begun:"
"""What is noted: this alone before the stream has an id, then followed by the second in which it was begun, and the id."""


@dataclass(frozen=True, kw_only=True)
class Chat:
    """Where to call Teams for a conversation."""

    service_url: str
    id: str


@dataclass(frozen=True, kw_only=True)
class Stream:
    """A stream that was begun."""

    id: str
    over: datetime
    """When it has ended, whatever became of it."""


class Streams:
    """Streams replies; without `note` it begins none, and only finishes what is found."""

    def __init__(self, *, connector: Connector, words: Words, clock: Clock, note: Note | None) -> None:
        self._connector = connector
        self._words = words
        self._clock = clock
        self._note = note
        self._off_until: OrderedDict[str, datetime] = OrderedDict()

    def planned(self, reply: Reply, conversation: Conversation) -> list[str]:
        """Return the texts with which the reply would be streamed, each longer than the last; nothing when it is posted."""
        suited = (
            conversation.kind == "direct"
            and reply.kind in {"talk", "note"}
            and reply.visibility is Visibility.PUBLIC
            and reply.replaces is None
            and reply.attempts <= 1
            and len(reply.text) >= LONG
        )
        return pieces(reply) if suited else []

    async def post(self, reply: Reply, conversation: Conversation, chat: Chat) -> str | None:
        """Stream and return the post's id; None when nothing of it stands and the reply is to be posted.

        Raises what `Note` raises and, once something may stand, only errors that say so.
        """
        planned = self.planned(reply, conversation) if self._possible(chat) else []
        if len(planned) < _PIECES:
            return None
        await self._noted(reply, _BEGUN)
        if key := await self._begun(chat):
            noted = f"{_BEGUN}{self._clock.now().timestamp():.0f}:{key}"
            await self._noted(reply, noted)
            if post := await self._written(reply, chat, _stream(noted), planned):
                return post
        await self._noted(reply, None)
        return None

    async def finish(self, reply: Reply, chat: Chat) -> str | None:
        """Give what another process has begun its whole content and return its id; None when nothing of it stands.

        Raises `TemporaryError` as long as that cannot be said.
        """
        stream = _stream(reply.post or "")
        return (await self._complete(reply, chat, stream) or None) if stream.id else None

    def _possible(self, chat: Chat) -> bool:
        until = self._off_until.get(chat.id)
        return self._note is not None and (until is None or self._clock.now() >= until)

    async def _noted(self, reply: Reply, what: str | None) -> None:
        if self._note is None or not await self._note(reply, what):
            raise TemporaryError("Another process works on this reply now.", maybe_done=True)

    async def _begun(self, chat: Chat) -> str:
        """Return the id of a new stream; empty when Teams begins none, or did not say that it has."""
        about = {"streamType": "informative", "streamSequence": 1}
        try:
            return await self._connector.post(
                chat.service_url, chat.id, _streamed({"type": "typing", "text": self._words.writing}, about)
            )
        except DeskmateError as error:
            log.info("Teams begins no stream, so the answer is posted: %s", error)
            if isinstance(error, PermanentError):
                self._off(chat)
            return ""

    def _off(self, chat: Chat) -> None:
        """Ask for no stream in this chat for a while: the feature may be off for the person."""
        self._off_until[chat.id] = self._clock.now() + _OFF
        while len(self._off_until) > MOST:
            self._off_until.popitem(last=False)

    async def _written(self, reply: Reply, chat: Chat, stream: Stream, planned: list[str]) -> str:
        for number, text in zip(count(2), planned[:-1], strict=False):
            about = {"streamId": stream.id, "streamType": "streaming", "streamSequence": number}
            shown: JsonObject = {"type": "typing", "text": text, "textFormat": "markdown"}
            await self._clock.sleep(PAUSE)
            try:
                await self._connector.post(chat.service_url, chat.id, _streamed(shown, about))
            except DeskmateError as error:
                log.info("A stream in Teams is ended before its time: %s", error)
                break
        await self._clock.sleep(PAUSE)
        return await self._complete(reply, chat, stream)

    async def _complete(self, reply: Reply, chat: Chat, stream: Stream) -> str:
        """Make sure that the post of a stream says everything, and return its id; empty when nothing of it stands any more.

        Of one that was stopped before its first words there never was a post.
        """
        ended = self._clock.now() >= stream.over
        try:
            return await self._end(reply, chat, stream)
        except TemporaryError as error:
            if not error.too_soon:
                raise _standing(error, error.delay) from error
        except PermanentError as error:
            log.info("A stream in Teams takes no final, so its post is changed: %s", error)
            ended = ended or any(word in str(error).lower() for word in _ENDED)
        try:
            whole = cards.activity(reply, self._words)
            await self._connector.update(chat.service_url, chat.id, stream.id, whole)
        except TemporaryError as error:
            raise _standing(error, error.delay) from error
        except PermanentError as error:
            if not ended:
                raise _standing(error, (stream.over - self._clock.now()).total_seconds()) from error
            if not (isinstance(error, TeamsRefusal) and error.status == HTTPStatus.NOT_FOUND):
                await self._delete(chat, stream)
            return ""
        return stream.id

    async def _end(self, reply: Reply, chat: Chat, stream: Stream) -> str:
        """Send the final and return the post's id; once more when it came too soon after the call before it.

        Teams is known to answer so for a stream whose two minutes are over, too: who gets that twice changes the post.
        """
        about: JsonObject = {"streamId": stream.id, "streamType": "final"}
        planned = pieces(reply)
        if not planned:
            raise PermanentError("This reply cannot be streamed, so the final cannot be sent.")
        final = _streamed(cards.streamed(reply, planned[-1], self._words), about)
        try:
            said = await self._connector.post(chat.service_url, chat.id, final)
        except TemporaryError as error:
            if not error.too_soon:
                raise
            await self._clock.sleep(min(max(error.delay, PAUSE), _LONGEST_PAUSE))
            said = await self._connector.post(chat.service_url, chat.id, final)
        return said or stream.id

    async def _delete(self, chat: Chat, stream: Stream) -> None:
        """Take back what cannot be completed, as far as Teams lets us: what the reader has stopped stays, marked as that."""
        try:
            await self._connector.delete(chat.service_url, chat.id, stream.id)
        except TemporaryError as error:
            raise _standing(error, error.delay) from error
        except PermanentError as error:
            log.info("The rest of a stream stays in Teams, marked as stopped: %s", error)


def is_begun(reply: Reply) -> bool:
    """Tell whether a stream was begun for the reply and not seen to its end."""
    return (reply.post or "").startswith(_BEGUN)


def pieces(reply: Reply) -> list[str]:
    """Return the reply as Markdown, first some of its blocks, then more, in the end all; nothing when it cannot be written so.

    What stands in small print goes into the card with the buttons, where there are any.
    """
    whole = blocks(reply.text, speaker=reply.speaker, footer="" if reply.buttons else reply.footer)
    texts = list(accumulate(whole, "{}\n\n{}".format))
    if not texts:
        return []
    steps = [len(texts[-1]) * part / (_PIECES + 1) for part in range(1, _PIECES + 1)]
    found = [next(text for text in texts if len(text) >= step) for step in steps]
    return list(dict.fromkeys([*found, texts[-1]]))


def _streamed(activity: JsonObject, about: JsonObject) -> JsonObject:
    return {**activity, "entities": [{"type": "streaminfo", **about}]}


def _stream(noted: str) -> Stream:
    """Return what was noted; without an id when there was none yet."""
    second, _, key = noted.removeprefix(_BEGUN).partition(":")
    return Stream(id=key, over=datetime.fromtimestamp(int(second or 0), UTC) + _OVER)


def _standing(error: DeskmateError, delay: float) -> TemporaryError:
    """Return the failure that makes whoever tries again look first."""
    return TemporaryError(str(error), delay=delay, maybe_done=True)
