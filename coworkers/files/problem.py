"""What is wrong with a workforce folder, as a list that a person can work off.

Reading never stops at the first mistake: it notes each and goes on, so that one run of `deskmate check` shows them all.
A problem says where, what, and what to write instead. Warnings do not keep a folder from being used.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One mistake in one place."""

    path: str
    """Relative to the workforce folder, with `/`."""
    line: int
    """From 1; 1 too when the whole file is meant."""
    what: str
    """What is wrong, without a full stop."""
    remedy: str
    """What to write instead, a sentence."""
    warning: bool = False
    """The folder can be used all the same."""
    unreadable: bool = False
    """The whole file cannot be read, so it is to be mended first."""

    def __str__(self) -> str:
        """Return `path:line: what. remedy` on one line, what a terminal would obey made visible."""
        kind = "warning: " if self.warning else ""
        text = f"{self.path}:{self.line}: {kind}{self.what}. {self.remedy}"
        return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


class Problems:
    """Collects problems while a folder is read."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def error(self, path: str, line: int, what: str, remedy: str) -> None:
        """Note a mistake that keeps the folder from being used."""
        self._add(Problem(path=path, line=line, what=what, remedy=remedy))

    def unreadable(self, path: str, line: int, what: str, remedy: str) -> None:
        """Note a mistake that keeps a whole file from being read."""
        self._add(Problem(path=path, line=line, what=what, remedy=remedy, unreadable=True))

    def warn(self, path: str, line: int, what: str, remedy: str) -> None:
        """Note something that was passed over or will be different from what is written."""
        self._add(Problem(path=path, line=line, what=what, remedy=remedy, warning=True))

    def found(self) -> tuple[Problem, ...]:
        """Return all of them, errors and warnings, ordered by place; files that cannot be read come first."""
        return tuple(sorted(self._found, key=lambda p: (not p.unreadable, p.path, p.line)))

    def _add(self, problem: Problem) -> None:
        if problem not in self._found:
            self._found.append(problem)


def nearest(wrong: str, right: Iterable[str]) -> str | None:
    """Return which of `right` was probably meant, if any."""
    return next(iter(get_close_matches(wrong, list(right), n=1, cutoff=0.6)), None)


def choose(wrong: str, right: list[str], what: str) -> str:
    """Return a remedy that names the nearest of `right`, or all of them when none is near (at most twelve)."""
    near = nearest(wrong, right)
    if near:
        return f"Did you mean `{near}`?"
    if not right:
        return f"There is no {what} yet: add one first."
    named = ", ".join(sorted(right)[:12])
    return f"Write one of: {named}."
