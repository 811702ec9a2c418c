"""Slack as a `Messenger`: posts replies, changes them, and finds those whose answer was lost.

A reply to a thread whose first message was deleted is put at the channel's root by Slack, which calls that a success. So the
answer is read: a reply that did not land in its thread is deleted at once, because more people read the root. When the answer
itself was lost, `find` looks for the reply's id in the metadata of our own posts, and in that case at the root too; a stream
that was begun and never finished is finished then. A conversation's channel may be a person's id: then it is their direct chat.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import aiohttp

from adapters.slack.asides import SAID, Asides
from adapters.slack.blocks import EVENT_TYPE, content
from adapters.slack.calls import Calls
from adapters.slack.direct import channel_id
from adapters.slack.payload import Json, part, parts, text, ts
from adapters.slack.refusals import SlackRefusal
from adapters.slack.sessions import Sessions
from adapters.slack.streams import Streams
from bot.conversation import Conversation
from bot.errors import PermanentError, TemporaryError
from bot.ports import Clock
from bot.reply import SHOWN, Reply

_CLOCKS_DIFFER = timedelta(minutes=5)
_PAGE = 1_000


@dataclass(frozen=True, kw_only=True)
class Bot:
    """Who we are in Slack, as auth.test says."""

    team: str
    user: str
    bot: str


class SlackMessenger:
    """Posts through the Web API; `who` gives the bot once Slack has named it."""

    def __init__(
        self,
        *,
        calls: Calls,
        who: Callable[[], Bot | None],
        clock: Clock,
        http: aiohttp.ClientSession,
        api_url: str,
    ) -> None:
        self._calls = calls
        self._who = who
        self._asides = Asides(calls=calls, http=http, clock=clock, api_url=api_url)
        self._sessions = Sessions(calls=calls, clock=clock)
        self._streams = Streams(calls=calls, clock=clock)
        self._chats: dict[str, str] = {}

    async def post(self, reply: Reply, conversation: Conversation) -> str:
        """Post and return the timestamp; what has no post of its own returns its thread's timestamp."""
        if conversation.kind == "aside":
            return "" if reply.kind in SHOWN else await self._asides.post(reply, conversation)
        channel, thread = await self._channel(conversation), conversation.thread
        if reply.kind in SHOWN:
            await self._show(reply, conversation, channel)
            return thread or ""
        stamp = await self._streams.post(reply, conversation, channel) or await self._posted(reply, channel, thread)
        if thread:
            await self._sessions.posted(channel, thread, direct=conversation.kind == "direct")
        return stamp

    async def change(self, reply: Reply, conversation: Conversation, post: str) -> None:
        """Give the post the content of `reply`; what only one person saw cannot be changed and is said anew."""
        if conversation.kind == "aside":
            await self._asides.post(reply, conversation)
            return
        channel = await self._channel(conversation)
        await self._calls.tell("chat.update", channel=channel, ts=post, **content(reply))

    async def find(self, reply: Reply, conversation: Conversation) -> str | None:
        """Return the post that carries the reply's id, having read everything since shortly before the reply was written.

        An aside counts as said: nobody can look it up, and it is not repeated.
        """
        if conversation.kind == "aside":
            return SAID
        since = f"{(reply.at - _CLOCKS_DIFFER).timestamp():.6f}"
        conversation = replace(conversation, channel=await self._channel(conversation))
        if conversation.thread is None:
            return await self._search(reply, conversation, "conversations.history", oldest=since)
        try:
            where = {"ts": conversation.thread, "oldest": since}
            found = await self._search(reply, conversation, "conversations.replies", **where)
            if found is not None:
                await self._sessions.posted(
                    conversation.channel, conversation.thread, direct=conversation.kind == "direct"
                )
            return found
        except SlackRefusal as refusal:
            if refusal.error != "thread_not_found":
                raise
            begun = self._streams.recogniser(reply, conversation)
            async for message in self._own(conversation, "conversations.history", oldest=since):
                if _carries(message, reply) or begun(message):
                    await self._retract(conversation.channel, ts(message, "ts"))
            raise

    def thread_of(self, conversation: Conversation, post: str) -> Conversation:
        """Return the conversation as the thread under `post`."""
        return replace(conversation, thread=post)

    async def _channel(self, conversation: Conversation) -> str:
        """Return the id that every method takes."""
        named = conversation.channel
        if named not in self._chats:
            key = await channel_id(self._calls, named)
            if key == named:
                return named
            self._chats[named] = key
        return self._chats[named]

    async def _posted(self, reply: Reply, channel: str, thread: str | None) -> str:
        where = {"channel": channel, **({"thread_ts": thread} if thread else {})}
        quiet = {"unfurl_links": False, "unfurl_media": False}
        posted = await self._calls.tell("chat.postMessage", **where, **quiet, **content(reply))
        stamp, landed = ts(posted, "ts"), part(posted, "message")
        if not stamp:
            raise TemporaryError("Slack did not say what it posted; it is looked for.", maybe_done=True)
        if thread and landed and ts(landed, "thread_ts") != thread:
            await self._retract(channel, stamp)
        return stamp

    async def _search(self, reply: Reply, conversation: Conversation, method: str, **where: str) -> str | None:
        unfinished, begun = "", self._streams.recogniser(reply, conversation)
        async for message in self._own(conversation, method, **where):
            if _carries(message, reply):
                return ts(message, "ts")
            if begun(message):
                unfinished = max(unfinished, ts(message, "ts"))
        stands = unfinished and await self._streams.complete(reply, conversation.channel, unfinished)
        return unfinished if stands else None

    async def _own(self, conversation: Conversation, method: str, **where: str) -> AsyncIterator[Json]:
        """Give our own messages there."""
        bot = self._who()
        if bot is None:
            raise TemporaryError("Slack has not said yet who the bot is; its posts are looked for after that.")
        pages = self._calls.pages(method, channel=conversation.channel, include_all_metadata=True, **where)
        async for page in pages:
            for message in parts(page, "messages", limit=_PAGE):
                if _ours(message, bot):
                    yield message

    async def _retract(self, channel: str, stray: str) -> None:
        try:
            await self._calls.tell("chat.delete", channel=channel, ts=stray)
        except SlackRefusal as refusal:
            if refusal.error != "message_not_found":
                raise
        except TemporaryError as error:  # the stray stands: it must be found before anything else is done
            raise TemporaryError(str(error), delay=error.delay, maybe_done=True) from error
        raise PermanentError(
            "The Slack thread's first message was deleted, so the reply landed in the channel and was taken back."
            " Write to the person directly."
        )

    async def _show(self, reply: Reply, conversation: Conversation, channel: str) -> None:
        direct, thread = conversation.kind == "direct", conversation.thread
        if reply.kind == "prompts" and direct:
            await self._sessions.prompts(channel, thread, reply.text)
        elif reply.kind == "title" and direct and thread:
            await self._sessions.title(channel, thread, reply.text)
        elif reply.kind == "status" and thread:
            await self._sessions.show(channel, thread, reply.text, direct=direct)


def _ours(message: Json, bot: Bot) -> bool:
    return message.get("bot_id") == bot.bot or message.get("user") == bot.user


def _carries(message: Json, reply: Reply) -> bool:
    metadata = part(message, "metadata")
    carried = text(part(metadata, "event_payload"), "reply_id", 100)
    return metadata.get("event_type") == EVENT_TYPE and carried == reply.id
