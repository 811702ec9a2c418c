"""The local Slack says no where Slack does: what does not fit, what comes too often, what is not there any more.

Each figure is one that Slack's reference pages give for that block, element or method; where only callers have seen it, the
docstring says so.
"""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.fakes.slack_limits import problems, view_problems
from tests.unit.fakes.local_slack_rooms import actions, asked, button, client_of, furnished, modal, plain, refusal_of

LETTER = "x"
TYPED = {"type": "plain_text_input", "action_id": "t"}


def section(text: str) -> dict[str, Any]:
    """Give a section."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def option(text: str, value: str = "v") -> dict[str, Any]:
    """Give a choice."""
    return {"text": plain(text), "value": value}


def select(*options: dict[str, Any]) -> dict[str, Any]:
    """Give a block with a list of choices."""
    return actions({"type": "static_select", "action_id": "s", "options": list(options)})


def confirm(**texts: str) -> dict[str, Any]:
    """Give the dialog before a button works."""
    return {
        name: plain(text)
        for name, text in {**dict.fromkeys(("title", "text", "confirm", "deny"), "x"), **texts}.items()
    }


AT_THE_LIMIT: dict[str, dict[str, Any]] = {
    "section": section(LETTER * 3_000),
    "header": {"type": "header", "text": plain(LETTER * 150)},
    "markdown": {"type": "markdown", "text": LETTER * 12_000},
    "buttons": actions(*(button(f"b{number}") for number in range(25))),
    "label": actions(button("b", LETTER * 75)),
    "value": actions(button("b", value=LETTER * 2_000)),
    "action id": actions(button("b" * 255)),
    "screen reader": actions(button("b", accessibility_label=LETTER * 75)),
    "dialog": actions(button("b", confirm=confirm(title=LETTER * 100, text=LETTER * 300, confirm=LETTER * 30))),
    "context": {"type": "context", "elements": [plain("x")] * 10},
    "choices": select(*(option("o", f"v{number}") for number in range(100))),
    "choice": select(option(LETTER * 75, LETTER * 150)),
    "field label": asked(LETTER * 200, TYPED),
    "placeholder": asked("L", {**TYPED, "placeholder": plain(LETTER * 150)}),
    "table": {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 20] * 100},
}
BEYOND: dict[str, dict[str, Any]] = {
    "section": section(LETTER * 3_001),
    "empty text": section(""),
    "header": {"type": "header", "text": plain(LETTER * 151)},
    "markdown": {"type": "markdown", "text": LETTER * 12_001},
    "buttons": actions(*(button(f"b{number}") for number in range(26))),
    "label": actions(button("b", LETTER * 76)),
    "value": actions(button("b", value=LETTER * 2_001)),
    "action id": actions(button("b" * 256)),
    "same action id": actions(button("b"), button("b")),
    "screen reader": actions(button("b", accessibility_label=LETTER * 76)),
    "dialog title": actions(button("b", confirm=confirm(title=LETTER * 101))),
    "dialog button": actions(button("b", confirm=confirm(deny=LETTER * 31))),
    "context": {"type": "context", "elements": [plain("x")] * 11},
    "choices": select(*(option("o", f"v{number}") for number in range(101))),
    "choice": select(option(LETTER * 76)),
    "choice value": select(option("x", LETTER * 151)),
    "placeholder": asked("L", {**TYPED, "placeholder": plain(LETTER * 151)}),
    "table rows": {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * 101},
    "table columns": {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]},
    "no type": {"text": plain("x")},
}


@pytest.mark.parametrize("name", AT_THE_LIMIT)
def test_a_block_at_its_limit_is_taken(name: str) -> None:
    """Slack's figures are the largest that it takes."""

    assert [] == problems([AT_THE_LIMIT[name]])


@pytest.mark.parametrize("name", BEYOND)
def test_a_block_beyond_its_limit_is_refused(name: str) -> None:
    """One more, and Slack answers invalid_blocks."""

    assert [] != problems([BEYOND[name]])


def test_blocks_are_counted() -> None:
    """Fifty in a message; Slack's own SDK lets fifty-one pass, Slack does not."""

    assert [] == problems([{"type": "divider"}] * 50)
    assert [] != problems([{"type": "divider"}] * 51)


def test_ids_of_blocks_and_tables_stand_once() -> None:
    """A message has no two blocks of one id, and one table."""
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}

    assert [] != problems([{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}])
    assert [] != problems([table, table])


def test_a_form_has_limits_of_its_own() -> None:
    """A title of 24 characters, 3,000 of private metadata, a button to send it when there is something to send."""

    assert [] == view_problems(modal(asked("What", TYPED), title=LETTER * 24, private_metadata=LETTER * 3_000))
    assert [] != view_problems(modal(asked("What", TYPED), title=LETTER * 25))
    assert [] != view_problems(modal(asked("What", TYPED), private_metadata=LETTER * 3_001))
    assert [] != view_problems({**modal(asked("What", TYPED)), "submit": None})
    assert [] != view_problems(modal(*[{"type": "divider"}] * 101))


async def test_a_long_text_is_cut_when_posted_and_refused_when_changed() -> None:
    """40,000 characters are kept of a post; a change takes 4,000 bytes (seen by callers) and answers msg_too_long beyond."""
    async with furnished() as slack, client_of(slack) as client:
        posted = await client.chat_postMessage(channel="C1", text=LETTER * 40_001)

        kept = len(slack.posts("C1")[0]["text"])
        await client.chat_update(channel="C1", ts=posted["ts"], text=LETTER * 4_000)
        beyond = await refusal_of(client, "chat.update", channel="C1", ts=posted["ts"], text="é" * 2_001)

    assert 40_000 == kept
    assert "msg_too_long" == beyond


async def test_all_blocks_together_have_a_limit() -> None:
    """Callers have seen msg_blocks_too_long from about 13,200 characters."""
    async with furnished() as slack, client_of(slack) as client:
        many = [section(LETTER * 2_900)] * 5

        assert "msg_blocks_too_long" == await refusal_of(
            client, "chat.postMessage", channel="C1", text="x", blocks=many
        )


async def test_posts_to_one_channel_come_too_fast() -> None:
    """About one a second per channel: 429 with Retry-After, where a test switches that on."""
    async with furnished() as slack, client_of(slack) as client:
        slack.set_limits(seconds_between_posts=30)
        await client.chat_postMessage(channel="C1", text="one")
        await client.chat_postMessage(channel="C2", text="elsewhere")

        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel="C1", text="two")

    assert (429, "1") == (caught.value.response.status_code, caught.value.response.headers["Retry-After"])


async def test_a_method_is_called_too_often() -> None:
    """Tier 2 allows twenty calls a minute of one method by one team's app."""
    async with furnished() as slack, client_of(slack) as client:
        slack.set_limits(tiers=True)
        for _ in range(20):
            await refusal_of(client, "chat.stopStream", channel="C1", ts="1.0")

        with pytest.raises(SlackApiError) as caught:
            await client.chat_stopStream(channel="C1", ts="1.0")

    assert 429 == caught.value.response.status_code
    assert 0 < int(caught.value.response.headers["Retry-After"]) <= 60


async def test_metadata_has_a_form() -> None:
    """Without a type or with a payload that is no object it is refused."""
    async with furnished() as slack, client_of(slack) as client:
        said = {"channel": "C1", "text": "x"}

        formless = await refusal_of(client, "chat.postMessage", **said, metadata={"event_type": "t"})
        nameless = await refusal_of(client, "chat.postMessage", **said, metadata={"event_payload": {}})

    assert ("invalid_metadata_format", "invalid_metadata_schema") == (formless, nameless)
