"""The few words that this adapter adds to a post or answers a press with.

They are handed in where they are shown, so that the desk's own wording can take their place without a change here.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Words:
    """Words shown to people in Teams."""

    private: str = "Private note: only colleagues can read this."
    """Above every private reply."""
    noted: str = "Noted. The card is updated as soon as this is done."
    """Shown to whoever pressed a button, before anything has been decided."""
    unknown: str = "This button is not one of Deskmate's. Nothing was done; write a message instead."
    """Shown to whoever pressed a button that means nothing to us."""
