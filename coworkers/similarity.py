"""Which of several labels a text resembles most: TF-IDF over words and over letters, without a model and the same every time.

Each label has texts of its own: examples in people's words, and phrases that describe it. A text is compared with the label as a
whole (the centroid: what is it generally about?) and with its nearest single example (has somebody said just this?). A word that is in no
label's texts still counts against the match, so that a text about something else scores low everywhere.
Measured choices: see `docs/routing.md`.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from coworkers.vocabulary import STOP_WORDS
from coworkers.words import KNOWN_WORDS, fold, letters, stem, terms, words

Vector = dict[str, float]
Postings = dict[str, list[tuple[int, float]]]
READ = 3_000
"""Characters of a text that are compared: what it is about stands at the beginning."""
_WORD = re.compile(r"[a-z]{6,}")
"""What may be misspelt; shorter words have too many neighbours."""
_WORDS_WEIGHT, _CENTROID_WEIGHT = 0.8, 0.75
_MEANING_WEIGHT = 1.4


@dataclass(frozen=True, kw_only=True)
class Texts:
    """What is known of a label."""

    examples: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    """Phrases that describe it; each counts half an example."""


@dataclass(frozen=True, kw_only=True)
class Match:
    """How much a text resembles a label."""

    label: str
    score: float
    """0 (nothing in common) to 1 (the same words)."""


@dataclass(frozen=True)
class _View:
    """One way of looking at texts: by words, or by letters."""

    idf: Vector
    rare: float
    """The weight of a feature that no label has."""
    centroids: dict[str, Vector]
    units: dict[str, Postings]
    """Label → feature → in which of its texts, and how much."""


class Similarity:
    """Ranks labels; made once, used often."""

    def __init__(self, labels: Mapping[str, Texts], features: Callable[[str], list[str]] | None = None) -> None:
        """Index the labels. With `features`, texts are compared by these alone instead of by words and letters."""
        self._labels = tuple(labels)
        self._features = features or terms
        self._words = _view(labels, self._features)
        self._letters = _view(labels if features is None else {}, letters)
        known = {word for texts in labels.values() for text in (*texts.examples, *texts.about) for word in words(text)}
        self._spelt = sorted({*known, *KNOWN_WORDS})
        self._known = frozenset(self._spelt) | STOP_WORDS
        self._stems = frozenset(stem(word) for word in self._spelt)

    def rank(self, text: str) -> list[Match]:
        """Return all labels, the best first; those equally good stay in the order given."""
        mended = self.mended(text)
        by_words = _scores(self._words, self._features(mended), self._labels)
        if not self._letters.centroids:
            return sorted((Match(label=label, score=by_words[label]) for label in self._labels), key=lambda m: -m.score)
        by_letters = _scores(self._letters, letters(mended), self._labels)
        found = [
            Match(label=label, score=_WORDS_WEIGHT * by_words[label] + (1 - _WORDS_WEIGHT) * by_letters[label])
            for label in self._labels
        ]
        return sorted(found, key=lambda match: -match.score)

    def mended(self, text: str) -> str:
        """Return the text with words that nobody knows replaced by the known word that was probably meant."""
        plain = fold(text[:READ])
        mended = {word: self._mended(word) for word in set(_WORD.findall(plain))}
        return _WORD.sub(lambda match: mended[match[0]], plain)

    def _mended(self, word: str) -> str:
        if word in self._known or stem(word) in self._stems:
            return word
        near = [known for known in self._spelt if abs(len(known) - len(word)) <= 1 and known[0] == word[0]]
        return next(iter(get_close_matches(word, near, n=1, cutoff=0.87)), word)


def _view(labels: Mapping[str, Texts], features: Callable[[str], list[str]]) -> _View:
    counted = {
        label: [(Counter(features(text)), weight) for text, weight in _weighted(texts)]
        for label, texts in labels.items()
    }
    units = [set(counts) for all_counts in counted.values() for counts, _ in all_counts]
    frequency = Counter(feature for unit in units for feature in unit)
    idf = {feature: math.log((len(units) + 1) / (count + 0.5)) for feature, count in frequency.items()}
    rare = math.log((len(units) + 1) / 1.5) if units else 1.0
    vectors = {
        label: [(_vector(counts, idf, rare), weight) for counts, weight in all_counts]
        for label, all_counts in counted.items()
    }
    return _View(
        idf=idf,
        rare=rare,
        centroids={label: _centroid(found) for label, found in vectors.items()},
        units={label: _postings([vector for vector, _ in found]) for label, found in vectors.items()},
    )


def _weighted(texts: Texts) -> list[tuple[str, float]]:
    return [*((text, 1.0) for text in texts.examples), *((text, 0.5) for text in texts.about)]


def _vector(counts: Counter[str], idf: Vector, rare: float) -> Vector:
    found = {
        feature: (1 + math.log(count)) * idf.get(feature, rare) * (_MEANING_WEIGHT if feature[0] == "=" else 1.0)
        for feature, count in counts.items()
    }
    return _unit(found)


def _unit(vector: Vector) -> Vector:
    length = math.sqrt(sum(value * value for value in vector.values()))
    return {feature: value / length for feature, value in vector.items()} if length else {}


def _centroid(vectors: Sequence[tuple[Vector, float]]) -> Vector:
    total: Vector = {}
    for vector, weight in vectors:
        for feature, value in vector.items():
            total[feature] = total.get(feature, 0.0) + value * weight
    return _unit(total)


def _postings(vectors: Sequence[Vector]) -> Postings:
    found: Postings = {}
    for at, vector in enumerate(vectors):
        for feature, value in vector.items():
            found.setdefault(feature, []).append((at, value))
    return found


def _nearest(query: Vector, postings: Postings) -> float:
    """Return the most that any of the texts has in common with the query."""
    sums: dict[int, float] = {}
    for feature, value in query.items():
        for at, weight in postings.get(feature, ()):
            sums[at] = sums.get(at, 0.0) + value * weight
    return max(sums.values(), default=0.0)


def _dot(one: Vector, other: Vector) -> float:
    return sum(value * other[feature] for feature, value in one.items() if feature in other)


def _scores(view: _View, features: list[str], labels: Sequence[str]) -> Vector:
    query = _vector(Counter(features), view.idf, view.rare)
    return {
        label: _CENTROID_WEIGHT * _dot(query, view.centroids[label])
        + (1 - _CENTROID_WEIGHT) * _nearest(query, view.units[label])
        for label in labels
    }
