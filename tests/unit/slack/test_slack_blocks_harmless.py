"""Whatever is written, in whichever field, cannot ping, mention or disguise a link, and stays within Slack's limits.

What is produced is read by a reader of Slack's markup that shares nothing with the writer.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.blocks import content
from adapters.slack.links import plain
from adapters.slack.markdown import pieces
from adapters.slack.mrkdwn import line
from bot.conversation import conversation_id
from bot.ids import ReplyId
from bot.labels import Visibility
from bot.reply import Button, Reply
from tests.unit.slack.slack_reader import NASTY, dangers, nasty_strings, plain_dangers, stream_dangers, texts

MARKS = [
    "<",
    ">",
    "&",
    "|",
    "`",
    "```",
    "\n",
    "\n\n",
    "*",
    "**",
    "_",
    "[",
    "](",
    ")",
    "- ",
    "> ",
    "# ",
    "    ",
    "\\",
    "!",
]
NAMES = ["<!channel>", "<@U1>", "<#C1|x>", "@here", "@", "https://a.example/", "mailto:a@b.example", "&lt;!here&gt;"]
LINKS = [
    "[google.com](https://evil.example)",
    "[x][y]",
    "\n[y]: https://evil.example\n",
    "<https://c.example|d.example>",
]
TABLES = ["| a | b |\n|---|---|\n| <!here> | [x](https://e.example) |", "&#60;!channel&#62;", "\u202e", "1. ", "~~"]
ANY = st.lists(st.one_of(st.sampled_from([*MARKS, *NAMES, *LINKS, *TABLES]), st.text(max_size=4)), max_size=40)


def everywhere(text: str) -> Reply:
    """Make a reply that says `text` in every field that somebody may have written."""
    button = Button(action="form", subject="IT-1", value="new", label=text, style="danger")
    grave = Button(action="hand_back", subject="IT-1", label=text, style="danger")
    judged = tuple(Button(action="feedback", subject="r1", value=value, label=text) for value in ("good", "bad"))
    return Reply(
        id=ReplyId("reply-1"),
        conversation_id=conversation_id("slack", "T1", "C1", "1700000000.000100"),
        visibility=Visibility.PRIVATE,
        kind="note",
        text=text,
        speaker=text,
        footer=text,
        buttons=(button, grave, *judged),
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def wrong(text: str) -> list[str]:
    """List every danger in what is made of `text`."""
    sent = content(everywhere(text))
    found = dangers(str(sent["text"]))
    for shown in texts(sent["blocks"]):
        found += (plain_dangers if shown["type"] == "plain_text" else dangers)(shown["text"])
    found += plain_dangers(plain(text, 75)) + dangers(line(text, 500))
    streamed = pieces(text, 1, speaker=text[:50])
    return found + stream_dangers("".join(streamed))


MRKDWN = [
    "<!channel>",
    "<@U1>",
    "a <b",
    "@here",
    "<https://evil.example|google.com>",
    "<https://evil.example|here>",
    "<https://a@evil.example|here> (evil.example)",
    "<slack://x>",
]
MARKDOWN = [
    "<!here>",
    "[google.com](https://evil.example)",
    "[here](https://evil.example)",
    "[x]\n\n[x]: https://evil.example",
    "![x](https://e.example)",
    "@channel",
]


@pytest.mark.parametrize(
    ("reader", "text"), [*((dangers, text) for text in MRKDWN), *((stream_dangers, text) for text in MARKDOWN)]
)
def test_the_reader_sees_what_is_wrong(reader: Callable[[str], list[str]], text: str) -> None:
    """It finds each danger, so that finding none means something."""
    assert reader(text)


def test_the_reader_sees_nothing_in_what_is_right() -> None:
    """Our own links, marks and escapes."""
    assert dangers("&lt;!here&gt; <https://a.example|the page> (a.example) *b*") == []
    assert stream_dangers("[the page](https://a.example/x) (a.example) **b** &lt;!here&gt;") == []
    assert plain_dangers("a < b") == []


@pytest.mark.skipif(not NASTY.is_file(), reason="The list of naughty strings is not beside the repository")
def test_naughty_strings_are_harmless_everywhere() -> None:
    """Alone, as a label, as an address, in a table and in a list."""
    for nasty in nasty_strings():
        table = f"| {nasty} | b |\n|---|---|\n| 1 | {nasty} |"
        for text in (nasty, f"[{nasty}](https://a.example)", f"[x]({nasty})", f"- {nasty}", table):
            assert wrong(text) == [], text


@settings(max_examples=150)
@given(ANY.map("".join))
def test_any_text_is_harmless_everywhere(text: str) -> None:
    """Whatever a model or a person writes."""
    assert wrong(text) == []


@settings(max_examples=60)
@given(ANY.map("".join), st.integers(min_value=1, max_value=30))
def test_slack_takes_it(text: str, times: int) -> None:
    """Every limit that Slack documents, and the one that it does not."""
    sent = content(everywhere(text * times))
    shown = sent["blocks"]
    assert isinstance(shown, list)

    assert len(shown) <= 50
    assert sum(len(each["text"]) for each in texts(shown)) <= 13_000
    assert 0 < len(str(sent["text"])) <= 4_000
    for each in texts(shown):
        assert 0 < len(each["text"]) <= (300 if each["type"] == "plain_text" else 3_000)
        each["text"].encode()


@given(st.text(max_size=200), st.integers(min_value=2, max_value=100))
def test_plain_text_fits_and_is_one_line(text: str, limit: int) -> None:
    """As labels, titles and options must be."""
    cut = plain(text, limit)

    assert len(cut) <= limit
    assert not re.search(r"[\n\r\t]", cut)


@given(st.lists(st.text(alphabet="abcdefghij", min_size=1, max_size=8), min_size=1, max_size=80))
def test_a_stream_says_every_word(words: list[str]) -> None:
    """The pieces one after the other are the text."""
    paragraphs = [" ".join(words[at : at + 7]) for at in range(0, len(words), 7)]

    streamed = pieces("\n\n".join(paragraphs), 20)

    assert "".join(streamed) == "\n\n".join(paragraphs)
