"""Attached pages are read as what they show, quickly, whatever they are made of."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.files import _words as words

PIECES = [
    "<",
    ">",
    "</",
    "<a ",
    "<!--",
    "-->",
    "<![x[",
    "<!",
    "<?",
    "<script>",
    "</script",
    "<p>",
    '"',
    "&lt;",
    "&#x110000;",
    "x",
    " ",
    "\n",
]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<!DOCTYPE html><title>T</title><p>one<br>two</p>", "T\none\ntwo"),
        ("a < 5 &amp; b > 3", "a < 5 & b > 3"),
        ("a<!-- no --> b<style>c</STYLE >d", "a bd"),
        ("shown<script>hidden", "shown"),
        ("&lt;script&gt;", "<script>"),
    ],
)
def test_what_a_page_shows_is_kept(page: str, expected: str) -> None:
    """Words, a line for each block; neither comments nor scripts."""
    assert expected == words(page)


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_no_page_raises(page: str) -> None:
    """And none grows by being read."""
    assert len(words(page)) <= len(page) + 1


@pytest.mark.parametrize("piece", [piece for piece in PIECES if piece.startswith("<")])
def test_a_page_that_is_made_to_be_slow_is_not(piece: str) -> None:
    """A parser that looks ahead again and again would take minutes for this."""
    begun = time.process_time()

    words(piece * (400_000 // len(piece)))

    assert time.process_time() - begun < 3
