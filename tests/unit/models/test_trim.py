"""Cutting a briefing to its budget: the oldest notes go, the rest stays as it was.

The properties hold for any notes and any budget.
"""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from coworkers.briefing import Briefing, Occasion, Said
from coworkers.trim import budget_tokens, trim
from tests.unit.models.briefings import briefing, packet, said

NOTES = st.lists(st.text(max_size=2000), max_size=30).map(
    lambda texts: tuple(said(text, minute=minute) for minute, text in enumerate(texts))
)


def long_one(notes: tuple[Said, ...]) -> Briefing:
    """Give a briefing with everything that must stay."""
    return briefing(
        notes=notes, moved=packet(), messages=(said("new"),), occasions=(Occasion(kind="requester_replied", text="Hi"),)
    )


@given(notes=NOTES, budget=st.integers(0, 20_000))
def test_trimmed_briefing_fits(notes: tuple[Said, ...], budget: int) -> None:
    """It fits, unless what must stay (with the line about what was cut) does not."""
    full = long_one(notes)

    trimmed = trim(full, budget)

    least = budget_tokens(trim(full, 0))
    assert budget_tokens(trimmed) <= max(budget, least)


@given(notes=NOTES, budget=st.integers(0, 20_000))
def test_newest_notes_and_everything_else_stay(notes: tuple[Said, ...], budget: int) -> None:
    """The kept notes are the newest, in their order, at least three; no other field changes."""
    full = long_one(notes)

    trimmed = trim(full, budget)

    kept = trimmed.said if trimmed.said == notes else trimmed.said[1:]
    assert kept == notes[len(notes) - len(kept) :]
    assert len(kept) >= min(3, len(notes))
    assert replace(trimmed, said=()) == replace(full, said=())


@given(notes=NOTES, budget=st.integers(0, 20_000))
def test_cut_notes_are_counted(notes: tuple[Said, ...], budget: int) -> None:
    """A line in their place says how many were left out; there is none when nothing was."""
    trimmed = trim(long_one(notes), budget).said

    if trimmed != notes:
        cut = len(notes) - len(trimmed) + 1
        assert trimmed[0].text.startswith("1 older note was" if cut == 1 else f"{cut} older notes were")


@given(notes=NOTES, budget=st.integers(0, 20_000))
def test_no_more_is_cut_than_needed(notes: tuple[Said, ...], budget: int) -> None:
    """One note more would not have fitted."""
    full = long_one(notes)
    trimmed = trim(full, budget)

    if trimmed != full:
        kept = len(trimmed.said) - 1
        one_more = replace(trimmed, said=(trimmed.said[0], *notes[len(notes) - kept - 1 :]))
        assert budget_tokens(one_more) > budget
        assert budget_tokens(full) > budget


def test_tokens_are_estimated_from_bytes() -> None:
    """A text in Japanese takes more tokens than one of as many Latin letters."""
    none, latin, japanese = (budget_tokens(long_one((said(text),))) for text in ("", "a" * 400, "あ" * 400))

    assert (100, 300) == (latin - none, japanese - none)
