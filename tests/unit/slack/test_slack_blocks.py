"""What Slack is sent says what the reply says, within Slack's limits, and can neither ping nor lie.

The first half is examples; the second is properties over the list of naughty strings and over Markdown made to offend.
"""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.blocks import content
from adapters.slack.mrkdwn import PIECE_LIMIT, mrkdwn, words
from bot.conversation import conversation_id
from bot.ids import ReplyId
from bot.labels import Visibility
from bot.reply import Button, Reply

NASTY = Path(__file__).resolve().parents[4] / "shared" / "data" / "nasty" / "blns.json"
OUR_LINK = re.compile(r"<(?:https?://[^<>|\s]+|mailto:[^<>|\s]+)(?:\|[^<>]*)?>")


def reply(text: str = "hello", *, private: bool = False, speaker: str = "", buttons: tuple[Button, ...] = ()) -> Reply:
    return Reply(
        id=ReplyId("reply-1"),
        conversation_id=conversation_id("slack", "T1", "C1", "1700000000.000100"),
        visibility=Visibility.PRIVATE if private else Visibility.PUBLIC,
        kind="note",
        text=text,
        speaker=speaker,
        buttons=buttons,
        at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def strings(node: object) -> list[str]:
    """List every text that a person may see."""
    if isinstance(node, dict):
        shown = [value for key, value in node.items() if key == "text" and isinstance(value, str)]
        return shown + [text for value in node.values() for text in strings(value)]
    return [text for item in node for text in strings(item)] if isinstance(node, list) else []


def blocks(sent: dict[str, object]) -> list[dict[str, Any]]:
    found = sent["blocks"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("**bold** *it* ~~gone~~ `a<b`", "*bold* _it_ ~gone~ `a&lt;b`"),
        ("***both***", "_*both*_"),
        ("**a __b__ c**", "*a b c*"),
        ("# Head **of** it", "*Head of it*"),
        ("- a\n- b\n  1. c\n", "• a\n• b\n    1. c"),
        ("3. c\n4. d", "3. c\n4. d"),
        ("> said\n> so", "> said\n> so"),
        ("```py\nif a < b:\n```", "```\nif a &lt; b:\n```"),
        ("~~~\na ``` b\n~~~", "```\na \u02cb\u02cb\u02cb b\n```"),
        ("`` a`b ``", "`a\u02cbb`"),
        ("one\ntwo", "one\ntwo"),
        ("***", "———"),
        ("one\n\ntwo\n\n- three", "one\n\ntwo\n\n• three"),
        ("R&D <b>", "R&amp;D &lt;b&gt;"),
        ("\\`\\`\\`", "\u02cb\u02cb\u02cb"),
        ("snake_case_name", "snake_case_name"),
    ],
)
def test_markdown_becomes_mrkdwn(written: str, sent: str) -> None:
    """One example for each thing that a note may hold."""
    assert [sent] == mrkdwn(written)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("[the page](https://a.example/x?a=1&b=2)", "<https://a.example/x?a=1&amp;b=2|the page> (a.example)"),
        ("<https://a.example/x>", "<https://a.example/x>"),
        ("see https://a.example/x.", "see <https://a.example/x>."),
        ("[google.com](https://evil.example)", "<https://evil.example>"),
        ("[https://google.com](https://evil.example/a)", "<https://evil.example/a>"),
        (
            "[\uff47\uff4f\uff4f\uff47\uff4c\uff45\uff0e\uff43\uff4f\uff4d](https://evil.example/a)",
            "<https://evil.example/a>",
        ),
        ("[here](https://good.example@evil.example/)", "here (https://good.example@evil.example/)"),
        ("[a|b>](https://a.example/%3E|c)", "<https://a.example/%3E%7Cc|a|b&gt;> (a.example)"),
        ("[mail](mailto:sam@example.com)", "<mailto:sam@example.com|mail> (sam@example.com)"),
        ("[app](slack://open)", "app (slack://open)"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("![alt](https://a.example/i.png)", "<https://a.example/i.png|alt> (a.example)"),
        ("[x](https://bücher.example/)", "<https://xn--bcher-kva.example/|x> (xn--bcher-kva.example)"),
        ("[x](<!channel>)", "x (!channel)"),
    ],
)
def test_links_show_where_they_go(written: str, sent: str) -> None:
    """A label never hides the host, and only http, https and mailto become links."""
    assert [sent] == mrkdwn(written)


@pytest.mark.parametrize("ping", ["<!channel>", "<!here|x>", "<@U1>", "<#C1>", "<!subteam^S1>", "<!date^1^{date}|x>"])
def test_no_mention_is_formed(ping: str) -> None:
    """Slack's own syntax is shown as it was written."""
    (sent,) = mrkdwn(f"look {ping} `{ping}`")

    assert "<" not in sent


def test_spelled_pings_are_broken() -> None:
    """`@here` typed plainly is not a name, and an address is left alone."""
    assert mrkdwn("@here @Channel bob@here.example") == ["@\u200bhere @\u200bChannel bob@here.example"]


def test_a_private_note_says_so() -> None:
    """In words and with a lock, for the eye and for the ear."""
    sent = content(reply("evidence", private=True, speaker="Hardware <!here> *Engineer*"))

    context = blocks(sent)[0]
    assert context["elements"][0]["text"] == "\N{LOCK} *Private note* · *Hardware &lt;!here&gt; Engineer*"
    assert sent["text"] == "Private note, Hardware &lt;!here&gt; Engineer: evidence"


def test_atom_speaks_without_a_line_above() -> None:
    """A public reply of Atom is just its text; the id travels with it."""
    sent = content(reply("hello"))

    assert [block["type"] for block in blocks(sent)] == ["section"]
    assert sent["metadata"] == {"event_type": "deskmate_reply", "event_payload": {"reply_id": "reply-1"}}


def test_buttons_carry_what_they_are_about() -> None:
    """Denying asks once more; the others do not."""
    yes = Button(action="approve", subject="a-7", label="Approve", style="primary")
    no = Button(action="deny", subject="a-7", label="Deny", style="danger")

    approve, deny = blocks(content(reply(buttons=(yes, no))))[-1]["elements"]

    assert (approve["action_id"], approve["value"], approve["style"]) == ("approve", "a-7", "primary")
    assert "confirm" not in approve
    assert {"title", "text", "confirm", "deny", "style"} == set(deny["confirm"])


def test_a_long_text_is_cut_between_words() -> None:
    """No section is longer than Slack allows, no link is cut, and nothing is lost."""
    text = "\n".join(f"- item {number} [the long page](https://a.example/{number}) & more" for number in range(120))

    pieces = mrkdwn(text)

    assert len(pieces) > 1
    assert sum(len(re.findall(r"<https://a\.example/\d+\|the long page>", piece)) for piece in pieces) == 120


def test_a_long_code_block_is_fenced_anew() -> None:
    """Each part is a code block of its own, cut at a line."""
    pieces = mrkdwn("```\n" + "line of code\n" * 500 + "```")

    assert all(piece.startswith("```\n") and piece.endswith("code\n```") for piece in pieces)
    assert sum(piece.count("line of code") for piece in pieces) == 500


def check(text: str) -> None:
    """Slack takes it, and there is no live markup in it but our links."""
    sent = content(reply(text, speaker=text[:300], private=True))
    shown = blocks(sent)
    assert len(shown) <= 50
    assert sum(map(len, strings(shown))) <= 13_000
    assert all(1 <= len(block["text"]["text"]) <= PIECE_LIMIT for block in shown if block["type"] == "section")
    assert 0 < len(str(sent["text"])) < 4_000
    for part in strings(sent):
        bare = OUR_LINK.sub("", part)
        assert "<" not in bare
        assert not re.search(r"&(?!amp;|lt;|gt;)", bare)
        assert not re.search(r"(?<![\w.])@(?:here|channel|everyone)\b", bare, re.IGNORECASE)
        part.encode()


@pytest.mark.skipif(not NASTY.is_file(), reason="The list of naughty strings is not beside the repository")
def test_naughty_strings_are_harmless() -> None:
    """Alone, as a label, as an address, in code and in a list."""
    for nasty in json.loads(NASTY.read_text()):
        for text in (nasty, f"[{nasty}](https://a.example)", f"[x]({nasty})", f"`{nasty}`", f"- {nasty}\n\n> {nasty}"):
            check(text)


MARKS = ["<", ">", "&", "|", "`", "```", "\n", "\n\n", "*", "**", "_", "[", "](", ")", "- ", "> ", "# ", "    ", "\\"]
NAMES = ["<!channel>", "<@U1>", "@here", "@", "https://a.example/", "mailto:a@b.example", "&lt;!here&gt;", "\u202e"]
PARTS = st.sampled_from([*MARKS, *NAMES, "x" * 700])


@given(st.lists(st.one_of(PARTS, st.text(max_size=4)), max_size=40).map("".join))
def test_any_markdown_is_harmless(text: str) -> None:
    """Whatever a model writes."""
    check(text)


@given(st.text(min_size=1, max_size=300))
def test_words_are_never_longer_than_asked(text: str) -> None:
    """Notifications get the start, and a sign that there is more."""
    assert len(words(text, 50)) <= 50


@given(st.text(st.sampled_from("漢字 é<&>\N{PARTY POPPER}a"), max_size=3_000))
def test_what_is_read_aloud_fits_into_an_update(text: str) -> None:
    """Slack counts the bytes of a `text` there: 4,000 at most."""
    assert len(str(content(reply(text, speaker="漢" * 30))["text"]).encode()) <= 4_000
