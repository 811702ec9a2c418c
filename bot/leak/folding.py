"""Brings texts that look or read alike to one form, so that they can be compared.

Three forms, each made from the one before: *clean* (compatibility characters replaced, invisible ones gone, case kept, since encodings
need it), *folded* (lower case, no accents, look-alike letters as Latin ones), *compact* (letters and digits only, digits that stand
for letters as letters). Both sides of a comparison go through the same folding, so what it confuses, it confuses on both.
"""

import re
import unicodedata

_LOOK_ALIKES = str.maketrans(
    "\u0430\u0432\u0433\u0435\u0455\u0437\u0456\u0458\u043a\u04cf\u043c\u043d\u043e\u043f\u0440\u051b\u0441\u0442"
    "\u0443\u0475\u051d\u0445\u04af\u04bb\u0501\u0261\u0251\u03b1\u03b2\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4"
    "\u03c5\u03c7\u03b3\u03b7\u03c9\u0131\u0280\u0274\u029c\ua731\u026a\u0299\u1d04\u1d05\u1d07\u0262\u1d0a\u1d0b"
    "\u029f\u1d0d\u1d0f\u1d18\u1d1b\u1d1c\u1d20\u1d21\u028f\u1d22\u1d00",
    "abreszijklmhonpqctyvwxyhdgaabeikvoptuxynwirnhsibcdegjklmoptuvwyza",
)
"""Cyrillic, Greek and small-capital letters that look like Latin ones."""
_DIGITS_AS_LETTERS = str.maketrans("013457l", "oieasti")
_MARKS_AS_LETTERS = str.maketrans("@$!|+€(", "asiltec")
_MARK_IN_A_WORD = re.compile(r"[^\W_][@$!|+€(][^\W_]")
_NOT_COMPACT = re.compile(r"[\W_]+")
_NOT_COMPACT_OR_SPACE = re.compile(r"[^\w ]+|_+")
_WORD = re.compile(r"[^\W_]+(?:['\u2019.,@:/_-]+[^\W_]+)*")
INVISIBLE = (
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U0001bca0-\U0001bca3\U000e0000-\U000e0fff]"
)
"""A pattern of characters that nobody sees."""
_INVISIBLE = re.compile(INVISIBLE)
_BLANK = "\N{BRAILLE PATTERN BLANK}"


def is_seen(character: str) -> bool:
    """Tell whether a character is more than nothing on a screen: some that count as letters and marks are not."""
    return character.isprintable() and character != _BLANK and not _INVISIBLE.fullmatch(character)


def clean(text: str) -> str:
    """Return `text` without invisible characters, compatibility characters replaced, case kept."""
    return text if text.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def folded(cleaned: str) -> str:
    """Return a clean text in lower case, without accents, look-alikes as Latin letters."""
    lower = cleaned.casefold()
    if lower.isascii():
        return lower
    plain = "".join(
        character for character in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(character)
    )
    return plain.translate(_LOOK_ALIKES)


def compact(fold: str) -> str:
    """Return the letters and digits of a folded text, nothing between them."""
    return _NOT_COMPACT.sub("", fold).translate(_DIGITS_AS_LETTERS)


def with_marks_as_letters(fold: str) -> str | None:
    """Return the folded text with `@`, `$`, `!` … read as letters; None when it has none inside a word."""
    return fold.translate(_MARKS_AS_LETTERS) if _MARK_IN_A_WORD.search(fold) else None


def words(fold: str) -> list[str]:
    """Return the words of a folded text; a host name, an address or a number with separators is one word."""
    return _WORD.findall(fold)


def compact_each(listed: list[str]) -> list[str]:
    """Return words of a folded text, each compact."""
    return _NOT_COMPACT_OR_SPACE.sub("", " ".join(listed)).translate(_DIGITS_AS_LETTERS).split(" ") if listed else []
