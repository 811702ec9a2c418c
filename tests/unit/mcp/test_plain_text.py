"""What a server wrote, made harmless."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mcp.plain_text import nested_deeper, one_line, plain, shortened

CHARACTERS = st.text(st.characters() | st.sampled_from("\x1b[]m\x07\x9b;31\r\n\t\u202e\U000e0041"), max_size=80)


@given(CHARACTERS)
def test_no_control_character_is_left(text: str) -> None:
    """Tab and line feed are kept, and doing it twice changes nothing more."""
    shown = plain(text)

    assert not [each for each in shown if unicodedata.category(each) in ("Cc", "Cs") and each not in "\t\n"]
    assert shown == plain(shown)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("safe\u202etxt.exe", "safetxt.exe"),
        ("naïve 日本 🎉", "naïve 日本 🎉"),
    ],
)
def test_sequences_go_and_text_stays(text: str, expected: str) -> None:
    """Only what a terminal would obey is removed."""
    assert expected == plain(text)


@given(st.text(), st.integers(0, 50))
def test_shortened_is_a_beginning_within_the_size(text: str, size: int) -> None:
    """No character is cut in half."""
    kept = shortened(text, size)

    assert text.encode("utf-8", "ignore").decode().startswith(kept)
    assert len(kept.encode("utf-8", "ignore")) <= size


def test_one_line_is_one_line() -> None:
    """Line feeds become spaces."""
    assert one_line("a\n b\t\x1b[0mc", 100) == "a b c"


def test_depth_is_counted_without_recursion() -> None:
    """A hundred thousand levels are no trouble."""
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]

    assert nested_deeper(deep, 32)
    assert not nested_deeper({"a": [{"b": 1}]}, 3)
    assert nested_deeper({"a": [{"b": 1}]}, 2)
