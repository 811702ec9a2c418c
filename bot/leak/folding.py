"""Brings texts that look or read alike to one form, so that they can be compared.

Three forms, each made from the one before: *clean* (compatibility characters replaced, invisible ones gone, case kept, since encodings
need it), *folded* (lower case, no accents, look-alike letters as Latin ones), *compact* (letters and digits only, digits that stand
for letters as letters). Both sides of a comparison go through the same folding, so what it confuses, it confuses on both.
"""

import re
import unicodedata

_LOOK_ALIKES = str.maketrans(
    "абвгдеѕзіїјкӏмнопрԛстуѵԝхүһԁɡɑαβεικνορτυχγηωѐёςℓıßꜱʀɴʜ|",
    "abbrdeszijjklmhonpqctyvwxyhdgaabeikvoptuxynweeclissrnhl",
)
_DIGITS_AS_LETTERS = str.maketrans("013457", "oieast")
_MARKS_AS_LETTERS = str.maketrans("@$!|+€(", "asiltec")
_MARK_IN_A_WORD = re.compile(r"[^\W_][@$!|+€(][^\W_]")
_NOT_COMPACT = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W_]+(?:['\u2019.,@:/_-]+[^\W_]+)*")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U0001bca0-\U0001bca3\U000e0000-\U000e0fff]"
)


def clean(text: str) -> str:
    """Return `text` without invisible characters, compatibility characters replaced, case kept."""
    return text if text.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def folded(cleaned: str) -> str:
    """Return a clean text in lower case, without accents, look-alikes as Latin letters."""
    lower = cleaned.casefold()
    if lower.isascii():
        return lower
    plain = "".join(character for character in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(character))
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
