"""The Markdown in which Teams streams: what a reader of it makes of it is what was written, and nothing else."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from adapters.teams.markdown import blocks
from adapters.teams.prose import as_words, tokens
from adapters.teams.streams import pieces
from tests.contract.teams.teams_at_work import reply

NASTY = Path(__file__).parents[4] / "shared" / "data" / "nasty" / "blns.json"
STRINGS: list[str] = json.loads(NASTY.read_text()) if NASTY.exists() else []
MARKUP = st.text(
    st.sampled_from(list("<>&[]()!*_`#\"'\\/:.-+~|=\n ab1@")) | st.characters(codec="utf-8"), max_size=120
) | st.lists(
    st.sampled_from(
        [
            "[a](http://b.c/d)",
            "[x",
            "](http://evil)",
            "*b*",
            "!",
            "<at>Sam</at>",
            "&lt;",
            "[y]:",
            " ",
            "\n\n",
            "- ",
            "1. ",
        ]
    ),
    max_size=12,
).map("".join)
GENEROUS = MarkdownIt("commonmark", {"html": True, "breaks": True}).enable(["strikethrough", "table"])


def inner(found: list[Token]) -> list[Token]:
    """Return all tokens, those of lines among them."""
    return [one for token in found for one in [token, *(token.children or [])]]


def links(found: list[Token]) -> list[str]:
    """Return where the links among some tokens lead."""
    return [str(token.attrGet("href")) for token in inner(found) if token.type == "link_open"]


def letters(said: str) -> str:
    """Return what is read."""
    return "".join(filter(str.isalnum, said))


def shown(found: list[Token]) -> str:
    """Return what is read of some tokens."""
    return letters("".join(token.content for token in inner(found) if not token.children))


@given(text=MARKUP | st.sampled_from(STRINGS or ["x"]), speaker=MARKUP)
def test_a_reader_finds_the_same_words_and_links_and_no_tags(text: str, speaker: str) -> None:
    """Read by somebody who takes HTML, tables and everything for markup: no tag, no picture, no other link, no other word."""
    written = blocks(text, speaker=speaker)
    if not written:
        return

    read = GENEROUS.parse("\n\n".join(written))

    assert {"html_block", "html_inline", "image", "table_open"}.isdisjoint(token.type for token in inner(read))
    assert links(tokens(text)) == links(read)
    assert letters(" ".join(speaker.split())) + shown(tokens(text)) == shown(read)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# Setup", ["**Setup**"]),
        ("a **b** *c* ~~d~~ `e`", ["a **b** _c_ ~~d~~ `e`"]),
        ("[guide](https://example.com/a)", ["[guide](https://example.com/a)"]),
        ("1. a\n2. b\n   - c", ["1. a\n2. b\n    - c"]),
        ("one\ntwo", ["one  \ntwo"]),
        ("```\nx = 1\n```", ["```\nx = 1\n```"]),
        ("company_portal", ["company_portal"]),
        ("[x](javascript:y)", ["[x]\u200b(javascript:y)"]),
    ],
)
def test_what_is_simple_is_written_simply(text: str, written: list[str]) -> None:
    """As people write it themselves; what only looks like a link is broken up."""
    assert written == blocks(text)


@pytest.mark.parametrize(
    "text", ["> said", "a \\* b", "`<x>`", "---", "# a **b**", "- a\n\n  b", "2 * 3 * 4", "a | b", "- - a"]
)
def test_what_two_readers_may_take_for_different_things_is_not_written(text: str) -> None:
    """Then the reply is posted in the other markup, which can say all of it."""
    assert [] == blocks(text)


@given(paragraphs=st.lists(st.text("abc ", min_size=1, max_size=90), max_size=9), speaker=st.sampled_from(["", "Ann"]))
def test_each_piece_begins_with_the_one_before(paragraphs: list[str], speaker: str) -> None:
    """There are three at most, and the last is everything."""
    said = reply("\n\n".join(paragraphs), speaker=speaker)

    found = pieces(said)

    assert len(found) <= 3
    assert all(long.startswith(short) and long != short for short, long in pairwise(found))
    assert ("".join(blocks(said.text, speaker=speaker)), len(found) > 0) == (
        "".join(found[-1:]).replace("\n\n", ""),
        bool(letters(speaker + as_words(said.text))),
    )
