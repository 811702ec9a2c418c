"""Compares a public text with what is private, before anybody is told it.

It finds private material that is repeated word for word, in other letters, case, spacing, look-alikes or invisible characters, encoded,
backwards, spelled by first letters, scattered over several public notes; and single tokens that give something away (ids, hosts,
addresses, hashes, amounts). What the requester said or the organisation says of itself is not private. It is a net under the model, not a
proof: a paraphrase, a translation, a cipher or a secret that looks like an ordinary word passes. `docs/decisions/content-check.md`
says what was measured.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.audit import text_digest
from bot.leak.folding import clean, compact, folded, words
from bot.leak.hidden import hides
from bot.leak.index import PHRASE, TRACE, Index, Indexes, own_words
from bot.leak.scattered import assembled, positions, told
from bot.leak.tokens import numbers, telling_tokens
from bot.leak.views import ViewKind, Views, views

LONGEST = 20_000
"""Characters of a public text that can be checked; a longer one is refused."""
_EARLIER = 20_000
"""Characters of earlier public notes, the latest, in which the beginning of a scattered text is looked for."""
_WHOLE_WORD = 8
"""A shorter token must be a word of its own; a longer one is found inside others too."""

LeakKind = Literal["verbatim", "encoded", "reversed", "token", "scattered", "hidden", "too_long"]

_SENTENCES: dict[LeakKind, str] = {
    "verbatim": "it repeats private material word for word",
    "encoded": "private material can be decoded from it",
    "reversed": "private material stands in it backwards",
    "token": "it names an id, host, address, amount or other detail that stands only in private material",
    "scattered": "together with earlier public notes it tells private material piece by piece",
    "hidden": "it holds characters that nobody sees, in which private material could stand",
    "too_long": f"it is longer than {LONGEST:,} characters and cannot be checked",
}


@dataclass(frozen=True, kw_only=True)
class Leak:
    """Private material in a public text. It quotes nothing of it."""

    kind: LeakKind
    source: int
    """Which of the private texts, counted from 0; -1 when it is about none."""
    digest: str = ""
    """Of what was found, as the audit keeps it."""

    @property
    def sentence(self) -> str:
        """What a model is told: why the note was not posted and what to do instead."""
        return (
            f"This public note was not posted: {_SENTENCES[self.kind]}. Tell the requester only what they need, in your own "
            "words and without details from private notes or private results; use post_private_note for colleagues."
        )


def find_leak(
    public_text: str,
    private_texts: Sequence[str],
    known_texts: Sequence[str] = (),
    earlier_public_texts: Sequence[str] = (),
    *,
    indexes: Indexes | None = None,
) -> Leak | None:
    """Return the first private material found in `public_text`, or None.

    `known_texts`: what the requester said, the request's own number and title, the organisation's wording. Earlier public notes of
    the request belong into `earlier_public_texts`, oldest first, not into `known_texts`; what one of them told
    already is not found again. Keep one `Indexes` between calls, so that each private text is prepared once.
    """
    if len(public_text) > LONGEST:
        return Leak(kind="too_long", source=-1)
    earlier = "\n".join(earlier_public_texts)[-_EARLIER:]
    look = _Look(public_text, earlier, known_texts)
    indexes = indexes or Indexes()
    for source, text in enumerate(private_texts):
        found = look.find(indexes.of(text))
        if found is not None:
            kind, what = found
            return Leak(kind=kind, source=source, digest=text_digest(what)[:12])
    return Leak(kind="hidden", source=-1) if private_texts and hides(public_text) else None


def _slices(texts: Iterable[tuple[ViewKind, str]], size: int) -> set[str]:
    return {text[at : at + size] for _, text in texts for at in range(len(text) - size + 1)}


class _Look:
    """One public text, prepared, with what came before it and what is known anyway."""

    def __init__(self, text: str, earlier: str, known: Sequence[str]) -> None:
        self._earlier = earlier
        self._earlier_views: Views | None = None
        self._known_texts = known
        self._known_compact: str | None = None
        self._views = views(f"{earlier}\n{text}" if earlier else text)
        before = folded(clean(earlier))
        self._old_pieces = len(words(before))
        self._old_own = len(own_words(before))
        self._phrases = _slices(self._views.plain, PHRASE)
        self._traces = _slices(self._views.odd, TRACE)
        self._traces_of_plain = _slices(self._views.plain, TRACE)
        self._everything = "\n".join(view for _, view in (*self._views.plain, *self._views.odd))
        self._pieces = frozenset(self._views.pieces)
        self._words = self._pieces | telling_tokens(self._views.cleaned)
        self._assembled: dict[str, int | None] = {}
        self._where = positions(own_words(self._views.fold))
        self._numbers = numbers(self._views.cleaned)

    def find(self, index: Index) -> tuple[LeakKind, str] | None:
        """Return what was found of one private text, and how."""
        return self._stretch(index) or self._token(index) or self._scattered(index)

    def _stretch(self, index: Index) -> tuple[ViewKind, str] | None:
        begun = self._traces_of_plain & index.short.keys()
        short = (index.short[trace] for trace in begun if index.short[trace] in self._everything)
        for what in (*(self._phrases & index.phrases), *short, *(self._traces & index.traces)):
            kind = self._views.holds(what)
            if kind is not None and self._is_news(what):
                return kind, what
        return None

    def _token(self, index: Index) -> tuple[LeakKind, str] | None:
        for token in index.tokens:
            hit = token in self._everything if len(token) >= _WHOLE_WORD else token in self._words
            if hit and self._is_news(token):
                return "token", token
        for amount in index.amounts & self._numbers:
            if self._is_news(compact(amount)):
                return "token", amount
        return None

    def _scattered(self, index: Index) -> tuple[LeakKind, str] | None:
        for window in index.windows:
            last = told(window, self._where)
            if last is not None and last >= self._old_own and not self._known_window(window):
                return "scattered", " ".join(window)
        for token in (token for piece in self._pieces & index.beginnings.keys() for token in index.beginnings[piece]):
            if token not in self._assembled:
                self._assembled[token] = assembled(token, self._views.pieces)
            last = self._assembled[token]
            if last is not None and last >= self._old_pieces and self._is_news(token):
                return "scattered", token
        return None

    def _is_news(self, what: str) -> bool:
        """Tell whether the requester neither knows it nor was told it already."""
        if what in self._known:
            return False
        if not self._earlier:
            return True
        if self._earlier_views is None:
            self._earlier_views = views(self._earlier)
        return self._earlier_views.holds(what) is None

    def _known_window(self, window: tuple[str, ...]) -> bool:
        return any(told(window, positions(own_words(folded(clean(text))))) is not None for text in self._known_texts)

    @property
    def _known(self) -> str:
        if self._known_compact is None:
            self._known_compact = "\n".join(compact(folded(clean(text))) for text in self._known_texts)
        return self._known_compact
