"""The failures that the core knows.

Towards the outside there are two: `TemporaryError` (try again after `delay` seconds) and `PermanentError` (a person must act).
Adapters translate vendor exceptions into them at one place, cause chained; retry code looks at nothing else.
Inside, `Refused` is what the desk answers to a call that breaks a rule; its message tells the caller what to do instead.
"""

from bot.turn import Usage


class DeskmateError(Exception):
    """Something failed; the message is a sentence that says what to do next."""

    usage: Usage = Usage()
    """What a model charged although its answer could not be used."""


class TemporaryError(DeskmateError):
    """It may work later: try again after `delay` seconds.

    `maybe_done` is True when the other side may have acted although no answer came (then look before repeating).
    `too_soon` is True when nothing failed: it is only not our turn yet. That is waited out however often it comes.
    """

    def __init__(self, message: str, *, delay: float = 1.0, maybe_done: bool = False, too_soon: bool = False) -> None:
        super().__init__(message)
        self.delay = delay
        self.maybe_done = maybe_done
        self.too_soon = too_soon


class PermanentError(DeskmateError):
    """It will not work by repeating: a person must act."""


class Refused(DeskmateError):
    """A rule of the desk forbids the call; the message says which and what to do instead."""


class TransitionRefused(Refused):
    """The status table has no such transition."""


class LeaseLost(DeskmateError):
    """Somebody else works here now; stop and change nothing."""


class Conflict(DeskmateError):
    """A record with this key exists already."""
