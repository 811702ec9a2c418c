"""What the tests of the local Slack start from: Maria and Sam, a public and a private channel, a client, a bot that says yes."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import TOKEN, LocalSlack


@dataclass
class Bot:
    """Keeps what Slack brings to it, decoded, and answers what it is told to (200 and nothing, unless told)."""

    heard: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        """Take one delivery."""
        if request.content_type == "application/json":
            self.heard.append(await request.json())
            return web.Response()
        form = dict(await request.post())
        self.heard.append(_payload(form))
        return web.json_response(self.answers.pop(0)) if self.answers else web.Response()

    def events(self) -> list[dict[str, Any]]:
        """Give the events that were heard."""
        return [body["event"] for body in self.heard if body.get("type") == "event_callback"]


def _payload(form: dict[str, Any]) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(form["payload"]) if "payload" in form else form
    return payload


@asynccontextmanager
async def furnished(**options: Any) -> AsyncIterator[LocalSlack]:  # noqa: ANN401 -- those of LocalSlack
    """Run a local Slack with Maria and Sam in C1 and, with Sam only, in the private C2."""
    async with LocalSlack(**options) as slack:
        slack.add_user("U1", name="Maria Chen", email="maria@example.com")
        slack.add_user("U2", name="Sam Okafor", email="sam@example.com")
        slack.add_channel("C1", name="it-help", members=["U1", "U2"])
        slack.add_channel("C2", name="it-private", private=True, members=["U2"])
        yield slack


@asynccontextmanager
async def with_bot(slack: LocalSlack) -> AsyncIterator[Bot]:
    """Let a bot listen to a local Slack."""
    bot = Bot()
    application = web.Application()
    application.add_routes([web.post("/slack/events", bot.handle)])
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.set_events_url(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
        yield bot
    finally:
        slack.delivery.url = None
        await runner.cleanup()


@asynccontextmanager
async def client_of(slack: LocalSlack, token: str = TOKEN) -> AsyncIterator[AsyncWebClient]:
    """Give Slack's own client, which repeats nothing."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(token=token, base_url=slack.api_url, session=session, retry_handlers=[])


async def refusal_of(client: AsyncWebClient, method: str, **arguments: object) -> str:
    """Give the error with which Slack refuses a call."""
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, json=arguments)
    return str(caught.value.response["error"])


def modal(*blocks: dict[str, Any], title: str = "New request", **more: object) -> dict[str, Any]:
    """Give a form with these blocks."""
    words = {"title": plain(title), "submit": plain("Send")}
    return {"type": "modal", "callback_id": "new", **words, "blocks": list(blocks), **more}


def plain(text: str) -> dict[str, Any]:
    """Give a plain text object."""
    return {"type": "plain_text", "text": text}


def asked(label: str, element: dict[str, Any], **more: object) -> dict[str, Any]:
    """Give a field of a form; its block id is the label in lower case."""
    return {"type": "input", "block_id": label.lower(), "label": plain(label), "element": element, **more}


def button(action_id: str, label: str = "Press", **more: object) -> dict[str, Any]:
    """Give a button."""
    return {"type": "button", "action_id": action_id, "text": plain(label), **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    """Give a block of buttons."""
    return {"type": "actions", "elements": list(elements)}
