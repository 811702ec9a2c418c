"""What is said when somebody stops work."""

from collections.abc import Sequence

NOTHING = "There is nothing to stop just now."
NOT_YOURS = "only the one who asked for it, or an agent of the team, can stop it."


def stopped(numbers: Sequence[str]) -> str:
    """Tell whoever pressed stop that work ends, and how it goes on."""
    if not numbers:
        return "Stopped. Write to go on."
    waits = "waits" if len(numbers) == 1 else "wait"
    return f"Stopped. {', '.join(numbers)} {waits} for you now: write here to go on."


def stopped_line(number: str, name: str) -> str:
    """Tell colleagues that a person ended a coworker's run."""
    return f"The work of {name} on {number} was stopped. It waits for the requester's next words."


def switched_off(name: str) -> str:
    """Say why a coworker's request comes to a human."""
    return f"{name} was switched off by an admin while it worked on this."
