"""The terminal as a chat platform: who can read where, and posting, which here means being drawn.

It keeps the promises that Slack and Teams keep. A post has an id, is found again, can be changed and can begin a thread. A
direct chat has one reader; a support channel is read by the agents that it was given. An agent who is a requester too does read
the channel, so the firewall withholds the private notes of that request, as it must.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Protocol

from adapters.terminal.arrivals import PLATFORM, TENANT
from adapters.terminal.names import DIRECT
from bot.conversation import Conversation, Place
from bot.errors import PermanentError
from bot.person import Identity, identity_id
from bot.ports import Profile, Readers
from bot.reply import Reply


class Screen(Protocol):
    """Where posts are shown."""

    def posted(self, reply: Reply, conversation: Conversation, /) -> None:
        """Show a post."""
        ...

    def changed(self, reply: Reply, conversation: Conversation, /) -> None:
        """Show that a post has changed."""
        ...


class TerminalMessenger:
    """A `bot.ports.Messenger` whose posts are drawn on a screen.

    A post's id is its reply's, so that a thread is the same after a restart. What an earlier process drew is not on this screen: `find`
    answers for this one.
    """

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._standing: set[str] = set()

    async def post(self, reply: Reply, conversation: Conversation) -> str:
        """Show the reply and return its id; a reply that stands already is not shown again."""
        if reply.id not in self._standing:
            self._standing.add(reply.id)
            self._screen.posted(reply, conversation)
        return reply.id

    async def change(self, reply: Reply, conversation: Conversation, post: str) -> None:
        """Show what the post has become."""
        if not post:
            raise PermanentError("There is no post to change; post the reply anew.")
        self._standing.add(reply.id)
        self._screen.changed(reply, conversation)

    async def find(self, reply: Reply, conversation: Conversation) -> str | None:  # noqa: ARG002  # one screen
        """Return the reply's id when it was shown here."""
        return reply.id if reply.id in self._standing else None

    def thread_of(self, conversation: Conversation, post: str) -> Conversation:
        """Return the conversation as the thread under `post`."""
        return replace(conversation, thread=post)


class TerminalAudience:
    """A `bot.ports.Audience` that was told who reads what."""

    def __init__(self, *, people: Mapping[str, str], channels: Mapping[str, Collection[str]]) -> None:
        """`people`: e-mail → name; `channels`: support channel → its agents' e-mails."""
        self._people = {email.casefold(): name for email, name in people.items()}
        self._channels = {name: frozenset(email.casefold() for email in agents) for name, agents in channels.items()}

    async def readers(self, place: Place) -> Readers | None:
        """Return who reads the channel; None for a place that the terminal does not have.

        A direct chat and an admin's notices have one reader, whose e-mail is in the channel's name.
        """
        if place.platform != PLATFORM:
            return None
        if place.kind == "admin" or place.channel.startswith(DIRECT):
            emails = frozenset({place.channel.removeprefix(DIRECT)})
        elif place.channel in self._channels:
            emails = self._channels[place.channel]
        else:
            return None
        identities = frozenset(identity_id(PLATFORM, TENANT, email) for email in emails)
        return Readers(identities=identities, emails=emails)

    async def profile(self, identity: Identity) -> Profile | None:
        """Return the person at the terminal, whose user id is their e-mail; None for another platform's user."""
        if identity.platform != PLATFORM or "@" not in identity.user:
            return None
        email = identity.user.casefold()
        name = self._people.get(email) or identity.name or email
        return Profile(identity=replace(identity, name=name, email=email))
