"""All teams as one: whoever posts, and who asks who reads, is served by the client of the team that the place belongs to."""

from dataclasses import replace

from adapters.slack.clients import Clients
from bot.conversation import Conversation, Place
from bot.errors import DeskmateError, PermanentError
from bot.person import Identity
from bot.ports import Profile, Readers
from bot.reply import Reply


class TeamsMessenger:
    """Satisfies `bot.ports.Messenger`; a team where the app is not installed (any more) is a `PermanentError`."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def post(self, reply: Reply, conversation: Conversation) -> str:
        """Post in the conversation's team."""
        return await (await self._clients.find(conversation.tenant)).messenger.post(reply, conversation)

    async def change(self, reply: Reply, conversation: Conversation, post: str) -> None:
        """Change a post in the conversation's team."""
        await (await self._clients.find(conversation.tenant)).messenger.change(reply, conversation, post)

    async def find(self, reply: Reply, conversation: Conversation) -> str | None:
        """Look for a post in the conversation's team."""
        return await (await self._clients.find(conversation.tenant)).messenger.find(reply, conversation)

    def thread_of(self, conversation: Conversation, post: str) -> Conversation:
        """Return the thread that `post` has begun, also when the app was removed just after it."""
        try:
            messenger = self._clients.of(conversation.tenant).messenger
        except DeskmateError:
            return replace(conversation, thread=post)
        return messenger.thread_of(conversation, post)


class TeamsAudience:
    """Satisfies `bot.ports.Audience`; of a team where the app is not installed nothing is known."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def readers(self, place: Place) -> Readers | None:
        """Ask the place's team; a place without one is in the home team."""
        try:
            audience = (await self._clients.find(place.tenant)).audience
        except PermanentError:
            return None
        return await audience.readers(place)

    async def profile(self, identity: Identity) -> Profile | None:
        """Ask the person's team."""
        try:
            audience = (await self._clients.find(identity.tenant)).audience
        except DeskmateError:
            return None
        return await audience.profile(identity)
