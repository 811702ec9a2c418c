"""The escape for strings that not every database can store."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.mapping import kept_moment, kept_text, read_moment, read_text


@given(st.text(st.characters(codec=None)))
def test_any_text_comes_back(text: str) -> None:
    """What is kept is Unicode without NUL, and leads back to the text."""
    kept = kept_text(text)

    assert text == read_text(kept)
    assert b"\x00" not in kept.encode()


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufdd0")))
def test_ordinary_text_is_kept_as_it_is(text: str) -> None:
    """Somebody who looks into the database reads what was written."""
    assert text == kept_text(text)


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))])))
def test_moments_are_exact(moment: datetime) -> None:
    """To the microsecond, whatever the zone."""
    assert moment == read_moment(kept_moment(moment))


def test_a_naive_moment_is_refused() -> None:
    """Nobody knows which moment it means."""
    with pytest.raises(TypeError):
        kept_moment(datetime(2026, 1, 1))  # noqa: DTZ001 -- the point of the test
