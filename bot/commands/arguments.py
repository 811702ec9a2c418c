"""Reading what follows a command's name.

People type on telephones and paste from elsewhere, so dashes, quotation marks and spaces of all kinds are taken. Nothing here knows what
exists: a text that has the form of a request number is one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from bot.commands.invocation import Unclear
from bot.graphemes import safe_cut
from bot.wording import commands as wording

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−﹣－", "-"))  # noqa: RUF001  # what keyboards and word processors make of a hyphen
_NUMBER = re.compile(r"#?([A-Z][A-Z0-9]{0,9}-[0-9]{1,9})[.,:;]?", re.IGNORECASE | re.ASCII)
QUOTES = "\"'`“”‘’«»"  # noqa: RUF001
_LONGEST = 40
"""Characters of a stranger's word that are said back."""


def first_word(text: str) -> tuple[str, str]:
    """Return the first word of `text` and what follows it, its line breaks kept; both empty when there is none."""
    parts = text.strip().split(maxsplit=1)
    return (parts[0] if parts else "", parts[1].strip() if len(parts) > 1 else "")


def number_of(word: str) -> str | None:
    """Return the request number that `word` is, in capitals; None when it is none."""
    found = _NUMBER.fullmatch(word.translate(_DASHES))
    return found[1].upper() if found else None


@dataclass(frozen=True, kw_only=True)
class About:
    """A request number, and what was said about it."""

    number: str
    rest: str


def about(arguments: str, command: str) -> About:
    """Return the request number that `arguments` begin with and what follows; `Unclear`, with the usage, when there is none."""
    word, rest = first_word(arguments)
    number = number_of(word)
    if number is None:
        raise Unclear(wording.number_wanted(shown(word), command))
    return About(number=number, rest=rest)


def unquoted(text: str) -> str:
    """Return a name without quotation marks and the full stop around it, its inner spaces made single."""
    return " ".join(text.split()).strip(QUOTES).strip()


def nearest(wrong: str, right: Iterable[str]) -> str:
    """Return which of `right` was probably meant; empty when none was."""
    return next(iter(get_close_matches(wrong.casefold()[:_LONGEST], list(right), n=1, cutoff=0.6)), "")


def shown(word: str) -> str:
    """Return a person's word as it is said back to them inside backticks: short, on one line, with nothing that ends them."""
    plain = "".join(char for char in " ".join(word.split()) if char.isprintable() and char != "`")
    if len(plain) <= _LONGEST:
        return plain
    cut = next((at for at in range(_LONGEST, _LONGEST // 2, -1) if safe_cut(plain, at)), _LONGEST)
    return plain[:cut] + "…"
