"""Slack as a `Messenger`: posts replies, changes them, and finds those whose answer was lost.

A reply to a thread whose first message was deleted is put at the channel's root by Slack, which calls that a success. So the
answer is read: a reply that did not land in its thread is deleted at once, because more people read the root. When the answer
itself was lost, `find` looks for the reply's id in the metadata of our own posts, and in that case at the root too.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from adapters.slack.blocks import EVENT_TYPE, content
from adapters.slack.calls import Calls
from adapters.slack.direct import channel_id
from adapters.slack.payload import Json, part, parts, text, ts
from adapters.slack.refusals import SlackRefusal
from bot.conversation import Conversation
from bot.errors import DeskmateError, PermanentError, TemporaryError
from bot.reply import Reply

log = logging.getLogger(__name__)

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

    def __init__(self, *, calls: Calls, who: Callable[[], Bot | None]) -> None:
        self._calls = calls
        self._who = who

    async def post(self, reply: Reply, conversation: Conversation) -> str:
        """Post and return the timestamp; a status has no post of its own and returns its thread's timestamp."""
        if reply.kind == "status":
            await self._show_work(reply, conversation)
            return conversation.thread or ""
        thread = {"thread_ts": conversation.thread} if conversation.thread else {}
        quiet = {"unfurl_links": False, "unfurl_media": False}
        posted = await self._calls.tell(
            "chat.postMessage", channel=conversation.channel, **thread, **quiet, **content(reply)
        )
        stamp = ts(posted, "ts")
        if not stamp:
            raise TemporaryError("Slack did not say what it posted; it is looked for.", maybe_done=True)
        landed = part(posted, "message")
        if conversation.thread and landed and ts(landed, "thread_ts") != conversation.thread:
            await self._retract(conversation, stamp)
        return stamp

    async def change(self, reply: Reply, conversation: Conversation, post: str) -> None:
        """Give the post the content of `reply`."""
        await self._calls.tell("chat.update", channel=conversation.channel, ts=post, **content(reply))

    async def find(self, reply: Reply, conversation: Conversation) -> str | None:
        """Return the post that carries the reply's id, having read everything since shortly before the reply was written."""
        since = f"{(reply.at - _CLOCKS_DIFFER).timestamp():.6f}"
        conversation = replace(conversation, channel=await channel_id(self._calls, conversation.channel))
        if conversation.thread is None:
            return await self._search(reply, "conversations.history", conversation, oldest=since)
        try:
            return await self._search(
                reply, "conversations.replies", conversation, ts=conversation.thread, oldest=since
            )
        except SlackRefusal as refusal:
            if refusal.error != "thread_not_found":
                raise
            if stray := await self._search(reply, "conversations.history", conversation, oldest=since):
                await self._retract(conversation, stray)
            raise

    def thread_of(self, conversation: Conversation, post: str) -> Conversation:
        """Return the conversation as the thread under `post`."""
        return replace(conversation, thread=post)

    async def _search(self, reply: Reply, method: str, conversation: Conversation, **where: str) -> str | None:
        bot = self._who()
        if bot is None:
            raise TemporaryError("Slack has not said yet who the bot is; its posts are looked for after that.")
        pages = self._calls.pages(method, channel=conversation.channel, include_all_metadata=True, **where)
        async for page in pages:
            for message in parts(page, "messages", limit=_PAGE):
                if _ours(message, bot) and _carries(message, reply):
                    return ts(message, "ts")
        return None

    async def _retract(self, conversation: Conversation, stray: str) -> None:
        try:
            await self._calls.tell("chat.delete", channel=conversation.channel, ts=stray)
        except SlackRefusal as refusal:
            if refusal.error != "message_not_found":
                raise
        except TemporaryError as error:  # the stray stands: it must be found before anything else is done
            raise TemporaryError(str(error), delay=error.delay, maybe_done=True) from error
        raise PermanentError(
            "The Slack thread's first message was deleted, so the reply landed in the channel and was taken back."
            " Write to the person directly."
        )

    async def _show_work(self, reply: Reply, conversation: Conversation) -> None:
        channel, thread = conversation.channel, conversation.thread
        if thread is None:
            return
        try:
            if conversation.kind == "direct":
                shown = {"channel_id": channel, "thread_ts": thread, "status": reply.text}
                await self._calls.tell("assistant.threads.setStatus", **shown)
            else:
                await self._calls.tell("reactions.add", channel=channel, timestamp=thread, name="eyes")
        except DeskmateError as error:
            log.info("Slack does not show that work goes on, which is no harm: %s", error)


def _ours(message: Json, bot: Bot) -> bool:
    return message.get("bot_id") == bot.bot or message.get("user") == bot.user


def _carries(message: Json, reply: Reply) -> bool:
    metadata = part(message, "metadata")
    carried = text(part(metadata, "event_payload"), "reply_id", 100)
    return metadata.get("event_type") == EVENT_TYPE and carried == reply.id
