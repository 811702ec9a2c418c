"""Answers that appear while they are read: streamed in direct chats, and whole in the end whatever happens between.

A stream is begun with the first paragraphs, appended to, and stopped with what stands below and the metadata that names the reply.
From its first call on something stands in the chat, so nothing after that is an ordinary failure: the message is given its
full content with chat.update, and if that fails too, the error says that something may stand, so that `find` comes before any
other post. A stream whose process died is recognised there by its text: our own, without metadata, and the beginning of what
would be streamed. Slack ends a stream after about five minutes, and when its reader presses stop.
Where Slack refuses to begin one, fails at it again, or would have to be asked too often, the answer is posted as any other.
"""

import html
import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from adapters.slack.blocks import below, content, metadata
from adapters.slack.calls import Calls
from adapters.slack.markdown import pieces
from adapters.slack.payload import Json, part, text, ts
from adapters.slack.refusals import SlackRefusal
from bot.conversation import Conversation
from bot.errors import DeskmateError, TemporaryError
from bot.labels import Visibility
from bot.ports import Clock
from bot.reply import Reply

log = logging.getLogger(__name__)

LONG = 400
"""Characters from which an answer is worth streaming."""
_PIECES, _PAUSE = 5, 0.15
"""About how many pieces, and the seconds between them."""
_STOPS, _MOMENT = 3, 1.0
"""How often a stream is told to stop, and the most seconds between."""
_TRIES = 2
"""Attempts at a reply in which a stream may be begun."""
_OFF = timedelta(minutes=30)
_ABOUT_THE_PLACE = frozenset(
    {
        "channel_not_found",
        "invalid_thread_ts",
        "thread_not_found",
        "message_not_found",
        "is_archived",
        "not_in_channel",
        "restricted_action_thread_locked",
    }
)
"""Refusals that say nothing about streaming elsewhere."""
_LINK = re.compile(r"<[^<>|]*\|([^<>]*)>|\[([^\[\]]*)\]\([^()\s]*\)")
_ADDRESS = re.compile(r"<[^<>]*>|https?://\S+")
_LONGEST_TEXT = 40_000


class Streams:
    """Streams replies in one team."""

    def __init__(self, *, calls: Calls, clock: Clock) -> None:
        self._calls = calls
        self._clock = clock
        self._off_until: datetime | None = None

    def planned(self, reply: Reply, conversation: Conversation) -> list[str]:
        """Return the pieces in which the reply would be streamed; nothing when it is posted."""
        suited = (
            conversation.kind == "direct"
            and conversation.thread is not None
            and reply.kind in {"talk", "note"}
            and reply.visibility is Visibility.PUBLIC
            and reply.replaces is None
            and len(reply.text) >= LONG
        )
        found = pieces(reply.text, len(reply.text) // _PIECES, speaker=reply.speaker) if suited else []
        return found if len(found) > 1 else []

    async def post(self, reply: Reply, conversation: Conversation, channel: str) -> str | None:
        """Stream and return the post's timestamp; None when nothing was begun and the reply is to be posted.

        Slack begins none in a thread whose first message is gone: the ordinary post then lands astray and is taken back.
        Raises what `Calls` raises before the stream is begun, and after that only errors that say that something stands.
        """
        planned = self.planned(reply, conversation)
        if not planned or reply.attempts > _TRIES or not self._possible():
            return None
        try:
            begun = await self._calls.tell(
                "chat.startStream", channel=channel, thread_ts=conversation.thread, markdown_text=planned[0]
            )
        except SlackRefusal as refusal:
            if refusal.error not in _ABOUT_THE_PLACE:
                self._off_until = self._clock.now() + _OFF
            log.info("Slack begins no stream, so the answer is posted: %s", refusal)
            return None
        stamp = ts(begun, "ts")
        if not stamp:
            raise TemporaryError("Slack did not say what it began to stream; it is looked for.", maybe_done=True)
        try:
            await self._go_on(reply, channel, stamp, planned[1:])
        except DeskmateError as error:
            log.info("A stream in Slack died and is completed: %s", error)
            return stamp if await self.complete(reply, channel, stamp) else None
        return stamp

    async def complete(self, reply: Reply, channel: str, stamp: str) -> bool:
        """Give a message that was begun its full content; False when Slack forbids that and it was deleted instead.

        Raises `TemporaryError` while half of it may stand, and `PermanentError` when somebody else has deleted it.
        """
        stopped = await self._stopped(channel, stamp)
        try:
            await self._calls.tell("chat.update", channel=channel, ts=stamp, **content(reply))
        except TemporaryError as error:
            raise _standing(error, error.delay) from error
        except SlackRefusal as refusal:
            if refusal.error == "message_not_found":
                raise
            if not stopped:
                raise _standing(refusal) from refusal
            await self._delete(channel, stamp)
            return False
        return True

    async def _stopped(self, channel: str, stamp: str) -> bool:
        """Stop a stream, which changing its message does not; False when Slack cannot be made to, and ends it by itself later.

        It is asked for again here, before the message says whose it is: a stream that dies with us meanwhile is found and stopped.
        """
        for _ in range(_STOPS):
            try:
                await self._calls.tell("chat.stopStream", channel=channel, ts=stamp)
            except TemporaryError as error:
                await self._clock.sleep(min(error.delay, _MOMENT))
            except DeskmateError:
                return True
            else:
                return True
        return False

    async def _delete(self, channel: str, stamp: str) -> None:
        """Take back half a text that cannot be completed."""
        try:
            await self._calls.tell("chat.delete", channel=channel, ts=stamp)
        except TemporaryError as error:
            raise _standing(error, error.delay) from error

    def recogniser(self, reply: Reply, conversation: Conversation) -> Callable[[Json], bool]:
        """Return what tells whether a message, one of our own, is a stream of `reply` that was not finished."""
        whole = _letters("".join(self.planned(reply, conversation)))

        def begun(message: Json) -> bool:
            if not whole or part(message, "metadata"):
                return False
            said = _letters(text(message, "text", _LONGEST_TEXT))
            return bool(said) and whole.startswith(said)

        return begun

    def _possible(self) -> bool:
        off = self._off_until is not None and self._clock.now() < self._off_until
        return not off and all(map(self._calls.pace.room, ("chat.startStream", "chat.appendStream", "chat.stopStream")))

    async def _go_on(self, reply: Reply, channel: str, stamp: str, rest: list[str]) -> None:
        for piece in rest:
            await self._clock.sleep(_PAUSE)
            await self._calls.tell("chat.appendStream", channel=channel, ts=stamp, markdown_text=piece)
        shown = {"blocks": blocks} if (blocks := below(reply)) else {}
        await self._calls.tell("chat.stopStream", channel=channel, ts=stamp, **shown, metadata=metadata(reply))


def _standing(error: DeskmateError, delay: float = 1.0) -> TemporaryError:
    """Return the failure that makes whoever tries again look first."""
    return TemporaryError(str(error), delay=delay, maybe_done=True)


def _letters(said: str) -> str:
    """Return the letters and digits that are read: neither marks nor addresses, which Slack writes in its own way."""
    labels = _LINK.sub(lambda match: match[1] or match[2] or "", said)
    return "".join(filter(str.isalnum, html.unescape(_ADDRESS.sub("", labels)))).casefold()
