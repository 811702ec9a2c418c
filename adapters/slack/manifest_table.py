"""What Slack must grant and send: one line for each event, method, command and shortcut that this adapter has a handler for.

The manifest is made of this table and nothing else, and a test compares the table with the code, both ways: so an app that is
installed from the manifest is sent all that is handled, and asks for no permission that is not needed. Which scope belongs to which
event and method is from Slack's reference (docs.slack.dev/reference); where several kinds of channel are meant, each kind has a
scope of its own.
"""

from dataclasses import dataclass
from typing import Literal

EVENTS_PATH = "/slack/events"
"""Events, commands and interactions."""
REDIRECT_PATH = "/slack/oauth_redirect"

_WHOM = ("channels:read", "groups:read")


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """An event as the manifest names it."""

    scopes: tuple[str, ...] = ()
    type: str = ""
    """As it arrives, where that is another name: every `message.…` arrives as `message`."""


EVENTS: dict[str, Subscription] = {
    "agent_session_stopped": Subscription(scopes=("assistant:write",)),
    "app_home_opened": Subscription(),
    "app_mention": Subscription(scopes=("app_mentions:read",)),
    "app_uninstalled": Subscription(),
    "channel_archive": Subscription(scopes=("channels:read",)),
    "channel_left": Subscription(scopes=("channels:read",)),
    "channel_shared": Subscription(scopes=_WHOM),
    "channel_unarchive": Subscription(scopes=("channels:read",)),
    "channel_unshared": Subscription(scopes=_WHOM),
    "group_archive": Subscription(scopes=("groups:read",)),
    "group_left": Subscription(scopes=("groups:read",)),
    "group_unarchive": Subscription(scopes=("groups:read",)),
    "member_joined_channel": Subscription(scopes=_WHOM),
    "member_left_channel": Subscription(scopes=_WHOM),
    "message.channels": Subscription(scopes=("channels:history",), type="message"),
    "message.groups": Subscription(scopes=("groups:history",), type="message"),
    "message.im": Subscription(scopes=("im:history",), type="message"),
    "tokens_revoked": Subscription(),
    "user_change": Subscription(scopes=("users:read",)),
}
"""What is subscribed to."""

_LOOK = ("channels:read", "groups:read", "im:read")
_READ = ("channels:history", "groups:history", "im:history")
_WRITE = ("chat:write",)

METHODS: dict[str, tuple[str, ...]] = {
    "agents.sessions.rename": _WRITE,
    "agents.sessions.setStatus": _WRITE,
    "apps.connections.open": (),
    "assistant.threads.setStatus": _WRITE,
    "assistant.threads.setSuggestedPrompts": ("assistant:write",),
    "assistant.threads.setTitle": ("assistant:write",),
    "auth.revoke": (),
    "auth.test": (),
    "chat.appendStream": _WRITE,
    "chat.delete": _WRITE,
    "chat.getPermalink": (),
    "chat.postEphemeral": _WRITE,
    "chat.postMessage": _WRITE,
    "chat.startStream": _WRITE,
    "chat.stopStream": _WRITE,
    "chat.update": _WRITE,
    "conversations.history": _READ,
    "conversations.info": _LOOK,
    "conversations.members": _LOOK,
    "conversations.open": ("im:write",),
    "conversations.replies": _READ,
    "files.info": ("files:read",),
    "oauth.v2.access": (),
    "reactions.add": ("reactions:write",),
    "reactions.remove": ("reactions:write",),
    "users.info": ("users:read", "users:read.email"),
    "views.open": (),
    "views.publish": (),
}
"""Web API methods that are called, with what each needs. users.info gives e-mail addresses to the second scope only."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """A slash command."""

    name: str
    description: str
    hint: str


COMMANDS = (
    Command(
        name="/atom",
        description="Open a request, see yours, and (for agents and admins) work on them. Only you see the answer.",
        hint="help | new | mine | status IT-1042",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Shortcut:
    """A shortcut, global or on a message."""

    callback: str
    kind: Literal["global", "message"]
    name: str
    description: str


SHORTCUTS = (
    Shortcut(
        callback="new_request",
        kind="global",
        name="New request",
        description="Ask a service team for something, for yourself or on behalf of somebody else.",
    ),
    Shortcut(
        callback="open_request",
        kind="message",
        name="Open a request from this",
        description="Open a request from this message and keep its author, its words and its link.",
    ),
)
NEEDED_BY_COMMANDS = "commands"
"""The scope of slash commands and shortcuts."""

PROMPTS = (
    ("My laptop is slow", "My laptop has been slow since this morning."),
    ("I need access to an app", "I need access to an application for my work."),
    ("Where do my requests stand?", "Where do my requests stand?"),
    ("What can you do for me?", "What can you do for me?"),
)
"""What somebody new is offered: title and message, at most four."""


def needs() -> dict[str, tuple[str, ...]]:
    """Return each scope with the events, methods, commands and shortcuts that need it, in order."""
    found: dict[str, list[str]] = {}
    for event, subscription in EVENTS.items():
        for scope in subscription.scopes:
            found.setdefault(scope, []).append(event)
    for method, scopes in METHODS.items():
        for scope in scopes:
            found.setdefault(scope, []).append(method)
    for name in (*(item.name for item in COMMANDS), *(item.callback for item in SHORTCUTS)):
        found.setdefault(NEEDED_BY_COMMANDS, []).append(name)
    return {scope: tuple(found[scope]) for scope in sorted(found)}
