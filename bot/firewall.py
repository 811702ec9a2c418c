"""Decides whether a text may go to a place: the private-note firewall.

A private text goes only to a private channel that its workspace configured, whose readers are known, and which neither the requester
nor an outsider nor the whole organisation can read. A public text goes to the requester's own conversation, and as a mirror to a
private support thread. Everything else, and everything unknown, is withheld. The function is pure: it is asked when a text is
stored and again, with the audience of that moment, when it is delivered.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from bot.conversation import Place
from bot.labels import Visibility
from bot.ports import Readers
from bot.workspace import Workspace

Channel = tuple[str, str]
"""A platform and one of its channels."""

ReasonCode = Literal[
    "not_the_requesters",
    "not_a_private_channel",
    "unknown_audience",
    "everyone",
    "outsiders",
    "requester",
    "no_requester",
]

_SENTENCES: dict[ReasonCode, str] = {
    "not_the_requesters": "This is not the requester's own conversation. Reply in the conversation of the request.",
    "not_a_private_channel": "This is not a private channel of the workspace. Name it under support_channels or "
    "restricted_channels of the workspace if private notes belong there.",
    "unknown_audience": "The platform does not say who can read this channel. Invite Atom to it and mention it there, see "
    "that it is not archived, and check the app's permissions to list members and to read a team's settings.",
    "everyone": "Anybody in the organisation can read this channel. Make it private, or configure one that is.",
    "outsiders": "Guests or external members can read this channel, or it is shared. Remove them, or configure a channel "
    "without them.",
    "requester": "The requester can read this channel. Configure a restricted channel for the workspace.",
    "no_requester": "Nothing tells who the requester is on this chat platform, so it cannot be ruled out that they read "
    "this channel. Let the platform show the requester's verified e-mail, or configure a channel on the requester's own.",
}


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """The text may go there."""


@dataclass(frozen=True, kw_only=True)
class Withheld:
    """The text may not go there."""

    reason: ReasonCode

    @property
    def sentence(self) -> str:
        """Why, and what an admin can do about it; it holds nothing of the text."""
        return _SENTENCES[self.reason]


def private_channels(workspace: Workspace, support: Collection[Channel] = ()) -> frozenset[Channel]:
    """Return where private texts of `workspace` may go, with further `support` channels that its desk has."""
    named = {*workspace.support_channels.items(), *workspace.restricted_channels.items()}
    return frozenset(named) | frozenset(support)


def verdict(
    visibility: Visibility,
    place: Place,
    readers: Readers | None,
    requester_identities: frozenset[str],
    requester_email: str | None,
    allowed: frozenset[Channel],
    *,
    own: bool = False,
) -> Allowed | Withheld:
    """Tell whether a text may go to `place`.

    `readers` is what the platform says now (None: it does not say); `requester_identities` are all chat identities that are linked
    to the requester, `requester_email` the verified e-mail; `allowed` are the workspace's private channels; `own` tells that
    the place is the requester's own conversation, which needs no audience, since only public texts go there.
    """
    private_channel = (place.platform, place.channel) in allowed
    if visibility is Visibility.PUBLIC:
        if own:
            return Allowed()
        return closed(readers) if private_channel else Withheld(reason="not_the_requesters")
    if not private_channel:
        return Withheld(reason="not_a_private_channel")
    if not requester_email and not any(key.startswith(f"{place.platform}:") for key in requester_identities):
        return Withheld(reason="no_requester")
    if readers is not None and _reads(readers, requester_identities, requester_email):
        return Withheld(reason="requester")
    return closed(readers)


def closed(readers: Readers | None) -> Allowed | Withheld:
    """Tell whether only those of the organisation who were let in can read: all that a notice without content needs."""
    if readers is None:
        return Withheld(reason="unknown_audience")
    if readers.everyone:
        return Withheld(reason="everyone")
    if readers.outsiders:
        return Withheld(reason="outsiders")
    if not readers.certain:
        return Withheld(reason="unknown_audience")
    return Allowed()


def _reads(readers: Readers, identities: frozenset[str], email: str | None) -> bool:
    if not readers.identities.isdisjoint(identities):
        return True
    return email is not None and _mailbox(email) in {_mailbox(item) for item in readers.emails}


def _mailbox(address: str) -> str:
    """Return where mail to `address` arrives: case does not count, nor what follows a plus. Good for ruling out, not for linking."""
    name, at, domain = address.strip().casefold().rpartition("@")
    return name.partition("+")[0] + at + domain
