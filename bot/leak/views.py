"""The ways in which a public text can be read by somebody who wants to find something in it.

`plain` is the text itself and its words backwards: there, ordinary notes look like private ones, so only phrases count. `odd` is what is
read out of it in another way: turned round, shifted by thirteen letters, decoded, spelled by first letters. Ordinary writing makes no
sense there, so a short trace is enough.
"""

from dataclasses import dataclass
from typing import Literal

from bot.leak.decoding import decoded, looks_encoded
from bot.leak.folding import clean, compact, compact_each, folded, with_marks_as_letters, words

ViewKind = Literal["verbatim", "encoded", "reversed"]

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_ROT13 = str.maketrans(
    _ALPHABET + _ALPHABET.upper(), _ALPHABET[13:] + _ALPHABET[:13] + (_ALPHABET[13:] + _ALPHABET[:13]).upper()
)
_SPELLED = frozenset({"at", "dot", "dash", "hyphen", "minus", "underscore", "slash", "colon", "point"})


@dataclass(frozen=True, kw_only=True)
class Views:
    """The readings of one text, compact."""

    cleaned: str
    fold: str
    pieces: tuple[str, ...]
    """Its words, compact."""
    plain: tuple[tuple[ViewKind, str], ...]
    odd: tuple[tuple[ViewKind, str], ...]

    def holds(self, needle: str) -> ViewKind | None:
        """Return how `needle`, compact, can be read in the text; None when it cannot."""
        return next((kind for kind, view in (*self.plain, *self.odd) if needle in view), None)


def views(text: str) -> Views:
    """Return the readings of `text`."""
    cleaned = clean(text)
    fold = folded(cleaned)
    listed = words(fold)
    pieces = tuple(compact_each(listed))
    straight = compact(fold)
    plain: list[tuple[ViewKind, str]] = [("verbatim", straight), ("reversed", "".join(reversed(pieces)))]
    odd: list[tuple[ViewKind, str]] = [
        ("reversed", straight[::-1]),
        ("reversed", "".join(piece[::-1] for piece in pieces)),
        ("encoded", compact(fold.translate(_ROT13))),
        ("encoded", "".join(piece[0] for piece in pieces)),
    ]
    marks = with_marks_as_letters(fold)
    if marks is not None:
        plain.append(("verbatim", compact(marks)))
    if not _SPELLED.isdisjoint(listed):
        plain.append(("verbatim", "".join(compact(word) for word in listed if word not in _SPELLED)))
    odd.extend(("encoded", view) for view in _decoded_views(cleaned))
    return Views(cleaned=cleaned, fold=fold, pieces=pieces, plain=tuple(plain), odd=tuple(odd))


def _decoded_views(cleaned: str) -> list[str]:
    sources = [cleaned]
    if looks_encoded(cleaned):
        sources += [cleaned[::-1], cleaned.translate(_ROT13)]
    found: list[str] = []
    for source in sources:
        text = decoded(source)
        if text:
            fold = folded(clean(text))
            straight = compact(fold)
            found += [straight, straight[::-1], compact(fold.translate(_ROT13))]
    return found
