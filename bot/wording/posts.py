"""What adapters add to a post, or answer a press with: the label of a private note, and the words around buttons."""

from dataclasses import dataclass

PRIVATE = "Private note"
"""Where there is room for two words."""
DENY_TITLE = "Deny this?"
DENY_TEXT = "It will not be done, and the coworker is told so. This cannot be taken back."
DENY_CONFIRM = "Deny"
DENY_BACK = "Go back"
SURE_TITLE = "Are you sure?"


def sure(label: str) -> str:
    """Return the question that comes before a button that does something grave."""
    return f"\u201c{label}\u201d is done at once. Go back if that is not what you want."


def score(value: str) -> str:
    """Return what a screen reader says of a button of the survey."""
    return f"{value} out of 5, where 5 is the best"


@dataclass(frozen=True, kw_only=True)
class Words:
    """Words shown around posts and presses; handed in where they are shown."""

    private: str = "Private note: only colleagues can read this."
    """Above every private reply."""
    noted: str = "Noted. The card is updated as soon as this is done."
    """Shown to whoever pressed a button, before anything has been decided."""
    refresh: str = "Refresh"
    """What the menu of a card calls asking for it anew."""
    unchanged: str = "Nothing newer can be shown on this card just now."
    """Shown to whoever asked for a card anew that could not be told."""
    writing: str = "Writing the answer\u2026"
    """Shown in a chat until the first words of a long answer come."""
    unknown: str = "This button is not one of Deskmate's. Nothing was done; write a message instead."
    """Shown to whoever pressed a button that means nothing to us."""
