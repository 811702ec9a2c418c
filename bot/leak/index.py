"""What is looked for of one private text, prepared once: private texts are compared with many public ones.

A *phrase* is a stretch of `PHRASE` compact characters that begins at a word and has enough words of its own: two notes on one matter
share words, but seldom such a stretch. A *trace* is shorter and needs no such words; it is looked for only where ordinary writing never
comes out by chance, in what was decoded or turned round. Windows of telling words are kept for the check of scattered pieces.
"""

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.leak.folding import clean, compact, compact_each, folded, words
from bot.leak.ordinary import ORDINARY
from bot.leak.scattered import beginnings
from bot.leak.tokens import amounts, telling_tokens

PHRASE = 28
TRACE = 14
WINDOW = 8
_OWN_WORDS = 3
_SHORT_SENTENCE = 16
_LONG_SENTENCE = 100
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\n+")
_FEWEST = 6
_REMEMBERED_CHARACTERS = 4_000_000


@dataclass(frozen=True, kw_only=True)
class Index:
    """One private text, prepared."""

    phrases: frozenset[str]
    short: dict[str, str]
    """Whole sentences, compact, too short or too plain to hold a phrase, by their first `TRACE` characters."""
    traces: frozenset[str]
    tokens: frozenset[str]
    beginnings: dict[str, tuple[str, ...]]
    """What tokens begin with → those tokens."""
    amounts: frozenset[str]
    windows: tuple[tuple[str, ...], ...]
    """Overlapping runs of `WINDOW` words, ordinary ones left out."""


class Indexes:
    """Indexes of the texts seen last; each text is prepared once."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Index] = OrderedDict()
        self._size = 0

    def of(self, text: str) -> Index:
        """Return the index of a private text."""
        found = self._kept.get(text)
        if found is not None:
            self._kept.move_to_end(text)
            return found
        made = build(text)
        if len(text) <= _REMEMBERED_CHARACTERS // 8:
            self._kept[text] = made
            self._size += len(text)
        while self._size > _REMEMBERED_CHARACTERS:
            old, _ = self._kept.popitem(last=False)
            self._size -= len(old)
        return made


def build(text: str) -> Index:
    """Prepare a private text; linear in its length."""
    cleaned = clean(text)
    fold = folded(cleaned)
    listed = words(fold)
    pieces = compact_each(listed)
    joined = "".join(pieces)
    own = [word not in ORDINARY for word in listed]
    tokens = telling_tokens(cleaned)
    return Index(
        phrases=_phrases(pieces, own, joined),
        short=_short(fold),
        traces=frozenset(joined[at : at + TRACE] for at in _starts(pieces) if at + TRACE <= len(joined)),
        tokens=tokens,
        beginnings=beginnings(tokens),
        amounts=amounts(cleaned),
        windows=tuple(dict.fromkeys(_windows(own_words(fold)))),
    )


def own_words(fold: str) -> tuple[str, ...]:
    """Return the words of a folded text that are not ordinary, compact, in their order."""
    return tuple(compact_each([word for word in words(fold) if word not in ORDINARY]))


def _windows(own: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Cut the telling words of a text into overlapping windows, each long enough to be recognised when it is scattered."""
    if _FEWEST <= len(own) <= WINDOW:
        yield own
    for at in range(0, len(own) - WINDOW, WINDOW // 2):
        yield own[at : at + WINDOW]
    if len(own) > WINDOW:
        yield own[-WINDOW:]


def _starts(pieces: list[str]) -> list[int]:
    at, starts = 0, []
    for piece in pieces:
        starts.append(at)
        at += len(piece)
    return starts


def _phrases(pieces: list[str], own: list[bool], joined: str) -> frozenset[str]:
    starts = [*_starts(pieces), len(joined)]
    found: set[str] = set()
    last, count = 0, 0
    for first, (start, after) in enumerate(pairwise(starts)):
        while last < len(pieces) and starts[last] < start + PHRASE:
            count += own[last]
            last += 1
        if start + PHRASE > len(joined):
            break
        if count >= _OWN_WORDS and after > start:
            found.add(joined[start : start + PHRASE])
        count -= own[first]
    return frozenset(found)


def _short(fold: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for sentence in _SENTENCE.split(fold):
        joined = compact(sentence)
        fewest = _OWN_WORDS if len(joined) < PHRASE else _OWN_WORDS - 1
        if _SHORT_SENTENCE <= len(joined) <= _LONG_SENTENCE and len(own_words(sentence)) >= fewest:
            found[joined[:TRACE]] = joined
    return found
