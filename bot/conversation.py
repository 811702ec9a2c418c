"""Conversations: places on a chat platform where messages come from and replies go to.

A conversation is one thread (or one unthreaded chat). It is where order is kept: messages are read and replies are posted one
after the other. A support thread of a request exists as a conversation before its first post; its `thread` is filled in when
the header has been posted.
"""

from dataclasses import dataclass, field
from typing import Literal

from bot.ids import ConversationId, RequestId, WorkspaceId
from bot.person import Platform

ConversationKind = Literal["direct", "channel", "group", "support", "admin", "aside"]


@dataclass(frozen=True, kw_only=True)
class Place:
    """A channel or chat as the platform names it, without the thread: what an audience is asked of."""

    platform: Platform
    tenant: str
    channel: str
    kind: ConversationKind


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """One thread, or one unthreaded chat."""

    id: ConversationId
    """`platform:tenant:channel[:thread]`; support threads: `support:request:platform:channel`."""
    platform: Platform
    tenant: str
    channel: str
    thread: str | None = None
    """Slack: the parent's ts; Teams: the root message's id; None: not threaded, or not posted yet."""
    kind: ConversationKind
    """`direct`: one person and Atom; `support`: a request's thread in a private support channel; `admin`: a notice to an admin;
    `aside`: what only one person sees in a place where others talk (the answer to a slash command)."""
    request_ids: tuple[RequestId, ...] = ()
    """Requests that were opened here (or, for `support`, the one that it belongs to), oldest first."""
    workspace: WorkspaceId | None = None
    """The workspace whose support channel this is."""
    address: dict[str, str] = field(default_factory=dict)
    """What the platform's adapter needs to post here again (Teams: validated service URL, bot id; an aside: user and response URL)."""

    @property
    def place(self) -> Place:
        """The channel, without the thread."""
        return Place(platform=self.platform, tenant=self.tenant, channel=self.channel, kind=self.kind)


def conversation_id(platform: str, tenant: str, channel: str, thread: str | None = None) -> ConversationId:
    """Return the key of a conversation that a message came from."""
    return ConversationId(":".join(part for part in (platform, tenant, channel, thread) if part))
