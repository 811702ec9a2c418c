"""Knowledge from the Markdown files of a workforce folder: one passage per section, found by similarity of words.

The documents of a workforce are few and short; they are indexed in memory at the first question. A section is cited by its
document and heading.
"""

import re
from collections.abc import Sequence
from functools import cached_property

from bot.ports import Passage
from coworkers.profile import Document
from coworkers.similarity import Similarity, Texts

_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.MULTILINE)
LEAST = 0.08
"""A passage that resembles the question less than this does not cover it."""


class Sections:
    """The `bot.ports.Knowledge` of a folder of Markdown files."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._shelf = _Shelf(documents)

    def adopt(self, documents: Sequence[Document]) -> None:
        """Search these documents from now on."""
        self._shelf = _Shelf(documents)

    async def search(self, query: str, limit: int) -> Sequence[Passage]:
        """Return the passages that resemble `query` most, best first; none when nothing does."""
        return self._shelf.search(query, limit)


class _Shelf:
    """Documents with their index."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = documents

    @cached_property
    def _passages(self) -> list[Passage]:
        return [passage for document in self._documents for passage in sections(document)]

    @cached_property
    def _index(self) -> Similarity:
        return Similarity(
            {str(n): Texts(about=(f"{item.section}. {item.text}",)) for n, item in enumerate(self._passages)}
        )

    def search(self, query: str, limit: int) -> Sequence[Passage]:
        """Return the best passages."""
        if not self._passages:
            return ()
        best = [match for match in self._index.rank(query) if match.score >= LEAST][:limit]
        return tuple(_scored(self._passages[int(match.label)], match.score) for match in best)


def sections(document: Document) -> list[Passage]:
    """Cut a document at its headings; text before the first belongs to the document's name."""
    marks = list(_HEADING.finditer(document.text))
    starts = [(0, document.path)] if not marks or marks[0].start() > 0 else []
    starts += [(mark.start(), mark.group(1)) for mark in marks]
    ends = [start for start, _ in starts[1:]] + [len(document.text)]
    found: list[Passage] = []
    for (start, name), end in zip(starts, ends, strict=True):
        text = _HEADING.sub("", document.text[start:end], count=1).strip()
        if text:
            found.append(Passage(document=document.path, section=name, text=text, score=0.0))
    return found


def _scored(passage: Passage, score: float) -> Passage:
    return Passage(document=passage.document, section=passage.section, text=passage.text, score=round(score, 3))
