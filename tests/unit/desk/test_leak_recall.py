"""More than two thousand leaks, each technique by itself: how many are found."""

import random
import re

import pytest

from bot.leak import find_leak
from bot.leak.index import Indexes
from tests.unit.desk.leak_corpus import DISGUISES, PRIVATE, embedded, notes_split

CLAUSES = [
    clause
    for text in PRIVATE
    for clause in dict.fromkeys((text, *(part for part in re.split(r"(?<=[.!?])\s+", text) if len(part.split()) >= 6)))
]
INDEXES = Indexes()


@pytest.mark.parametrize("technique", DISGUISES)
def test_disguised_sentences_are_found(technique: str) -> None:
    """Whole notes and single sentences, alone and in the middle of an ordinary note: at least 98 of 100."""
    chance = random.Random(technique)  # noqa: S311
    disguised = [DISGUISES[technique](clause) for clause in CLAUSES]
    leaks = [*disguised, *(embedded(text, chance) for text in disguised)]

    missed = [leak for leak in leaks if find_leak(leak, PRIVATE, indexes=INDEXES) is None]

    assert len(leaks) >= 60
    assert len(missed) <= 0.02 * len(leaks), missed


@pytest.mark.parametrize("piece", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("seed", range(3))
def test_notes_told_piece_by_piece_are_found(piece: int, seed: int) -> None:
    """A few words per note, between sentences of filler: found at the latest when nearly all is told."""
    chance = random.Random(seed)  # noqa: S311
    missed = []
    for private in PRIVATE:
        notes = notes_split(private, chance, piece)
        if not any(find_leak(note, PRIVATE, (), notes[:at], indexes=INDEXES) for at, note in enumerate(notes)):
            missed.append(private)

    assert len(missed) <= 0.1 * len(PRIVATE), missed
