"""The workforce folder that is in force: found, read, and refused with its first mistakes when it has any."""

import logging
from pathlib import Path

from bot.errors import PermanentError
from config.settings import SHIPPED
from coworkers.files.read import read_workforce
from coworkers.profile import Workforce

SHOWN = 3
"""Mistakes that are shown before pointing to `deskmate check`."""

log = logging.getLogger("deskmate.workforce")


def place_of(folder: Path) -> Path:
    """Return where the folder is; `PermanentError` when there is none.

    The one that is shipped is found from any working directory.
    """
    place = Path(__file__).parent / "workforce" if folder == Path(SHIPPED) and not folder.is_dir() else folder
    if place.is_dir():
        return place
    what = f"{place} is a file" if place.exists() else f"There is no folder {place}"
    raise PermanentError(f"{what}: name a workforce folder, such as {SHIPPED}.")


def employed(folder: Path) -> Workforce:
    """Return the checked workforce; `PermanentError`, with the first mistakes, when it cannot be used."""
    place = place_of(folder)
    reading = read_workforce(place)
    for problem in reading.problems:
        if problem.warning:
            log.warning("%s", problem)
    if reading.workforce is None:
        mistakes = [str(problem) for problem in reading.problems if not problem.warning]
        more = f" There are {len(mistakes) - SHOWN} more." if len(mistakes) > SHOWN else ""
        raise PermanentError(
            f"{place} cannot be used. {' '.join(mistakes[:SHOWN])}{more} Run deskmate check {place} to see them all."
        )
    return reading.workforce
