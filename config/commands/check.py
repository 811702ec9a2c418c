"""`deskmate check [DIR]`: every mistake in a workforce folder, with file, line and what to write instead."""

import argparse
import os
from pathlib import Path

from config.settings import read_settings
from config.workforce_folder import place_of
from coworkers.files.read import check


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the folder."""
    parser.add_argument("folder", nargs="?", metavar="DIR", help="the workforce folder (default: DESKMATE_WORKFORCE)")


def run(given: argparse.Namespace) -> int:
    """Print the problems; 1 when one of them is an error."""
    named = Path(given.folder) if given.folder else read_settings(os.environ, offline=True).workforce
    folder = place_of(named)
    problems = check(folder)
    for problem in problems:
        print(problem)
    errors = sum(not problem.warning for problem in problems)
    warnings = len(problems) - errors
    told = f"{warnings} warning{'' if warnings == 1 else 's'}"
    if errors:
        print(f"{errors} to correct, {told}.")
        return 1
    print(f"{folder} is in order" + (f", with {told}." if warnings else "."))
    return 0
