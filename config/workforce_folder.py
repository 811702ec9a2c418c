"""The workforce folder that is in force: found, read, and refused with its first mistakes when it has any."""

import logging
from pathlib import Path

from bot.errors import PermanentError
from coworkers.files.read import read_workforce
from coworkers.profile import Workforce

SHOWN = 3
"""Mistakes that are shown before pointing to `deskmate check`."""

log = logging.getLogger("deskmate.workforce")


def employed(folder: Path) -> Workforce:
    """Return the checked workforce; `PermanentError`, with the first mistakes, when it cannot be used."""
    place = folder if folder.is_dir() or folder.is_absolute() else Path(__file__).parent / "workforce"
    reading = read_workforce(place)
    for problem in reading.problems:
        if problem.warning:
            log.warning("%s", problem)
    if reading.workforce is None:
        mistakes = [str(problem) for problem in reading.problems if not problem.warning]
        more = f" and {len(mistakes) - SHOWN} more" if len(mistakes) > SHOWN else ""
        raise PermanentError(f"{place} cannot be used: {' '.join(mistakes[:SHOWN])}{more}. Run deskmate check {place}.")
    return reading.workforce
