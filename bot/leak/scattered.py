"""Finds private material that was taken to pieces: a few words here, filler, the next few words there or in the next note.

A sentence counts as told when nearly all of its own words come in their order, with no more than a bounded stretch of other words
between two of them. A token counts as told when it can be put together, from its beginning to its end, out of whole words in their order.
"""

from collections.abc import Iterable, Mapping, Sequence

_SHARE = 0.8
_FEWEST = 4
_FILLER = 40
"""Words, ordinary ones not counted, that may lie between two pieces."""
_MOST_MATCHES = 150
_MOST_OF_ONE = 20
_SMALLEST_PIECE = 2
_FEWEST_TOKEN = 8


def positions(words: Sequence[str]) -> dict[str, list[int]]:
    """Return where each word stands."""
    found: dict[str, list[int]] = {}
    for at, word in enumerate(words):
        found.setdefault(word, []).append(at)
    return found


def told(sentence: Sequence[str], where: Mapping[str, list[int]]) -> int | None:
    """Return the position of the last piece when nearly all words of `sentence` are told in order; else None."""
    needed = max(_FEWEST, round(_SHARE * len(sentence)))
    spare = len(sentence) - needed
    for word in sentence:
        if word not in where:
            spare -= 1
            if spare < 0:
                return None
    matches = sorted((at, index) for index, word in enumerate(sentence) for at in where.get(word, [])[-_MOST_OF_ONE:])[
        -_MOST_MATCHES:
    ]
    best: list[int] = []
    last: int | None = None
    for number, (at, index) in enumerate(matches):
        length = 1
        for earlier in range(number - 1, -1, -1):
            at_before, index_before = matches[earlier]
            if at - at_before > _FILLER:
                break
            if index_before < index and at_before < at:
                length = max(length, best[earlier] + 1)
        best.append(length)
        if length >= needed:
            last = at
    return last


def beginnings(tokens: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return for each piece with which a token can begin which tokens those are."""
    found: dict[str, tuple[str, ...]] = {}
    for token in tokens:
        for size in range(_SMALLEST_PIECE, len(token) if len(token) >= _FEWEST_TOKEN else 0):
            found[token[:size]] = (*found.get(token[:size], ()), token)
    return found


def assembled(token: str, pieces: Sequence[str]) -> int | None:
    """Return the position of the piece with which `token` is complete, taken from words in their order; else None."""
    done = 0
    for at, piece in enumerate(pieces):
        if _SMALLEST_PIECE <= len(piece) < len(token) and token.startswith(piece, done):
            done += len(piece)
            if done == len(token):
                return at
    return None
