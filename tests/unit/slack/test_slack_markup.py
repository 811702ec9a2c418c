"""Slack's markup undone reads as it was typed."""

import pytest

from adapters.slack.markup import mentions, plain


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<@U2> and <@U3|maria>", "@U2 and @maria"),
        ("<#C1|general> <#C2> <#C3|>", "#general #C2 #C3"),
        ("<!here> <!channel> <!everyone>", "@here @channel @everyone"),
        ("<!subteam^S1|@helpers> <!subteam^S2>", "@helpers @S2"),
        ("<!date^1392734382^{date}|18 February>", "18 February"),
        ("<https://a.example/x>", "https://a.example/x"),
        ("<https://a.example/x|https://a.example/x>", "https://a.example/x"),
        ("<http://a.example|a.example>", "http://a.example"),
        ("<https://a.example/?a=1&amp;b=2|the page>", "the page (https://a.example/?a=1&b=2)"),
        ("<mailto:sam@example.com|sam@example.com>", "sam@example.com"),
        ("<tel:+441234|call>", "call (+441234)"),
        ("<@U0ATOM>: my laptop", "my laptop"),
        ("hey <@U0ATOM> help", "hey help"),
        ("<@U0ATOM|atom>", ""),
        ("*bold* _it_ 2*3", "*bold* _it_ 2*3"),
        ("<unfinished", "<unfinished"),
        ("<>", ""),
    ],
)
def test_markup_is_undone(sent: str, read: str) -> None:
    """One example for each thing that Slack marks up."""
    assert read == plain(sent, {"U0ATOM"})


def test_a_mention_is_seen_with_and_without_a_label() -> None:
    """An escaped mention is text that somebody typed."""
    assert mentions("hey <@U0ATOM|atom>", {"U0ATOM"})
    assert mentions("<@U0ATOM>", {"U0ATOM"})
    assert not mentions("&lt;@U0ATOM&gt; <@U1>", {"U0ATOM"})
