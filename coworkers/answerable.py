"""Whether a question is one that knowledge answers, so that it needs no request.

Only questions about how things are done here count: whoever reports that something went wrong, asks about their own case, or asks for
something to be done has a request, however well a document covers the subject. In doubt it is a request.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from coworkers.profile import Document
from coworkers.words import COUNTRY, fold, terms

COVERED = 0.62
"""So much of a question's weight must stand in one section."""
MIN_TERMS = 2
"""Words and their meanings; a question about one word that nobody knows is not enough to go by."""
_GENERAL = re.compile(
    r"^\W*(hi|hello|hey|good morning|quick question)?\W*(what('s| is| are| does|"
    r" do| should| counts)|how (do|does|can|should|long|many|much|often|early|"
    r"late|far)"
    r"|when (do|does|is|are|can|must|should|will)|where (do|does|can|is|are|should)|"
    r"who (do|does|is|can|has|pays|approves|decides)|which|may (i|we)|am i allowed|"
    r"are we allowed"
    r"|(can|could) (i|we) (work|claim|carry|expense|bring|use|take|keep|travel|"
    r"book|transfer)|do (i|we|you) (need|have|get|pay|offer|allow)|is (there|"
    r"it)|are there|does the company)\b"
)
_OWN_CASE = re.compile(
    r"\b(my (balance|claim|request|expense|expenses|report|payslip|salary|parcel|"
    r"badge|laptop|computer|account|password|invoice|contract|manager|leave balance|"
    r"device|mac|phone|screen)\b"
    r"|(have|has) (i|not|n'?t)\b|have i left|do i have\b(?! to)|i own\b|i have left|left this year|(was|"
    r"were|been|got) (rejected|refused|denied|declined|wrong|deducted)|wrong|"
    r"reset|fix|repair|broken|down\b"
    rf"|work (\w+ )?(from|in) {COUNTRY}\b"
    r"|doesn'?t|don'?t|didn'?t|isn'?t|won'?t|can'?t|cannot|not work\w*|get access|an? new (laptop|chair|phone|desk))"
)


def asks_generally(text: str) -> bool:
    """Tell whether a text asks how things are done here, and not about an own case."""
    plain = fold(text)
    return _GENERAL.search(plain) is not None and _OWN_CASE.search(plain) is None


@dataclass(frozen=True, kw_only=True)
class _Section:
    """A section of a document, as terms."""

    name: str
    terms: frozenset[str]
    heading: frozenset[str]
    """Of the heading and the document's title."""


class Answerable:
    """What the documents cover; made once, used often."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._sections = [section for document in documents for section in _sections(document)]
        counted = Counter(term for section in self._sections for term in section.terms)
        self._count = counted
        self._rare = math.log(len(self._sections) + 1.0) if self._sections else 0.0

    def covers(self, text: str) -> str | None:
        """Return `document, section` that answers the question; None when it is no such question, or nothing does."""
        wanted = set(terms(text))
        if not asks_generally(text) or len(wanted) < MIN_TERMS:
            return None
        weights = {term: self._weight(term) for term in wanted}
        total = sum(weights.values())
        ranked = sorted(
            ((sum(weights[t] for t in wanted & s.terms) / total, s) for s in self._sections if wanted & s.heading),
            key=lambda pair: -pair[0],
        )
        return ranked[0][1].name if ranked and ranked[0][0] >= COVERED else None

    def _weight(self, term: str) -> float:
        count = self._count.get(term, 0)
        weight = math.log((len(self._sections) + 1.0) / count) if count else self._rare
        return weight * (0.5 if term[0] == "=" else 1.0)


def _sections(document: Document) -> list[_Section]:
    found, title, heading, lines = [], "", "", list[str]()
    for line in [*document.text.splitlines(), "# "]:
        if not line.startswith("#"):
            lines.append(line)
            continue
        if lines and heading:
            text = "\n".join(lines)
            found.append(
                _Section(
                    name=f"{document.path}, {heading}",
                    terms=frozenset(terms(f"{title} {heading} {text}")),
                    heading=frozenset(terms(f"{title} {heading}")),
                )
            )
        lines = []
        if line.startswith("# "):
            title = line.removeprefix("# ").strip() or title
            heading = title
        else:
            heading = line.lstrip("# ").strip()
    return found
