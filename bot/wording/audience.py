"""What a workspace's admins are told when more people can read its private channel than before, or Deskmate can no longer look.

The notices name who and which requests, never what the notes say; and what to do about it.
"""

from collections.abc import Sequence

_NEXT = "Remove them from the channel, or name another one in the workspace's file. New private notes are held back meanwhile."
_SHOWN = 10


def own_request(who: str, workspace: str, numbers: Sequence[str]) -> str:
    """Tell that a requester joined the channel where the private notes of their own request stand."""
    return (
        f"{who} has joined the private channel of {workspace} and can now read the private notes of their own "
        f"{_listed(numbers)}. {_NEXT}"
    )


def outsider_joined(who: str, workspace: str, numbers: Sequence[str]) -> str:
    """Tell that a guest, somebody of another organisation or another app joined the channel."""
    told = "who is a guest, from another organisation or an app"
    return f"{who}, {told}, has joined the private channel of {workspace} and can now read {_notes(numbers)}. {_NEXT}"


def stranger_joined(who: str, workspace: str, numbers: Sequence[str]) -> str:
    """Tell that somebody joined the channel of whom the platform says nothing."""
    return (
        f"{who} has joined the private channel of {workspace}, and the platform does not say who that is. "
        f"They can now read {_notes(numbers)}. {_NEXT}"
    )


def guest_now(who: str, workspace: str, numbers: Sequence[str]) -> str:
    """Tell that a member of the channel has become a guest."""
    return f"{who} is a guest now, and still in the private channel of {workspace}, with {_notes(numbers)}. {_NEXT}"


def shared(workspace: str, numbers: Sequence[str]) -> str:
    """Tell that the channel was shared with others."""
    return (
        f"The private channel of {workspace} was shared with another organisation or team, which can now read "
        f"{_notes(numbers)}. "
        "Stop sharing it, or name another one in the workspace's file. New private notes are held back meanwhile."
    )


def made_public(workspace: str, numbers: Sequence[str]) -> str:
    """Tell that the channel was made public."""
    return (
        f"The private channel of {workspace} was made public: everybody can now read {_notes(numbers)}. "
        "Make it private again, or name another one in the workspace's file. New private notes are held back meanwhile."
    )


def archived(workspace: str, _: Sequence[str]) -> str:
    """Tell that the channel takes no posts any more."""
    return (
        f"The private channel of {workspace} was archived, so its private notes reach nobody. "
        "Unarchive it, or name another one in the workspace's file."
    )


def deleted(workspace: str, _: Sequence[str]) -> str:
    """Tell that the channel, or its whole team, is gone."""
    return (
        f"The private channel of {workspace} was deleted, so its private notes reach nobody. "
        "Restore it, or name another one in the workspace's file."
    )


def atom_left(workspace: str, _: Sequence[str]) -> str:
    """Tell that Deskmate was removed from the channel."""
    return (
        f"Atom was removed from the private channel of {workspace}: it can neither post there nor see who reads along, so "
        "private notes are held back. Add it again (in Slack with /invite, in Teams by adding the app to the team, and to the "
        "channel where that is private), or name another channel in the workspace's file."
    )


def somebody() -> str:
    """Name a person whose name the platform does not tell."""
    return "Somebody"


def _notes(numbers: Sequence[str]) -> str:
    return f"the private notes of {_listed(numbers)}" if numbers else "what is written there (no private notes so far)"


def _listed(numbers: Sequence[str]) -> str:
    shown = ", ".join(numbers[:_SHOWN])
    more = len(numbers) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
