"""The text that was meant: mentions at their place, HTML undone, and nothing else touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.markup import LONGEST, plain

BOT = ("<at>Help</at>", None)
COLLEAGUE = ("<at>Help</at>", "Help")


@pytest.mark.parametrize(
    ("text", "mentions", "expected"),
    [
        ("Please <at>Help</at> me, Helpdesk printer", [BOT], "Please me, Helpdesk printer"),
        ("<at>Help</at>&nbsp;help me", [BOT], "help me"),
        ("<at>Help</at>\xa0help me", [BOT], "help me"),
        ("<at>Help</at>", [BOT], ""),
        ("<at>Help</at> ask <at>Help</at>", [BOT, COLLEAGUE], "ask @Help"),
        ("<at>Help</at> ask <at>Help</at>", [COLLEAGUE, BOT], "@Help ask"),
        ("hi <at>Sam <b>S</b></at>", [("<at>Sam <b>S</b></at>", "Sam <b>S</b>")], "hi @Sam <b>S</b>"),
        ("a &lt;b&gt; &amp;amp; c", [], "a <b> &amp; c"),
        ("see https://x.y/?a=1&copy=2", [], "see https://x.y/?a=1&copy=2"),
        ("if a<b and c>d", [], "if a<b and c>d"),
        ("<div><p>one</p><p>two</p></div>", [], "one\n\ntwo"),
        ('<a href="https://x.y">here</a><br/>now', [], "here\nnow"),
        ("line one  \r\nline two\r\n\r\n\r\n\r\nthree", [], "line one\nline two\n\nthree"),
        ("nobody <at>Else</at> is tagged", [], "nobody Else is tagged"),
        ("the mention is not here", [BOT], "the mention is not here"),
        ("", [("", None)], ""),
    ],
)
def test_text_is_told_from_markup(text: str, mentions: list[tuple[str, str | None]], expected: str) -> None:
    """Each case once broke a bot."""
    assert expected == plain(text, mentions)


@given(text=st.text(st.characters() | st.sampled_from(list("<>&;/at ="))), name=st.text(max_size=5))
def test_any_text_is_understood(text: str, name: str) -> None:
    """Never an error, never longer than the limit."""
    found = plain(text, [(name, None), ("<at>x</at>", name)])

    assert len(found) <= LONGEST


@given(words=st.lists(st.from_regex(r"[A-Za-z]{1,8}", fullmatch=True), min_size=1, max_size=8), at=st.integers(0, 8))
def test_a_mention_takes_nothing_with_it(words: list[str], at: int) -> None:
    """Wherever the bot is named, the other words stay, also those that are its name."""
    tagged = [*words[:at], "<at>Help</at>", *words[at:]]

    assert " ".join(words) == plain(" ".join(tagged), [BOT])


@pytest.mark.parametrize("text", ["<at" * 30_000, "<a " + " " * 80_000, "&" * 80_000, '<a href="' + "x" * 80_000])
def test_a_text_that_is_made_to_take_long_does_not(text: str) -> None:
    """The expressions go through it once."""
    assert len(plain(text, [])) <= LONGEST
