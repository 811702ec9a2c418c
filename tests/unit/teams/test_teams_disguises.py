"""Disguises in text that models and people write: what turns the reading direction, and what hides an address in a label."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams import cards, markdown
from adapters.teams.prose import as_words
from bot.wording.posts import Words
from tests.unit.teams.test_teams_cards import APPROVE, card, reply, text_post

EVIL = "https://evil.example"
TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@given(
    turning=st.sampled_from(TURNING),
    written=st.sampled_from(["{0}", "&#{1};", "&#x{1:x};", "[a{0}b](https://a.b)", "[&#{1};a](https://a.b)"]),
    where=st.sampled_from(["{}", "**{}**", "- {}", "# {}", "| {} |\n|---|\n| {} |", "![{}](https://a.b)", "`{}`"]),
)
def test_nothing_turns_the_reading_direction(turning: str, written: str, where: str) -> None:
    """However it is written: as it is, or as an entity that a reader of Markdown makes a character of."""
    said = written.format(turning, ord(turning))
    text = f"invoice{where.format(said, said)}fdp.exe"
    shown = [text_post(text), json.dumps(card(reply(text, buttons=(APPROVE,))), ensure_ascii=False), as_words(text)]

    assert set() == set(TURNING) & set("".join([*shown, *markdown.blocks(text)]))


def test_a_name_turns_no_direction_either() -> None:
    """Guests choose their own, and it stands above what they write."""
    speaker = "fdp.\u202eMada \u200fexe"
    post, under = reply("x", speaker=speaker), card(reply("x", speaker=speaker, buttons=(APPROVE,)))
    shown = [str(cards.activity(post, Words())["text"]), json.dumps(under)]

    assert [True, True] == ["fdp.Mada exe" in text for text in shown]
    assert "**fdp.Mada exe**" == markdown.blocks("x", speaker=speaker)[0]


@pytest.mark.parametrize(
    "label",
    [
        "bank\u200b.\u200bexample",
        "bank&#8203;.example",
        "bank&shy;.example",
        "bank\uff0eexample",
        "bank\u2024example",
        "bank\u3002example",
        "bank\uff61example",
        "https:\u200b//bank",
        "\u200b\u2060",
        "!",
    ],
)
def test_a_label_that_looks_like_an_address_is_none(label: str) -> None:
    """Invisible characters between its letters and other dots do not help; neither does a label that nobody sees."""
    text = f"[{label}]({EVIL})" if label != "!" else f"[![bank\u200b.example](https://a.b)]({EVIL})"

    assert f'<p><a href="{EVIL}">{EVIL}</a></p>' == text_post(text)
    assert [f"[{EVIL}]({EVIL})"] == markdown.blocks(text)


def test_an_entity_begins_no_line() -> None:
    """A line break that is written as an entity is a space: in a stream it could begin a heading, or a list."""
    assert ["a # b"] == markdown.blocks("a&#10;# b")
