"""Forms and home pages as Slack keeps them: who sees which, what can be sent, and what an answer does to them.

The rules are those of Slack's guides to modals, to view submissions and to App Home.
"""

import json

import pytest

from tests.fakes.slack import LocalSlack
from tests.unit.fakes.local_slack_rooms import (
    Bot,
    actions,
    asked,
    button,
    client_of,
    furnished,
    modal,
    plain,
    refusal_of,
    with_bot,
)

TITLE = asked("Title", {"type": "plain_text_input", "action_id": "t", "max_length": 10})
DETAILS = asked("Details", {"type": "plain_text_input", "action_id": "t", "multiline": True}, optional=True)
CHOICES = [{"text": plain(label), "value": value} for label, value in (("Normal", "n"), ("High", "h"))]
PRIORITY = asked(
    "Priority", {"type": "static_select", "action_id": "t", "options": CHOICES, "initial_option": CHOICES[0]}
)
FOR = asked("For", {"type": "users_select", "action_id": "t"}, optional=True)
FILES = asked("Files", {"type": "file_input", "action_id": "t"}, optional=True)
FORM = modal(TITLE, DETAILS, PRIORITY, FOR, FILES)


async def opened(slack: LocalSlack, bot: Bot, view: dict[str, object] | None = None) -> str:
    """Let Maria choose a shortcut, and the bot open a form; its id."""
    await slack.global_shortcut("U1", "new_request")
    async with client_of(slack) as client:
        answer = await client.views_open(trigger_id=bot.heard[-1]["trigger_id"], view=view or FORM)
    key: str = answer["view"]["id"]
    return key


async def test_a_form_is_filled_in_by_its_labels() -> None:
    """What was not touched is sent as it stood; a choice is sent with its label."""
    async with furnished() as slack, with_bot(slack) as bot:
        key = await opened(slack, bot)

        sent = await slack.sends("U1", {"Title": "Laptop", "Priority": "High", "for": "U2"})

        values = bot.heard[-1]["view"]["state"]["values"]
    assert (key, "view_submission", "U1") == (
        bot.heard[-1]["view"]["id"],
        bot.heard[-1]["type"],
        bot.heard[-1]["user"]["id"],
    )
    assert "Laptop" == values["title"]["t"]["value"]
    assert values["details"]["t"]["value"] is None
    assert CHOICES[1] == values["priority"]["t"]["selected_option"]
    assert "U2" == values["for"]["t"]["selected_user"]
    assert ({}, "", None) == (sent["errors"], sent["trouble"], sent["view"])


async def test_slacks_client_sends_nothing_incomplete() -> None:
    """A required field that is empty, too many characters, a choice that there is not: the bot hears nothing of it."""
    async with furnished() as slack, with_bot(slack) as bot:
        await opened(slack, bot)
        heard = len(bot.heard)

        with pytest.raises(ValueError, match="required field: Title"):
            await slack.sends("U1", {"Details": "x"})
        with pytest.raises(ValueError, match="characters"):
            await slack.sends("U1", {"Title": "x" * 11})
        with pytest.raises(LookupError, match="Normal, High"):
            await slack.sends("U1", {"Title": "x", "Priority": "Urgent"})
        with pytest.raises(LookupError, match="no field Budget"):
            await slack.sends("U1", {"Title": "x", "Budget": "1"})

    assert heard == len(bot.heard)


async def test_errors_leave_the_form_open() -> None:
    """The bot names what is wrong with which field; the next attempt may close it."""
    async with furnished() as slack, with_bot(slack) as bot:
        key = await opened(slack, bot)
        bot.answers.append({"response_action": "errors", "errors": {"title": "Say more."}})

        first = await slack.sends("U1", {"Title": "x"})
        second = await slack.sends("U1", {"Title": "better"})

    assert ({"Title": "Say more."}, key) == (first["errors"], first["view"]["id"])
    assert second["view"] is None


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nothing": "There is no such field."}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "invent"},
    ],
)
async def test_an_answer_that_slack_does_not_understand_is_trouble(answer: dict[str, object]) -> None:
    """Slack then tells the person that it had trouble connecting, and leaves the form open."""
    async with furnished() as slack, with_bot(slack) as bot:
        await opened(slack, bot)
        bot.answers.append(answer)

        sent = await slack.sends("U1", {"Title": "x"})

    assert sent["trouble"]
    assert sent["view"] is not None


async def test_an_answer_changes_piles_or_clears_forms() -> None:
    """Update keeps the id, push lies on top and closes back to the one below, clear closes all."""
    async with furnished() as slack, with_bot(slack) as bot:
        key = await opened(slack, bot)
        bot.answers += [
            {"response_action": "update", "view": modal(TITLE, title="Changed")},
            {"response_action": "push", "view": modal(TITLE, title="On top")},
        ]
        changed = (await slack.sends("U1", {"Title": "x"}))["view"]
        pushed = (await slack.sends("U1", {"Title": "x"}))["view"]
        below = (await slack.sends("U1", {"Title": "x"}))["view"]
        bot.answers.append({"response_action": "clear"})
        cleared = (await slack.sends("U1", {"Title": "x"}))["view"]

    assert (key, "Changed") == (changed["id"], changed["title"]["text"])
    assert (key, "On top") == (pushed["previous_view_id"], pushed["title"]["text"])
    assert key == below["id"]
    assert cleared is None


async def test_a_form_belongs_to_whoever_asked_for_it_and_for_three_seconds() -> None:
    """A trigger opens one form, for one person, and not for long."""
    async with furnished() as slack, with_bot(slack) as bot, client_of(slack) as client:
        await opened(slack, bot)
        old = slack.workspace.new_trigger(-1, "U1")

        assert slack.modal("U2") is None
        assert "expired_trigger_id" == await refusal_of(client, "views.open", trigger_id=old, view=FORM)
        assert "invalid_trigger_id" == await refusal_of(client, "views.open", trigger_id="x", view=FORM)
        assert "invalid_arguments" == await refusal_of(
            client, "views.open", trigger_id=slack.workspace.new_trigger(3, "U1"), view=modal(title="x" * 25)
        )


async def test_a_stale_hash_is_a_conflict_and_a_closed_form_is_gone() -> None:
    """Who changes an older version is told; who changes a form that was closed finds none."""
    async with furnished() as slack, with_bot(slack) as bot, client_of(slack) as client:
        key = await opened(slack, bot)
        old = slack.workspace.views[key]["hash"]
        await client.views_update(view_id=key, hash=old, view=modal(TITLE, title="Changed"))

        stale = await refusal_of(client, "views.update", view_id=key, hash=old, view=FORM)
        await slack.closes("U1")
        gone = await refusal_of(client, "views.update", view_id=key, view=FORM)

    assert ("hash_conflict", "not_found") == (stale, gone)


async def test_three_forms_lie_on_each_other_and_no_more() -> None:
    """views.push works within a form, up to the third."""
    async with furnished() as slack, with_bot(slack) as bot, client_of(slack) as client:
        await opened(slack, bot, modal(TITLE, actions(button("more", "More"))))
        for _ in range(2):
            await slack.press_in_modal("U1", "More")
            await client.views_push(
                trigger_id=bot.heard[-1]["trigger_id"], view=modal(TITLE, actions(button("more", "More")))
            )
        await slack.press_in_modal("U1", "more")

        refused = await refusal_of(client, "views.push", trigger_id=bot.heard[-1]["trigger_id"], view=FORM)

    assert "push_limit_reached" == refused
    assert {"type": "view", "view_id": bot.heard[-1]["view"]["id"]} == bot.heard[-1]["container"]
    assert "response_url" not in bot.heard[-1]


async def test_a_file_goes_with_a_form() -> None:
    """What somebody attaches comes as Slack's file object."""
    async with furnished() as slack, with_bot(slack) as bot:
        said = await slack.uploads("U1", "U1", "log.txt", "boom")
        await opened(slack, bot)

        await slack.sends("U1", {"Title": "x", "Files": [said["files"][0]["id"]]})

    files = bot.heard[-1]["view"]["state"]["values"]["files"]["t"]["files"]
    assert [("log.txt", 4, "text/plain")] == [(item["name"], item["size"], item["mimetype"]) for item in files]


async def test_a_home_page_is_searched_and_pressed() -> None:
    """Opening it tells the bot; Enter in its field and a press bring the view, and no channel."""
    search = asked("Search", {"type": "plain_text_input", "action_id": "query"}, dispatch_action=True)
    page = {"type": "home", "blocks": [search, actions(button("page", "Next", value="1"))]}
    async with furnished() as slack, with_bot(slack) as bot, client_of(slack) as client:
        await slack.opens_home("U1")
        first = bot.events()[0]
        published = await client.views_publish(user_id="U1", view=page)
        await slack.searches_home("U1", "laptop")
        searched = bot.heard[-1]
        await slack.press_home("U1", "Next")
        pressed = bot.heard[-1]
        await slack.opens_home("U1")
        again = await client.views_publish(user_id="U1", view=page)

    assert ("app_home_opened", "home", False) == (first["type"], first["tab"], "view" in first)
    assert "laptop" == searched["actions"][0]["value"]
    assert "laptop" == searched["view"]["state"]["values"]["search"]["query"]["value"]
    assert ("page", "1") == (pressed["actions"][0]["action_id"], pressed["actions"][0]["value"])
    assert "channel" not in pressed
    assert published["view"]["id"] == bot.events()[-1]["view"]["id"] == again["view"]["id"]


async def test_opening_the_chat_is_told_too() -> None:
    """The messages tab is what an agent's first contact begins with."""
    async with furnished() as slack, with_bot(slack) as bot:
        await slack.opens_messages("U1")

    assert [("messages", slack.open_direct("U1"))] == [(event["tab"], event["channel"]) for event in bot.events()]


def test_payloads_are_json() -> None:
    """What the verbs return travels to tests in other processes."""

    assert FORM == json.loads(json.dumps(FORM))
