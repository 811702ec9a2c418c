"""What is posted: safe whatever the text says, marked when private, and complete on clients that show no cards."""

import html
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.teams import cards
from adapters.teams.cards import LARGEST
from adapters.teams.reading import JsonObject
from bot.errors import PermanentError
from bot.ids import ConversationId, ReplyId
from bot.labels import Visibility
from bot.reply import Button, Reply
from bot.wording.posts import Words
from tests.fakes.teams_cards import faults_of, nodes

NASTY = Path(__file__).parents[4] / "shared" / "data" / "nasty" / "blns.json"
STRINGS: list[str] = json.loads(NASTY.read_text()) if NASTY.exists() else []
APPROVE = Button(action="approve", subject="a-1", label="Approve", style="primary")
DENY = Button(action="deny", subject="a-1", label="Deny", style="danger")
SAFE_TAGS = {"p", "strong", "em", "s", "code", "pre", "br", "ul", "ol", "li", "a", "blockquote", "hr"} | {
    f"h{level}" for level in range(1, 7)
}
ELEMENTS = {"RichTextBlock", "ColumnSet", "Column", "Table", "TableRow", "TableCell", "Container", "ActionSet"}
ACTIONS = {"Action.Execute", "Action.Submit", "Action.ShowCard", "Action.OpenUrl"}
MARKUP = st.text(
    st.sampled_from(list("<>&[]()!*_`#\"'\\/:.-\n ab1@\u202e\x00")) | st.characters(codec="utf-8"), max_size=80
) | st.sampled_from(
    [
        "|a|b|\n|-|-|\n|[x](tel:1)|<at>y</at>|",
        "שלום",
        "https://a.b/(c).",
        "> - #\n\n---",
        "[a](javascript:x)",
        "<at>Sam</at>",
        "![x](https://t.co/a.png)",
        "<https://a.b>",
        "[x]: data:x\n\n[x]",
    ]
)


def reply(
    text: str,
    *,
    buttons: tuple[Button, ...] = (),
    visibility: Visibility = Visibility.PUBLIC,
    speaker: str = "",
) -> Reply:
    """Give a reply of this text."""
    return Reply(
        id=ReplyId("r1"),
        conversation_id=ConversationId("c"),
        visibility=visibility,
        kind="note",
        speaker=speaker,
        text=text,
        buttons=buttons,
        at=datetime(2026, 11, 20, tzinfo=UTC),
    )


def text_post(text: str) -> str:
    """Give the HTML of a reply without buttons."""
    return str(cards.activity(reply(text), Words())["text"])


def card(made: Reply) -> JsonObject:
    """Give the card of a reply with buttons."""
    attachments = cards.activity(made, Words())["attachments"]
    assert isinstance(attachments, list)
    content: JsonObject = attachments[0]["content"]
    return content


def runs(content: JsonObject) -> Iterator[dict[str, Any]]:
    """Give every piece of text of a card."""
    for node in nodes(content["body"]):
        assert node.get("type", "column") in ELEMENTS | ACTIONS | {"column", "TextRun"}
        if node.get("type") == "RichTextBlock":
            yield from node["inlines"]


class Seen(HTMLParser):
    """Collects what a client would act upon."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag, its attributes and its link."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]


def seen(text: str) -> Seen:
    """Read a text post as a client does."""
    parser = Seen()
    parser.feed(text_post(text))
    parser.close()
    return parser


def test_markdown_becomes_the_small_html_of_teams() -> None:
    """With line breaks where the writer put them."""
    expected = "<p><strong>Done</strong>: <em>see</em> <code>a&lt;b</code><br />\nnext</p>\n<ul>\n<li>x</li>\n</ul>"

    assert expected == text_post("**Done**: *see* `a<b`\nnext\n\n- x")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<at>Sam</at> & <b>x</b>", "<p>&lt;at&gt;Sam&lt;/at&gt; &amp; &lt;b&gt;x&lt;/b&gt;</p>"),
        ("[https://bank.com](https://evil.com)", '<p><a href="https://evil.com">https://evil.com</a></p>'),
        ("[bank.com](https://evil.com)", '<p><a href="https://evil.com">https://evil.com</a></p>'),
        ("[it@bank.com](mailto:x@evil.com)", '<p><a href="mailto:x@evil.com">mailto:x@evil.com</a></p>'),
        ("[the guide](https://a.b/c)", '<p><a href="https://a.b/c">the guide</a></p>'),
        ("[a.b/c](https://a.b/c/)", '<p><a href="https://a.b/c/">a.b/c</a></p>'),
        ("[call](tel:123)", "<p>call (tel:123)</p>"),
        ("[open](msteams://x)", "<p>open (msteams://x)</p>"),
        ("![pixel](https://t.co/x.png)", '<p><a href="https://t.co/x.png">pixel</a></p>'),
        (r"\[x\](https://evil.com)", '<p>[x]\u200b(<a href="https://evil.com">https://evil.com</a>)</p>'),
        ("see https://a.b/c.", '<p>see <a href="https://a.b/c">https://a.b/c</a>.</p>'),
        ('https://a.b/"onclick=x', '<p><a href="https://a.b/">https://a.b/</a>"onclick=x</p>'),
        ("a\u202eb", "<p>ab</p>"),
        ("", "<p>&nbsp;</p>"),
    ],
)
def test_text_cannot_act(text: str, expected: str) -> None:
    """No tag, no mention, no disguised link, no picture that calls home."""
    assert expected == text_post(text)


@given(text=MARKUP)
def test_no_text_post_holds_more_than_it_may(text: str) -> None:
    """Known tags, one kind of link, no other attribute."""
    found = seen(text)

    assert found.tags <= SAFE_TAGS
    assert found.attributes <= {"href", "start"}
    assert all(link.lower().startswith(("http://", "https://", "mailto:")) for link in found.links)


@settings(max_examples=40)
@given(text=MARKUP, speaker=st.text(max_size=20))
def test_no_card_holds_more_than_it_may(text: str, speaker: str) -> None:
    """Literal runs, links to the web and mail, and the buttons that we put there."""
    content = card(reply(text, speaker=speaker, buttons=(APPROVE, DENY)))

    for run in runs(content):
        action = run.get("selectAction", {"type": "Action.OpenUrl", "url": "https://"})
        assert isinstance(action, dict)
        assert (run["type"], action["type"]) == ("TextRun", "Action.OpenUrl")
        assert action["url"].lower().startswith(("http://", "https://", "mailto:"))
    assert "msteams" not in content
    assert [] == faults_of(content)


@pytest.mark.skipif(not STRINGS, reason=f"the list of naughty strings is not at {NASTY}")
def test_naughty_strings_are_posted() -> None:
    """Each as a text and as a card, and each can be sent."""
    for text in STRINGS:
        for made in (reply(text), reply(text, buttons=(APPROVE,))):
            assert json.dumps(cards.activity(made, Words())).encode()
        assert seen(text).tags <= SAFE_TAGS


def test_an_exact_call_is_shown_exactly() -> None:
    """Nothing in an argument is read as markup, and its indentation stays."""
    call = '{\n  "name": "**x** <at>y</at> [a](https://evil.com)"\n}'

    lines = [run["text"] for run in runs(card(reply(f"```\n{call}\n```", buttons=(APPROVE,))))]

    assert lines == [line.replace("  ", "\xa0\xa0") for line in call.split("\n")]


def test_buttons_work_with_and_without_universal_actions() -> None:
    """The fallback carries the same meaning, and a client without cards gets words."""
    content = card(reply("**Wipe** it?\n\n- [now](https://a.b)", buttons=(APPROVE, DENY)))

    actions = [item for item in nodes(content["actions"]) if item.get("type") == "Action.Execute"]
    assert [("approve", "positive"), ("deny", "destructive")] == [(one["verb"], one["style"]) for one in actions]
    assert [one["fallback"]["type"] for one in actions] == ["Action.Submit"] * 2
    assert all(one["data"] == one["fallback"]["data"] for one in actions)
    assert (content["version"], content["fallbackText"]) == ("1.5", "Wipe it? now")


@pytest.mark.parametrize("buttons", [(), (APPROVE,)])
def test_a_private_note_says_so_in_words_and_the_speaker_is_named(buttons: tuple[Button, ...]) -> None:
    """In both kinds of post; a speaker's name is text too."""
    made = reply("Evidence", buttons=buttons, visibility=Visibility.PRIVATE, speaker="<b>Hardware\nEngineer")

    shown = html.unescape(json.dumps(cards.activity(made, Words())))

    assert Words().private in shown
    assert "Hardware Engineer" in shown
    assert "<b>" not in shown


def test_no_post_writes_a_mention() -> None:
    """Teams pings by entity only, and none is written."""
    for made in (reply("<at>everyone</at>"), reply("<at>everyone</at>", buttons=(APPROVE,))):
        assert "entities" not in cards.activity(made, Words())


def test_the_reply_is_named_in_the_post() -> None:
    """For whoever reads an export; Teams itself offers no search."""
    assert cards.activity(reply("x"), Words())["channelData"] == {"deskmate": {"reply": "r1"}}


def test_what_teams_would_refuse_is_not_sent() -> None:
    """80 KB of UTF-16."""
    with pytest.raises(PermanentError, match="several notes"):
        cards.activity(reply("x" * (LARGEST // 2)), Words())


def test_a_choice_travels_with_its_button() -> None:
    """Five buttons of a survey have the same verb; what tells them apart comes back with the press."""
    three = Button(action="rate", subject="q-1", value="3", label="3")

    actions = card(reply("How was it?", buttons=(three,)))["actions"]
    assert isinstance(actions, list)
    action = actions[0]

    assert ("rate", "q-1", "3") == (action["verb"], action["data"]["subject"], action["data"]["value"])


def test_a_button_that_opens_a_form_has_teams_ask_for_it() -> None:
    """With the form's kind and what it is about; nothing is pressed."""
    form = Button(action="form", subject="q-1", value="assign", label="Assign")

    content: dict[str, Any] = card(reply("Here.", buttons=(form,)))

    expected = {"msteams": {"type": "task/fetch"}, "form": "assign", "subject": "q-1"}
    assert [("Action.Submit", "Assign", expected)] == [
        (action["type"], action["title"], action["data"]) for action in content["actions"]
    ]
    assert [] == faults_of(content)


@pytest.mark.parametrize("count", [1, 6, 7, 13])
def test_every_button_is_shown(count: int) -> None:
    """Teams shows six in a row; more of them stand in rows above, in order."""
    many = tuple(Button(action="rate", subject="q-1", value=str(number), label=str(number)) for number in range(count))

    content: dict[str, Any] = card(reply("How was it?", buttons=many))

    rows = [element["actions"] for element in content["body"] if element["type"] == "ActionSet"]
    shown = [action["title"] for row in (*rows, content["actions"]) for action in row]
    assert sorted(shown) == sorted(button.label for button in many)
    assert [] == faults_of(content)


def test_where_a_request_stands_is_said_under_the_text() -> None:
    """With buttons and without, in words."""
    plain = replace(reply("Done."), footer="IT-1001 · Resolved")
    carded = replace(reply("Done.", buttons=(APPROVE,)), footer="IT-1001 · Resolved")

    below = list(runs(card(carded)))[-1]

    assert str(cards.activity(plain, Words())["text"]).endswith("<p><em>IT-1001 · Resolved</em></p>")
    assert below["text"] == "IT-1001 · Resolved"
