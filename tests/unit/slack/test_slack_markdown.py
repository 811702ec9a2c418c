"""What is streamed is Markdown that Slack's reader and ours understand alike; the rest is posted."""

import pytest

from adapters.slack.markdown import LONGEST, pieces


def one(text: str) -> str:
    return "".join(pieces(text, 1))


@pytest.mark.parametrize(
    ("written", "streamed"),
    [
        ("**bold** *it* ~~gone~~ `code`", "**bold** _it_ ~~gone~~ `code`"),
        ("# Head\n\ntext", "# Head\n\ntext"),
        ("#### Deep", "### Deep"),
        ("- a\n- b\n  1. c", "- a\n- b\n    1. c"),
        ("one\ntwo", "one\ntwo"),
        ("```py\nx = 1\n```", "```\nx = 1\n```"),
        ("a <b> & c &lt;d&gt; &amp;lt;", "a &lt;b&gt; & c &lt;d&gt; &\u200blt;"),
        ("<!channel> <@U1> @here", "&lt;!channel&gt; &lt;@U1&gt; @\u200bhere"),
        ("[page](https://a.example/x?a=1&b=2)", "[page](https://a.example/x?a=1&b=2) (a.example)"),
        ("[google.com](https://evil.example/)", "[evil.example](https://evil.example/)"),
        ("<https://a.example/(x)>", "[a.example](https://a.example/%28x%29)"),
        ("[mail](mailto:sam@a.example)", "[mail](mailto:sam@a.example) (sam@a.example)"),
        ("see https://a.example/x.", "see https://a.example/x."),
        ("Look!<https://a.example>", "Look!\u200b[a.example](https://a.example)"),
        ("[x]: not a link", "[x]\u200b: not a link"),
        ("\\# no heading\n\\- no list\n1\\) no list", "\u200b# no heading\n\u200b- no list\n\u200b1) no list"),
        ("it\\`s", "it\u02cbs"),
        ("~5 snake_case", "~5 snake_case"),
    ],
)
def test_markdown_is_written_anew(written: str, streamed: str) -> None:
    """One example for each thing that is streamed."""
    assert one(written) == streamed


@pytest.mark.parametrize(
    "written",
    [
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "`a < b`",
        "```\na < b\n```",
        "````\n```\n````",
        "> quoted",
        "- > quoted",
        "- one\n\n  two",
        "![picture](https://a.example/x.png)",
        "---",
        "2 * 3 \\* 4",
        "C:\\temp",
        "_ alone",
        "[x](slack://open)",
        "[x](https://a@evil.example)",
        "https://good.example@evil.example/",
        "https://a.example/@here/x",
        "[a \\[b\\]](https://a.example)",
        "word " * (LONGEST // 5 + 1),
    ],
)
def test_what_is_not_streamed(written: str) -> None:
    """What the two readers might take differently, or what is better posted."""
    assert pieces(f"First.\n\n{written}", 1) == []


def test_pieces_are_paragraphs_of_some_length() -> None:
    """Short ones go together; one after the other they are the text."""
    text = "\n\n".join(["one", "two", "three " * 10, "four"])

    assert pieces(text, 12) == ["one\n\ntwo\n\n" + ("three " * 10).strip(), "\n\nfour"]


def test_who_speaks_comes_first() -> None:
    """In bold, and as harmless as the rest; a name that cannot be written so is posted."""
    assert pieces("text", 1, speaker="Vera <!here>") == ["**Vera &lt;\u200b!here&gt;**", "\n\ntext"]
    assert pieces("text", 1, speaker="*Vera*") == []
