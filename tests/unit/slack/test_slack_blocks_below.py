"""What stands under a text: the footer, and buttons whose ids say what a press means; and tables within it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block, ContextActionsBlock

from adapters.slack.blocks import content
from adapters.slack.links import plain
from adapters.slack.mrkdwn import line, mrkdwn, words
from adapters.tables import WIDEST, Table, aligned, labelled
from bot.conversation import conversation_id
from bot.ids import ReplyId
from bot.labels import Visibility
from bot.reply import Button, Reply


def sent(*buttons: Button, text: str = "hello", footer: str = "") -> dict[str, Any]:
    return content(
        Reply(
            id=ReplyId("reply-1"),
            conversation_id=conversation_id("slack", "T1", "C1", "1700000000.000100"),
            visibility=Visibility.PUBLIC,
            kind="note",
            text=text,
            footer=footer,
            buttons=buttons,
            at=datetime(2026, 1, 1, tzinfo=UTC),
        )
    )


def blocks(*buttons: Button, text: str = "hello", footer: str = "") -> list[dict[str, Any]]:
    """Give the blocks, which Slack's own classes take."""
    found: list[dict[str, Any]] = sent(*buttons, text=text, footer=footer)["blocks"]
    assert all(parsed is not None for parsed in Block.parse_all(found))
    return found


def test_the_footer_is_small_print() -> None:
    """On one line, under the text, and said to those who listen."""
    made = sent(text="On it", footer="*IT-1042* · in\nprogress <!here>")

    assert made["blocks"][1]["elements"][0]["text"] == "_IT-1042_ · in progress &lt;!here&gt;"
    assert made["text"] == "On it\nIT-1042 · in progress &lt;!here&gt;"


def test_a_choice_is_in_the_action_id() -> None:
    """Scores are told apart by it, and a screen reader says of how many."""
    scores = [Button(action="rate", subject="IT-1", value=str(score), label=str(score)) for score in range(1, 6)]

    (row,) = blocks(*scores)[1:]

    assert [element["action_id"] for element in row["elements"]] == [f"rate:{score}" for score in range(1, 6)]
    assert {element["value"] for element in row["elements"]} == {"IT-1"}
    assert row["elements"][3]["accessibility_label"] == "4 out of 5, where 5 is the best"


def test_a_form_is_named_by_its_button() -> None:
    """Without a question first: the form is the question."""
    (row,) = blocks(Button(action="form", subject="IT-1", value="resolve", label="Resolve", style="danger"))[1:]

    assert (row["elements"][0]["action_id"], row["elements"][0]["value"]) == ("form:resolve", "IT-1")
    assert "confirm" not in row["elements"][0]


def test_what_is_grave_asks_once_more() -> None:
    """Denying with its own words, anything else in red with the label."""
    (row,) = blocks(
        Button(action="deny", subject="a-1", label="Deny"),
        Button(action="hand_back", subject="IT-1", label="Hand back", style="danger"),
        Button(action="take_over", subject="IT-1", label="Take over"),
    )[1:]

    deny, back, take = row["elements"]
    assert deny["confirm"]["confirm"]["text"] == "Deny"
    assert back["confirm"]["confirm"]["text"] == "Hand back"
    assert "Hand back" in back["confirm"]["text"]["text"]
    assert "confirm" not in take


def test_judging_is_slacks_own_element() -> None:
    """One element for both, under the other buttons; what it is about is in the values."""
    good = Button(action="feedback", subject="r-9", value="good", label="Good answer")
    bad = Button(action="feedback", subject="r-9", value="bad", label="Bad answer")
    more = Button(action="form", subject="", value="new", label="Open a request")

    acting, judging = blocks(good, more, bad)[1:]

    assert isinstance(Block.parse(judging), ContextActionsBlock)
    assert [element["action_id"] for element in acting["elements"]] == ["form:new"]
    (element,) = judging["elements"]
    assert (element["type"], element["action_id"]) == ("feedback_buttons", "feedback")
    assert element["positive_button"]["value"] == "good:r-9"
    assert element["negative_button"]["value"] == "bad:r-9"
    assert element["negative_button"]["accessibility_label"] == "Bad answer"


def test_half_a_judgement_is_a_plain_button() -> None:
    """Slack's element needs both."""
    (row,) = blocks(Button(action="feedback", subject="r-9", value="good", label="Good answer"))[1:]

    assert row["elements"][0]["action_id"] == "feedback:good"


def test_the_same_action_twice_stands_in_another_row() -> None:
    """Slack refuses two equal ids in one block."""
    rows = blocks(*(Button(action="take_over", subject=f"IT-{number}", label="Take") for number in range(3)))[1:]

    assert [[element["value"] for element in row["elements"]] for row in rows] == [["IT-0"], ["IT-1"], ["IT-2"]]


def test_no_row_is_longer_than_slack_takes() -> None:
    """25 elements in a block."""
    rows = blocks(*(Button(action="rate", subject="x", value=str(number), label="x") for number in range(60)))[1:]

    assert [len(row["elements"]) for row in rows] == [25, 25, 10]


TABLE = "| Request | Status |\n|---|---|\n| IT-1042 | pending |\n| [IT-7](https://a.example) | `on hold` |"


def test_a_narrow_table_is_aligned() -> None:
    """As code, which keeps its columns; links say where they go."""
    (written,) = mrkdwn(f"Yours:\n\n{TABLE}\n\nThat is all.")

    assert written.split("\n") == [
        "Yours:",
        "",
        "```",
        "Request                   Status",
        "------------------------  -------",
        "IT-1042                   pending",
        "IT-7 (https://a.example)  on hold",
        "```",
        "",
        "That is all.",
    ]


def test_a_table_is_heard_row_by_row() -> None:
    """Each value with its column's name, in notifications and for screen readers."""
    assert words(TABLE, 500) == (
        "• Request: IT-1042; Status: pending\n• Request: IT-7 (https://a.example); Status: on hold"
    )


def test_a_wide_table_is_a_list() -> None:
    """A telephone would break its lines."""
    written = mrkdwn(f"| What | Why |\n|---|---|\n| laptop | {'because ' * 20} |\n| phone | |")

    assert written == [f"• What: laptop; Why: {'because ' * 20}".rstrip() + "\n• What: phone"]


def test_wide_characters_take_two_columns() -> None:
    """And marks none."""
    assert aligned(Table(rows=(("名前", "n"), ("e\u0301", "m")))) == "名前  n\n----  -\ne\u0301     m"


def test_a_heading_alone_is_said() -> None:
    """A table without rows loses nothing."""
    assert labelled(Table(rows=(("a", "", "b"),)), str) == "a; b"
    assert (aligned(Table(rows=())), labelled(Table(rows=()), str)) == ("", "")


@given(st.lists(st.lists(st.text(max_size=30), min_size=1, max_size=6), min_size=1, max_size=8))
def test_no_line_of_a_table_is_wider_than_it_may_be(rows: list[list[str]]) -> None:
    """Whatever is in it, and each cell is there in one of the two ways."""
    width = len(rows[0])
    table = Table(rows=tuple(tuple((row * width)[:width]) for row in rows))
    narrow = aligned(table)

    assert all(len(each) <= WIDEST for each in narrow.split("\n"))
    shown = narrow or labelled(table, str)
    assert all(" ".join(cell.split()) in shown for row in table.rows[1:] for cell in row)


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("one\n two", 20, "one two"),
        ("a long label", 8, "a long…"),
        ("<!channel> <@U1> a < b", 75, "<\u200b!channel> <\u200b@U1> a < b"),
        ("<https://e.example|x>", 75, "<\u200bhttps://e.example|x>"),
        ("@here", 75, "@\u200bhere"),
        ("\U0001f469\u200d\U0001f4bb\U0001f469\u200d\U0001f4bb", 5, "\U0001f469\u200d\U0001f4bb…"),
        ("", 5, ""),
    ],
)
def test_labels_are_plain(text: str, limit: int, cut: str) -> None:
    """One line, cut between what a reader sees as characters, and never markup."""
    assert plain(text, limit) == cut


def test_a_line_is_cut_outside_of_links() -> None:
    """A footer never ends within a link or an escape."""
    assert line("see [the page](https://a.example) & more", 30) == "see…"
    assert line("a\n\n- b\n- c", 50) == "a • b • c"
