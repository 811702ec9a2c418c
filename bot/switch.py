"""Switches: what an admin has switched at run time. They win over the files, survive a reload and a restart, and say who did it.

A paused coworker finishes the run that is under way and is given no more; a killed one stops at its next step. `all` means every coworker.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.ids import PersonId

ALL = "all"

SwitchState = Literal["on", "paused", "killed"]


@dataclass(frozen=True, kw_only=True)
class Switch:
    """The switch of one coworker, or of all."""

    id: str
    """A coworker id, or `all`."""
    state: SwitchState
    by: PersonId
    reason: str = ""
    at: datetime
