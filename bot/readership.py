"""Announcements of platforms that the readers of a place have changed, in our words, and the private channels that they are about."""

from dataclasses import dataclass
from typing import Literal

from bot.conversation import Place
from bot.ids import WorkspaceId
from bot.person import Identity

What = Literal[
    "joined",
    "left",
    "atom_joined",
    "atom_left",
    "archived",
    "unarchived",
    "deleted",
    "shared",
    "unshared",
    "made_public",
    "made_private",
    "guest",
    "gone",
]
"""`guest` and `gone` are about a person wherever they are, everything else about one place."""


@dataclass(frozen=True, kw_only=True)
class AudienceChange:
    """That somebody can read somewhere who could not before, or no longer."""

    key: str
    """What makes the announcement distinct: the platform's id of the event."""
    what: What
    place: Place | None = None
    """None: wherever that person is."""
    identity: Identity | None = None
    """Who joined, left, or changed."""


@dataclass(frozen=True, kw_only=True)
class PrivateChannel:
    """A private channel that the change is about."""

    place: Place
    workspaces: tuple[WorkspaceId, ...]
    """Whose it is, or was when notes were posted there."""
