"""Finds private material that was taken to pieces: a few words here, filler, the next few words there or in the next note.

A run of telling words counts as told when all of them but one come in their order (all, when they are few), with no more than a
bounded stretch of other words between two of them. A token counts as told when it can be put together, from its beginning to its end,
out of whole words in their order.
"""

from collections.abc import Iterable, Mapping, Sequence

_MAY_MISS_ONE = 8
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


def told(run: Sequence[str], where: Mapping[str, list[int]]) -> int | None:
    """Return the position of the last piece when the words of `run` are told in order; else None."""
    spare = 1 if len(run) >= _MAY_MISS_ONE else 0
    needed = len(run) - spare
    for word in run:
        if word not in where:
            spare -= 1
            if spare < 0:
                return None
    matches = sorted((at, index) for index, word in enumerate(run) for at in where.get(word, [])[-_MOST_OF_ONE:])[
        -_MOST_MATCHES:
    ]
    chains: list[tuple[int, int]] = [(-_FILLER - 1, 0)] * len(run)
    last: int | None = None
    for at, index in matches:
        before = max((length for was, length in chains[:index] if at - _FILLER <= was < at), default=0)
        old_at, old_length = chains[index]
        if before + 1 >= old_length or at - old_at > _FILLER:
            chains[index] = (at, before + 1)
        if before + 1 >= needed:
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
