"""Long texts become posts: where they are cut, and that nothing is lost or broken."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.graphemes import safe_cut
from bot.split import LIMIT, escaped_length, split

NASTY = Path(__file__).parents[4] / "shared" / "data" / "nasty" / "blns.json"


def without_space(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_a_short_text_is_one_part() -> None:
    """What fits is left as it is."""
    assert split("Hello\n\nworld") == ("Hello\n\nworld",)


@pytest.mark.parametrize("blank", ["", "  ", "\n\n", "\t\n "])
def test_a_blank_text_has_no_part(blank: str) -> None:
    """There is nothing to post."""
    assert split(blank) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one two.\n\nthree four. five", ("one two.", "three four. five")),
        ("one two.\nthree four. fives", ("one two.", "three four. fives")),
        ("one two. three four five", ("one two.", "three four five")),
        ("one two three four five", ("one two three four", "five")),
        ("a" * 25, ("a" * 20, "a" * 5)),
    ],
)
def test_the_best_boundary_is_taken(text: str, expected: tuple[str, ...]) -> None:
    """Paragraphs before lines before sentences before words before characters."""
    assert expected == split(text, 20)


def test_costs_count_as_escaped() -> None:
    """An ampersand takes five characters of a post."""
    assert split("&" * 10, 20) == ("&&&&", "&&&&", "&&")


def test_a_cut_code_block_is_closed_and_opened_again() -> None:
    """Each part shows its piece of code as code."""
    text = "See:\n\n```python\n" + "\n".join(f"line_{number} = {number}" for number in range(20)) + "\n```\n\nDone."

    parts = split(text, 120)

    assert all(escaped_length(part) <= 120 for part in parts)
    assert all(part.count("```") % 2 == 0 for part in parts)
    assert [f"line_{number} = {number}" for number in range(20)] == [
        line for part in parts for line in part.splitlines() if line.startswith("line_")
    ]
    assert "Done." in parts[-1]


@pytest.mark.parametrize(
    "whole",
    ["e\u0301\u0323", "👩🏽‍💻", "🇬🇧", "\\*", "&amp;", "\ud83d\ude00", "\u1112\u1161\u11ab", "**", "1\ufe0f\u20e3"],
)
def test_what_belongs_together_is_not_cut(whole: str) -> None:
    """Accents, emoji, flags, escapes and entities stay whole wherever the limit falls."""
    cost = len

    for filler in range(12):
        parts = split("x" * (40 + filler) + whole + "y" * 40, 47, cost)

        assert sum(whole in part for part in parts) == 1


def test_a_character_that_never_ends_is_broken_in_the_end() -> None:
    """Thousands of accents on one letter cannot stop the text."""
    text = "a" + "\u0301" * 9_000

    parts = split(text)

    assert text == "".join(parts)
    assert all(len(part) <= LIMIT for part in parts)


def test_a_huge_text_is_split_in_reasonable_time() -> None:
    """A megabyte is a few hundred parts."""
    text = "word & more <words>. " * 50_000

    parts = split(text)

    assert without_space(text) == without_space("".join(parts))
    assert all(escaped_length(part) <= LIMIT for part in parts)


TEXTS = st.text(
    st.one_of(st.sampled_from("ab .\n&<>\\*_~\u0301\u200d🇬🇧👩🏽\r\t"), st.characters(exclude_categories=["Cs"])),
    max_size=400,
)


@given(text=TEXTS, limit=st.integers(8, 90))
@settings(deadline=None)
def test_nothing_is_lost_and_nothing_is_too_long(text: str, limit: int) -> None:
    """Whatever the text: the parts fit, and joined they are the text but for whitespace at the cuts."""
    parts = split(text, limit)

    assert without_space(text) == without_space("".join(parts))
    assert all(escaped_length(part) <= limit and part.strip() for part in parts)


@given(text=TEXTS, fences=st.lists(st.integers(0, 400), max_size=5), limit=st.integers(60, 120))
@settings(deadline=None)
def test_code_blocks_anywhere_keep_the_limit(text: str, fences: list[int], limit: int) -> None:
    """Closing and opening code blocks again never makes a part too long, and the words stay."""
    for position in fences:
        text = f"{text[:position]}\n```\n{text[position:]}"

    parts = split(text, limit)

    assert all(escaped_length(part) <= limit for part in parts)
    assert without_space(text).replace("`", "") == without_space("".join(parts)).replace("`", "")


@given(text=TEXTS)
def test_cutting_at_the_ends_is_always_safe(text: str) -> None:
    """There is nothing to break before the first and behind the last character."""
    assert safe_cut(text, 0)
    assert safe_cut(text, len(text))


@pytest.mark.skipif(not NASTY.exists(), reason="the shared naughty strings are not beside the repository")
def test_naughty_strings_survive() -> None:
    """Strings that broke others' software keep all their characters, whole and cut small."""
    for nasty in json.loads(NASTY.read_text(encoding="utf-8")):
        for limit in (12, 40, LIMIT):
            parts = split(nasty * 3, limit)

            assert without_space(nasty * 3) == without_space("".join(parts))
            assert all(escaped_length(part) <= limit for part in parts)
