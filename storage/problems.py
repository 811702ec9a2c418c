"""Mistakes of the code that only the database notices. They are no weather: repeating does not help, so they are never retried."""

from bot.errors import DeskmateError


class MissingRecord(DeskmateError, LookupError):
    """`put` was given a record that was never added: use `add` for a new one."""

    def __str__(self) -> str:
        """Return the sentence alone (a LookupError would quote it)."""
        return str(self.args[0])


class BrokenRule(DeskmateError):
    """A record refers to one that does not exist, or lacks a field: add what it refers to first."""
