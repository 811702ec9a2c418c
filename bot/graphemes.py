"""Tells where a text may be cut without breaking what a reader sees as one character, or an escape.

The standard library has no grapheme segmentation; this covers what people write: accents, emoji sequences, flags, Hangul, surrogate
pairs, line ends, and (beyond Unicode's rules) a backslash with what it escapes, HTML entities and Markdown's doubled marks.
"""

import re
import unicodedata
from collections.abc import Callable

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});")
_ENTITY_LENGTH = 12
_JOINER = "\u200d"


def safe_cut(text: str, position: int) -> bool:
    """Tell whether `text` may be cut before the character at `position`."""
    if position <= 0 or position >= len(text):
        return True
    before, after = text[position - 1], text[position]
    if _extends(after) or before == _JOINER or (before, after) == ("\r", "\n"):
        return False
    if _flag(before) and _flag(after):
        return _run(text, position, _flag) % 2 == 0
    if before == "\\" and _run(text, position, _backslash) % 2 == 1:
        return False
    if before == after and after in "*_~`":
        return False
    return not (_surrogates(before, after) or _hangul(before, after) or _in_entity(text, position))


def _extends(character: str) -> bool:
    """Tell whether the character belongs to the one before it: marks, joiners, emoji modifiers, tags."""
    if character < "\u0300":
        return False
    code = ord(character)
    return (
        unicodedata.category(character) in {"Mn", "Mc", "Me"}
        or character in {_JOINER, "\u200c"}
        or 0x1F3FB <= code <= 0x1F3FF  # noqa: PLR2004  (Unicode's emoji modifiers)
        or 0xE0020 <= code <= 0xE007F  # noqa: PLR2004  (Unicode's tag characters)
    )


def _backslash(character: str) -> bool:
    return character == "\\"


def _flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _surrogates(before: str, after: str) -> bool:
    return "\ud800" <= before <= "\udbff" and "\udc00" <= after <= "\udfff"


def _hangul(before: str, after: str) -> bool:
    """Tell whether two conjoining parts of one Hangul syllable meet here."""
    vowel_or_tail = "\u1160" <= after <= "\u11ff"
    return vowel_or_tail and ("\u1100" <= before <= "\u11ff" or "\uac00" <= before <= "\ud7a3")


def _in_entity(text: str, position: int) -> bool:
    start = text.rfind("&", max(0, position - _ENTITY_LENGTH), position)
    match = _ENTITY.match(text, start) if start >= 0 else None
    return match is not None and match.end() > position


def _run(text: str, position: int, belongs: Callable[[str], bool]) -> int:
    """Return how many characters just before `position` belong together."""
    start = position
    while start > 0 and belongs(text[start - 1]):
        start -= 1
    return position - start
