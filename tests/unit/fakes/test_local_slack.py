"""The local Slack answers Slack's own client and brings events as Slack does.

If this server is more lenient than Slack, every journey that uses it proves too little. So each promise that the
journeys lean on is tried here through the real `slack_sdk` client and the real signature verifier.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.faults import drop_after_commit, http_error, rate_limited, refused, reset
from tests.fakes.listener import listening
from tests.fakes.separate import separately
from tests.fakes.slack import BOT_USER, SIGNING_SECRET, TOKEN, LocalSlack

BUTTONS: list[dict[str, Any]] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "Wipe it?"}},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "approve", "text": {"type": "plain_text", "text": "Yes"}, "value": "7"}
        ],
    },
]


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    async with LocalSlack() as server:
        server.add_user("U1", name="Maria Chen", email="maria@example.com")
        server.add_user("U2", name="Guest", email="guest@other.example", is_restricted=True)
        server.add_channel("C1", name="it-help", members=["U1", "U2"])
        yield server


@pytest.fixture
async def client(slack: LocalSlack) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(token=TOKEN, base_url=slack.api_url, session=session, retry_handlers=[])


async def error_of(client: AsyncWebClient, method: str, **arguments: object) -> str:
    """Give the error with which Slack refuses a call."""
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, json=arguments)
    return str(caught.value.response["error"])


async def test_a_reply_lands_in_its_thread_with_its_metadata(slack: LocalSlack, client: AsyncWebClient) -> None:
    """What was posted can be found again by its metadata, which is how an ambiguous post is reconciled."""
    parent = await client.chat_postMessage(channel="C1", text="IT-1042")
    metadata = {"event_type": "note", "event_payload": {"note_id": "n1"}}

    await client.chat_postMessage(channel="C1", text="On it", thread_ts=parent["ts"], metadata=metadata)

    found = await client.conversations_replies(channel="C1", ts=parent["ts"], include_all_metadata=True)
    plain = await client.conversations_replies(channel="C1", ts=parent["ts"])
    assert [message["text"] for message in found["messages"]] == ["IT-1042", "On it"]
    assert metadata == found["messages"][1]["metadata"]
    assert "metadata" not in plain["messages"][1]


async def test_a_reply_to_a_deleted_parent_lands_at_the_root(slack: LocalSlack, client: AsyncWebClient) -> None:
    """Slack says ok and posts where everybody looks: the caller has to compare thread_ts."""
    parent = await client.chat_postMessage(channel="C1", text="IT-1042")
    await client.chat_delete(channel="C1", ts=parent["ts"])

    posted = await client.chat_postMessage(channel="C1", text="private!", thread_ts=parent["ts"])

    assert posted["ok"]
    assert "thread_ts" not in posted["message"]


async def test_refusals_have_slacks_names(slack: LocalSlack, client: AsyncWebClient) -> None:
    """Each thing that Slack refuses is refused by the same name."""
    slack.add_channel("C2", bot=False)
    slack.add_channel("C3", private=True, bot=False)
    slack.add_channel("C4")
    slack.set_channel("C4", is_archived=True)
    many: list[dict[str, Any]] = [{"type": "divider"}] * 51
    stranger = AsyncWebClient(token="xoxb-wrong", base_url=slack.api_url)

    assert await error_of(client, "chat.postMessage", channel="C2", text="x") == "not_in_channel"
    assert await error_of(client, "chat.postMessage", channel="C3", text="x") == "channel_not_found"
    assert await error_of(client, "chat.postMessage", channel="C4", text="x") == "is_archived"
    assert await error_of(client, "chat.postMessage", channel="C1", blocks=many) == "invalid_blocks"
    assert await error_of(client, "chat.postMessage", channel="C1", markdown_text="x" * 12_001) == "msg_too_long"
    assert await error_of(client, "conversations.replies", channel="C1", ts="1.0") == "thread_not_found"
    assert await error_of(client, "chat.nonsense") == "unknown_method"
    assert await error_of(stranger, "auth.test") == "invalid_auth"


async def test_members_come_in_pages(slack: LocalSlack, client: AsyncWebClient) -> None:
    """Who reads the first page only does not know the audience."""
    slack.workspace.page_size = 2

    first = await client.conversations_members(channel="C1")
    second = await client.conversations_members(channel="C1", cursor=first["response_metadata"]["next_cursor"])

    assert first["members"] == ["U1", "U2"]
    assert second["members"] == [BOT_USER]


async def test_people_are_told_apart(slack: LocalSlack, client: AsyncWebClient) -> None:
    """A guest and a colleague differ in what users.info says."""
    maria = await client.users_lookupByEmail(email="maria@example.com")
    guest = await client.users_info(user="U2")

    assert (maria["user"]["id"], maria["user"]["profile"]["email"]) == ("U1", "maria@example.com")
    assert guest["user"]["is_restricted"]


async def test_faults_happen_in_order_and_a_dropped_post_is_kept(slack: LocalSlack, client: AsyncWebClient) -> None:
    """A lost answer and a broken connection look alike to the caller; only one of them left a post."""
    faults = [rate_limited(7), http_error(503), refused("fatal_error"), reset(), drop_after_commit()]
    slack.faults.inject("chat.postMessage", *faults)

    with pytest.raises(SlackApiError) as limited:
        await client.chat_postMessage(channel="C1", text="limited")
    with pytest.raises(SlackApiError) as unavailable:
        await client.chat_postMessage(channel="C1", text="unavailable")
    fatal = await error_of(client, "chat.postMessage", channel="C1", text="fatal")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C1", text="reset")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C1", text="dropped")

    assert limited.value.response.headers["Retry-After"] == "7"
    assert unavailable.value.response.status_code == 503
    assert fatal == "fatal_error"
    assert [post["text"] for post in slack.posts("C1")] == ["dropped"]
    assert len(slack.calls_to("chat.postMessage")) == 5


async def test_a_mention_arrives_twice_with_a_valid_signature(slack: LocalSlack) -> None:
    """The same message comes as `message` and as `app_mention`, with different event ids."""
    async with listening() as bot:
        slack.set_events_url(bot.url)

        said = await slack.says("U1", "C1", f"<@{BOT_USER}> my laptop is slow")

    sent = [json.loads(body) for body in bot.bodies]
    verifier = SignatureVerifier(SIGNING_SECRET)
    assert {"message", "app_mention"} == {envelope["event"]["type"] for envelope in sent}
    assert {said["ts"]} == {envelope["event"]["ts"] for envelope in sent}
    assert len({envelope["event_id"] for envelope in sent}) == 2
    assert all(map(verifier.is_valid_request, bot.bodies, bot.headers))


async def test_an_unacknowledged_event_comes_again(slack: LocalSlack) -> None:
    """A direct message that met two errors is sent a third time, with the retry's number and reason."""
    async with listening(500, 503) as bot:
        slack.set_events_url(bot.url)

        await slack.says("U1", "U1", "hello")

    assert [json.loads(body)["event"]["channel_type"] for body in bot.bodies] == ["im"] * 3
    assert [headers.get("X-Slack-Retry-Num") for headers in bot.headers] == [None, "1", "2"]
    assert bot.headers[1]["X-Slack-Retry-Reason"] == "http_error"
    assert [attempt.status for attempt in slack.attempts] == [500, 503, 202]


async def test_what_a_dead_bot_missed_comes_when_it_lives_again(slack: LocalSlack) -> None:
    """Four attempts fail while nobody listens; later the event comes once more, as a retry."""
    slack.set_events_url("http://127.0.0.1:9/slack/events")
    await slack.says("U1", "U1", "hello")
    async with listening() as bot:
        slack.set_events_url(bot.url)

        missed = await slack.redeliver_unacknowledged()

        assert await slack.redeliver_unacknowledged() == 0
    assert missed == 1
    assert bot.headers[0]["X-Slack-Retry-Num"] == "1"


async def test_the_bot_is_told_of_its_own_posts(slack: LocalSlack, client: AsyncWebClient) -> None:
    """A bot that does not know its own posts answers itself: Slack sends them, edits included."""
    async with listening() as bot:
        slack.set_events_url(bot.url)
        posted = await client.chat_postMessage(channel="C1", text="hello")
        await client.chat_update(channel="C1", ts=posted["ts"], text="hello again")

        await slack.until(lambda: len(slack.attempts) == 2)

    events = [json.loads(body)["event"] for body in bot.bodies]
    assert {None, "message_changed"} == {event.get("subtype") for event in events}
    assert BOT_USER in {event.get("user") for event in events}


async def test_a_stream_takes_text_until_it_ends(slack: LocalSlack, client: AsyncWebClient) -> None:
    """Text is appended in place; after its time the stream takes no more."""
    place = slack.open_direct("U1")
    said = {**slack.workspace.add(place, {"user": "U1", "text": "hello"}), "channel": place}
    started = await client.chat_startStream(channel=said["channel"], thread_ts=said["ts"], markdown_text="Let me ")
    where = {"channel": said["channel"], "ts": started["ts"]}

    await client.chat_appendStream(**where, markdown_text="look.")
    await client.chat_stopStream(**where)

    assert [post["text"] for post in slack.posts()] == ["Let me look."]
    assert await error_of(client, "chat.appendStream", **where, markdown_text="x") == "message_not_in_streaming_state"


async def test_a_pressed_button_carries_what_the_bot_needs(slack: LocalSlack, client: AsyncWebClient) -> None:
    """The interaction names user, message, value and trigger, and its response URL changes the message."""
    await client.chat_postMessage(channel="C1", text="Wipe it?", blocks=BUTTONS)
    async with listening() as bot, aiohttp.ClientSession() as http:
        slack.set_events_url(bot.url)

        await slack.press("U1", slack.posts("C1")[0], "approve")

        payload = json.loads(parse_qs(bot.bodies[0])["payload"][0])
        await http.post(payload["response_url"], json={"replace_original": True, "text": "Approved"})
    assert (payload["type"], payload["user"]["id"], payload["actions"][0]["value"]) == ("block_actions", "U1", "7")
    assert payload["container"]["message_ts"] == payload["message"]["ts"]
    assert [post["text"] for post in slack.posts("C1")] == ["Approved"]


async def test_a_form_opens_once_per_trigger(slack: LocalSlack, client: AsyncWebClient) -> None:
    """A slash command's trigger opens one form, which the user can then send."""
    view = {"type": "modal", "title": {"type": "plain_text", "text": "New"}, "blocks": [{"type": "divider"}]}
    async with listening() as bot:
        slack.set_events_url(bot.url)
        await slack.command("U1", "C1", "new")
        trigger = parse_qs(bot.bodies[0])["trigger_id"][0]

        opened = await client.views_open(trigger_id=trigger, view=view)

        await slack.submit("U1", opened["view"]["id"], {"what": {"text": {"type": "plain_text_input", "value": "x"}}})
    assert await error_of(client, "views.open", trigger_id=trigger, view=view) == "invalid_trigger_id"
    assert "view_submission" in parse_qs(bot.bodies[1])["payload"][0]


async def test_waiting_for_a_post_needs_no_sleep(slack: LocalSlack, client: AsyncWebClient) -> None:
    """Whoever waits for a post is woken by it."""
    waiting = asyncio.create_task(slack.until(lambda: slack.posts("C1")))

    await client.chat_postMessage(channel="C1", text="done")

    assert [post["text"] for post in await waiting] == ["done"]


async def test_it_runs_as_a_process_of_its_own() -> None:
    """Another process sets it up, lets somebody speak, and sees what was posted."""
    async with listening() as bot, separately("tests.fakes.slack", "--events-url", bot.url) as remote:
        await remote.do("add_user", id="U1", name="Maria Chen", email="maria@example.com")
        await remote.do("inject", method="chat.postMessage", faults=[{"kind": "drop"}])
        client = AsyncWebClient(token=TOKEN, base_url=f"{remote.url}/api/", retry_handlers=[])

        said = await remote.do("says", user="U1", channel="U1", text="hello")
        with pytest.raises(aiohttp.ClientError):
            await client.chat_postMessage(channel=said["channel"], text="hi", thread_ts=said["ts"])

        posts = await remote.do("posts")
        assert [post["text"] for post in posts] == ["hi"]
        assert "hello" in bot.bodies[0]
