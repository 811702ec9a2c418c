"""How cards look: tables, quotations, scripts from the right, long addresses and rows of buttons keep their shape."""

from typing import Any

import pytest

from bot.reply import Button
from tests.fakes.teams_cards import faults_of
from tests.unit.teams.test_teams_cards import APPROVE, DENY, card, reply, runs, text_post

TABLE = "| Device | State |\n|---|---|\n| L-1 | **locked** |\n| L-2 | |"


def test_a_table_is_the_cards_own_and_said_in_words_to_clients_that_know_none() -> None:
    """In a text post it is set in columns; one that is too wide is a line for each row, everywhere."""
    table: Any = card(reply(TABLE, buttons=(APPROVE,)))["body"]
    rows = [[cell["items"][0]["inlines"][0]["text"] for cell in row["cells"]] for row in table[0]["rows"]]
    wide = "|a|b|c|d|e|f|\n|-|-|-|-|-|-|\n|" + "long words |" * 6

    assert [["Device", "State"], ["L-1", "locked"], ["L-2", "\xa0"]] == rows
    assert ["• Device: L-1; State: locked", "• Device: L-2"] == [
        item["inlines"][0]["text"] for item in table[0]["fallback"]["items"]
    ]
    assert "<pre><code>Device  State\n" in text_post(TABLE)
    assert text_post(wide).startswith("<p>• a: long words; b: long words;")
    assert ["• a: long words; b: long words"] == [
        run["text"][:30] for run in runs(card(reply(wide, buttons=(APPROVE,))))
    ]


@pytest.mark.parametrize(
    ("text", "turned"), [("1. שלום IT-1", True), ("مرحبا", True), ("IT-1 שלום", False), ("", False)]
)
def test_what_is_written_from_the_right_is_laid_out_so(text: str, turned: bool) -> None:  # noqa: FBT001 -- a test's parameter
    """By its first letter; labels and buttons stay as they are."""
    body: Any = card(reply(text, buttons=(APPROVE,)))["body"]

    assert turned == (bool(body) and body[0].get("columns", [{}])[0].get("rtl", False))


def test_a_long_address_is_shown_in_part_and_leads_to_the_whole() -> None:
    """A card breaks no words; the host is what one has to see."""
    address = "https://teams.microsoft.com/l/message/19:help@thread.tacv2/1700000000000?context=x"

    (label, link) = runs(card(reply(f"Original message: {address}", buttons=(APPROVE,))))

    assert ("Original message: ", address) == (label["text"], link["selectAction"]["url"])
    assert link["text"].startswith("https://teams.microsoft.com/l/")
    assert len(link["text"]) < 60


@pytest.mark.parametrize("length", [40, 41, 200])
def test_the_whole_of_a_long_argument_can_be_seen(length: int) -> None:
    """Whoever approves a call must see its end; nothing is added but the end of a line."""
    argument = "x" * (length - 1) + "!"

    shown = [run["text"] for run in runs(card(reply(f"```\n{argument}\n```", buttons=(APPROVE,))))]

    assert argument == "".join(shown)
    assert max(map(len, shown)) <= 40


def test_quotations_rules_and_empty_items_keep_their_shape() -> None:
    """A quotation has a bar before each line, a rule is one, and nobody else gets the bullet of an empty item."""
    body: Any = card(reply("- \n\n> one\n> two\n\n---\n\nend", buttons=(APPROVE,)))["body"]

    said = ["".join(run["text"] for run in element["inlines"]) for element in body]
    assert ["│ one", "│ two", "end"] == said
    assert [None, "None", None] == [element.get("spacing") for element in body]
    assert [False, False, True] == [element.get("separator", False) for element in body]


def test_no_row_of_buttons_is_wider_than_a_card() -> None:
    """Clients cut the words of the buttons else; the order stays."""
    labels = ["Take over", "Reply to requester", "Assign", "Resolve", "Priority", "Link"]
    buttons = tuple(Button(action="help", subject="q", label=label) for label in labels)

    content: Any = card(reply("x", buttons=buttons))

    rows = [element["actions"] for element in content["body"] if element["type"] == "ActionSet"]
    assert [labels[:3], labels[3:]] == [[action["title"] for action in row] for row in (*rows, content["actions"])]


@pytest.mark.parametrize(
    ("button", "said"),
    [
        (DENY, "It will not be done"),
        (Button(action="stop", subject="q", label="Stop", style="danger"), "“Stop” is done at once"),
    ],
)
def test_what_cannot_be_taken_back_is_asked_first(button: Button, said: str) -> None:
    """The first press opens the question; only the second one is sent."""
    content: Any = card(reply("x", buttons=(APPROVE, button)))

    approve, asked = content["actions"]
    assert ("Action.Execute", "Action.ShowCard") == (approve["type"], asked["type"])
    assert said in asked["card"]["body"][1]["inlines"][0]["text"]
    assert [button.action] == [action["verb"] for action in asked["card"]["actions"]]
    assert [] == faults_of(content)


def test_a_score_says_aloud_what_it_means() -> None:
    """A number alone does not."""
    content: Any = card(reply("x", buttons=(Button(action="rate", subject="q", value="3", label="3"),)))

    assert "3 out of 5" in content["actions"][0]["tooltip"]
