"""The local Slack is real enough for Bolt: events, buttons, response URLs and forms go round through the framework."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_bolt.context.say.async_say import AsyncSay
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import BOT_USER, SIGNING_SECRET, TOKEN, LocalSlack

FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "new",
    "title": {"type": "plain_text", "text": "New"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "what",
            "label": {"type": "plain_text", "text": "What?"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        }
    ],
}
BLOCKS: list[dict[str, Any]] = [
    {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "take", "text": {"type": "plain_text", "text": "Take over"}}],
    }
]


@dataclass
class Heard:
    """What the Bolt app was told."""

    mentions: list[str] = field(default_factory=list)
    submitted: list[dict[str, Any]] = field(default_factory=list)


def bolt_app(slack: LocalSlack, heard: Heard) -> AsyncApp:
    """Build a small bot with Bolt."""
    client = AsyncWebClient(token=TOKEN, base_url=slack.api_url)
    app = AsyncApp(signing_secret=SIGNING_SECRET, client=client)

    async def on_message(event: dict[str, Any], say: AsyncSay) -> None:
        await say(text="I'm on it.", blocks=BLOCKS, thread_ts=event["ts"])

    async def on_mention(event: dict[str, Any]) -> None:
        heard.mentions.append(event["text"])

    async def on_take(ack: AsyncAck, respond: AsyncRespond, body: dict[str, Any]) -> None:
        await ack()
        await respond(text=f"Taken by {body['user']['name']}", replace_original=True)

    async def on_command(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack("One moment")
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    async def on_form(ack: AsyncAck, view: dict[str, Any]) -> None:
        heard.submitted.append(view["state"]["values"])
        await ack()

    app.event("message")(on_message)
    app.event("app_mention")(on_mention)
    app.action("take")(on_take)
    app.command("/atom")(on_command)
    app.view("new")(on_form)
    return app


@pytest.fixture
async def heard() -> Heard:
    return Heard()


@pytest.fixture
async def slack(heard: Heard) -> AsyncIterator[LocalSlack]:
    async with LocalSlack() as server:
        server.add_user("U1", name="Maria Chen", email="maria@example.com")
        server.add_channel("C1", name="it-help", members=["U1"])
        runner = web.AppRunner(bolt_app(server, heard).server(path="/slack/events").web_app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.set_events_url(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
        try:
            yield server
        finally:
            await runner.cleanup()


async def test_a_mention_is_heard_and_answered_in_its_thread(slack: LocalSlack, heard: Heard) -> None:
    """Bolt accepts both events of a mention at the first attempt, and its answer is in the thread."""
    said = await slack.says("U1", "C1", f"<@{BOT_USER}> my laptop is slow")

    posts = await slack.wait_for_posts()

    assert [said["ts"]] == [post["thread_ts"] for post in posts]
    assert heard.mentions == [f"<@{BOT_USER}> my laptop is slow"]
    assert [attempt.status for attempt in slack.attempts] == [200, 200]


async def test_a_button_changes_its_message_through_the_response_url(slack: LocalSlack) -> None:
    """Bolt finds the action, and `respond` replaces the message that carried it."""
    await slack.says("U1", "U1", "my laptop is slow")
    post = (await slack.wait_for_posts())[0]

    answered = await slack.press("U1", post, "take")

    await slack.wait_for_posts(containing="Taken by maria.chen")
    assert answered["status"] == 200
    assert [post["ts"]] == [response["ts"] for response in slack.responses]


async def test_a_command_opens_a_form_that_can_be_sent(slack: LocalSlack, heard: Heard) -> None:
    """The trigger of the command is good for one form, and the form's values reach the bot."""
    answered = await slack.command("U1", "C1", "new")
    view = await slack.until(lambda: next(iter(slack.workspace.views.values()), None))

    values = {"what": {"text": {"type": "plain_text_input", "value": "a new laptop"}}}
    await asyncio.wait_for(slack.submit("U1", view["id"], values), 5)

    assert answered["body"] == "One moment"
    assert heard.submitted == [values]
