"""What one step of work reports to the engine: there is more, there is nothing left, or look again at a moment."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class More:
    """Something was done; ask again at once."""


@dataclass(frozen=True, kw_only=True)
class Idle:
    """Nothing is left to do here."""


@dataclass(frozen=True, kw_only=True)
class Later:
    """Nothing may be done before `at`."""

    at: datetime
    firm: bool = True
    """False: look again at `at`, and before it when something new arrives."""


Progress = More | Idle | Later
