"""Posts the desk's replies in Teams.

A thread is addressed by its root, so the conversation id is rebuilt for each post; a conversation without a root yet is begun by its
first post. A long answer in a personal chat is streamed, and what a dead process has left of that is finished by `find`.
Else the connector offers no history and no search: after a lost answer the post is looked for in Microsoft Graph, where that may be
read. Where nobody can look, `find` says so instead of guessing, and the outbox posts again and says that.
"""

from collections import OrderedDict
from dataclasses import replace

from adapters.teams import cards
from adapters.teams.account import Account
from adapters.teams.addresses import Addresses
from adapters.teams.connector import MARK, Connector, conversation_of, is_channel, lost
from adapters.teams.history import History
from adapters.teams.reading import JsonObject
from adapters.teams.streams import Chat, Streams, is_begun
from bot.conversation import Conversation
from bot.errors import PermanentError
from bot.ids import ReplyId
from bot.reply import SHOWN, Reply
from bot.wording.posts import Words

MOST = 10_000
SAID = "said"
"""Stands for the id of a post that nobody looks for."""


class TeamsMessenger:
    """`bot.ports.Messenger` for Teams."""

    def __init__(
        self,
        connector: Connector,
        addresses: Addresses,
        account: Account,
        words: Words,
        streams: Streams,
        history: History | None = None,
    ) -> None:
        """Make one; without a history nobody can look whether a post stands."""
        self._connector = connector
        self._addresses = addresses
        self._account = account
        self._words = words
        self._streams = streams
        self._history = history
        self._stand: OrderedDict[ReplyId, str] = OrderedDict()

    async def post(self, reply: Reply, conversation: Conversation) -> str:
        """Post `reply` and return the activity's id (empty for a `status`, which leaves nothing behind).

        Teams ends a typing sign by itself, and has no thread titles and no suggested prompts that a bot sets.
        """
        if reply.kind in SHOWN and not (reply.kind == "status" and reply.text):
            return ""
        activity = cards.activity(reply, self._words)
        service_url = await self._addresses.conversation(conversation)
        if _begins_thread(conversation):
            if reply.kind == "status":
                return ""
            post = await self._begin(service_url, conversation, activity)
        else:
            target = await self._target(service_url, conversation)
            streamed = await self._streams.post(reply, conversation, Chat(service_url=service_url, id=target))
            post = streamed or await self._connector.post(service_url, target, activity)
        if not post and reply.kind not in SHOWN:
            raise lost("the post")
        self._remember(reply.id, post)
        return post

    async def change(self, reply: Reply, conversation: Conversation, post: str) -> None:
        """Give the activity `post` the content of `reply`; doing it twice does no harm."""
        if reply.kind in SHOWN or post == SAID:
            return
        activity = cards.activity(reply, self._words)
        service_url = await self._addresses.conversation(conversation)
        target = await self._target(service_url, conversation, root=post)
        await self._connector.update(service_url, target, post, activity)

    async def find(self, reply: Reply, conversation: Conversation) -> str | None:
        """Return the post's id if it was stored, this process saw it stand or Microsoft Graph shows it; else see `History.find`.

        What was begun as a stream is finished first, or nothing of it stands. What was said aside counts as said: it is worth
        nothing twice, and whoever misses it asks again.
        """
        if is_begun(reply) and reply.id not in self._stand:
            return await self._finished(reply, conversation)
        known = self._stand.get(reply.id) or reply.post
        if known or conversation.kind == "aside":
            return known or SAID
        if self._history is not None:
            return await self._history.find(reply, conversation)
        raise PermanentError(
            f"Teams lets no bot look whether a post stands: look in {conversation.channel} before it is sent again."
        )

    async def _finished(self, reply: Reply, conversation: Conversation) -> str | None:
        service_url = await self._addresses.conversation(conversation)
        target = await self._target(service_url, conversation)
        return await self._streams.finish(reply, Chat(service_url=service_url, id=target))

    def thread_of(self, conversation: Conversation, post: str) -> Conversation:
        """Return `conversation` as the thread whose root is `post`; chats have no threads."""
        return replace(conversation, thread=post) if _begins_thread(conversation) else conversation

    async def _begin(self, service_url: str, conversation: Conversation, activity: JsonObject) -> str:
        parameters = {
            "isGroup": True,
            "bot": {"id": self._account.bot_id},
            "tenantId": conversation.tenant,
            "channelData": {"channel": {"id": conversation.channel}, "tenant": {"id": conversation.tenant}},
            "activity": activity,
        }
        thread, first = await self._connector.create(service_url, parameters)
        return thread.partition(MARK)[2] or first

    async def _target(self, service_url: str, conversation: Conversation, *, root: str | None = None) -> str:
        if is_person(conversation.channel):
            return await open_chat(
                self._connector, self._account, service_url, conversation.tenant, conversation.channel
            )
        threaded = root if _begins_thread(conversation) else conversation.thread
        return conversation_of(conversation.channel, threaded)

    def _remember(self, reply: ReplyId, post: str) -> None:
        self._stand[reply] = post
        while len(self._stand) > MOST:
            self._stand.popitem(last=False)


async def open_chat(connector: Connector, account: Account, service_url: str, tenant: str, user: str) -> str:
    """Return the id of the personal chat with somebody; opening it shows them nothing, and twice gives the same."""
    parameters = {
        "isGroup": False,
        "bot": {"id": account.bot_id},
        "members": [{"id": user}],
        "tenantId": tenant,
        "channelData": {"tenant": {"id": tenant}},
    }
    chat, _ = await connector.create(service_url, parameters)
    if not chat:
        raise PermanentError("Teams opened no chat with that person: check that the app is installed for them.")
    return chat


def _begins_thread(conversation: Conversation) -> bool:
    return conversation.thread is None and is_channel(conversation.channel)


def is_person(channel: str) -> bool:
    """Tell a user id (`29:…` or an Entra object id) from a conversation id (`19:…`, `a:…`)."""
    return channel.startswith("29:") or ":" not in channel
