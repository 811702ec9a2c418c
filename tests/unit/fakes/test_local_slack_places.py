"""Comings and goings, files, repeated events, response URLs and what only one person sees, as Slack's pages describe them."""

import asyncio
from typing import Any

import aiohttp

from tests.fakes.faults import drop_after_commit
from tests.fakes.slack import BOT_USER, TOKEN, LocalSlack
from tests.unit.fakes.local_slack_rooms import Bot, actions, button, client_of, furnished, refusal_of, with_bot

FEEDBACK = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "feedback",
            "positive_button": {"text": {"type": "plain_text", "text": "Good"}, "value": "good"},
            "negative_button": {"text": {"type": "plain_text", "text": "Bad"}, "value": "bad"},
        }
    ],
}


async def posted(url: str, times: int = 1, **said: object) -> list[tuple[int, str]]:
    """Post to a response URL; the status and the text of each answer."""
    answers = []
    async with aiohttp.ClientSession() as http:
        for _ in range(times):
            async with http.post(url, json=said) as answer:
                answers.append((answer.status, await answer.text()))
    return answers


async def commanded(slack: LocalSlack, bot: Bot, channel: str = "C1") -> str:
    """Let Maria type a command; its response URL."""
    await slack.command("U1", channel, "mine")
    url: str = bot.heard[-1]["response_url"]
    return url


async def test_who_comes_and_goes_is_told() -> None:
    """In channels where the bot is; of its own removal it is told by another event."""
    async with furnished() as slack, with_bot(slack) as bot:
        await slack.joins("U1", "C2", inviter="U2")
        await slack.joins("U1", "C2")
        await slack.leaves("U1", "C2")
        await slack.leaves(BOT_USER, "C2", actor="U2")
        await slack.joins("U1", "C2")
        await slack.joins(BOT_USER, "C2", inviter="U2")
        await slack.leaves(BOT_USER, "C1", actor="U2")

        events = [(event["type"], event["channel"], event.get("user")) for event in bot.events()]

    assert [
        ("member_joined_channel", "C2", "U1"),
        ("member_left_channel", "C2", "U1"),
        ("group_left", "C2", None),
        ("member_joined_channel", "C2", BOT_USER),
        ("channel_left", "C1", None),
    ] == events


async def test_what_becomes_of_a_channel_is_told() -> None:
    """Archived, back again, shared with another organisation; an archived one takes no posts and cannot be joined."""
    async with furnished() as slack, with_bot(slack) as bot, client_of(slack) as client:
        slack.add_channel("C3", bot=False)
        await slack.archives("U2", "C2")
        refused = await refusal_of(client, "chat.postMessage", channel="C2", text="x")
        await slack.archives("U2", "C2", now=False)
        await slack.shares("C1", "T0OTHER")
        await slack.archives("U2", "C3")
        closed = await refusal_of(client, "conversations.join", channel="C3")
        shared = await client.conversations_info(channel="C1")

        events = [event["type"] for event in bot.events()]

    assert ["group_archive", "group_unarchive", "channel_shared"] == events
    assert ("is_archived", "is_archived", True) == (refused, closed, shared["channel"]["is_ext_shared"])


async def test_the_bot_joins_leaves_and_knows_where_it_is() -> None:
    """A public channel can be joined; users.conversations lists where the bot is, by kind."""
    async with furnished() as slack, client_of(slack) as client:
        slack.add_channel("C3", bot=False)
        outside = await refusal_of(client, "chat.postMessage", channel="C3", text="x")
        await client.conversations_join(channel="C3")
        public = await client.users_conversations()
        private = await client.users_conversations(types="private_channel")
        await client.conversations_leave(channel="C3")
        left = await client.users_conversations()

    def ids(answer: Any) -> list[str]:  # noqa: ANN401 -- the SDK's answers are untyped
        return [channel["id"] for channel in answer["channels"]]

    assert "not_in_channel" == outside
    assert (["C1", "C3"], ["C2"], ["C1"]) == (ids(public), ids(private), ids(left))


async def test_a_change_of_somebody_is_told() -> None:
    """Who becomes a guest is shown as one, and Slack says so."""
    async with furnished() as slack, with_bot(slack) as bot:
        await slack.changes("U1", is_restricted=True)

    assert [("user_change", True)] == [(event["type"], event["user"]["is_restricted"]) for event in bot.events()]


async def test_a_file_is_fetched_with_the_teams_token_only() -> None:
    """Anybody else is sent to the page where people sign in."""
    async with furnished() as slack, with_bot(slack) as bot, client_of(slack) as client:
        other = slack.add_team("T0TWO")
        said = await slack.uploads("U1", "C1", "log.txt", "boom", text="see this")
        file = (await client.files_info(file=said["files"][0]["id"]))["file"]
        got = []
        async with aiohttp.ClientSession() as http:
            for token in (TOKEN, other, ""):
                headers = {"Authorization": f"Bearer {token}"}
                async with http.get(file["url_private"], headers=headers, allow_redirects=False) as answer:
                    got.append((answer.status, await answer.text()))

    message = next(event for event in bot.events() if event["type"] == "message")
    assert ("file_share", "see this", "log.txt") == (message["subtype"], message["text"], message["files"][0]["name"])
    assert [(200, "boom"), (302, ""), (302, "")] == got
    assert [True, False, False] == [download["allowed"] for download in slack.downloads]


async def test_the_same_event_comes_under_other_ids() -> None:
    """Slack has been seen to do that; only the message's own timestamp tells that it is the same."""
    async with furnished() as slack, with_bot(slack) as bot:
        said = await slack.says("U1", "U1", "hello")
        await slack.repeats(bot.heard[0]["event_id"], 10)

    assert 11 == len({body["event_id"] for body in bot.heard})
    assert {said["ts"]} == {event["ts"] for event in bot.events()}


async def test_a_response_url_is_good_for_five_answers() -> None:
    """What is posted there is seen by whoever typed the command, and by nobody else."""
    async with furnished() as slack, with_bot(slack) as bot:
        url = await commanded(slack, bot)

        answers = await posted(url, 6, text="Two requests.")

    assert [200] * 5 + [404] == [status for status, _ in answers]
    assert (5, 0) == (len(slack.asides("U1", "Two requests.")), len(slack.asides("U2")))
    assert [] == slack.posts()


async def test_a_response_url_expires() -> None:
    """After thirty minutes, here at once."""
    async with furnished() as slack, with_bot(slack) as bot:
        slack.set_limits(response_url_seconds=-1)

        answers = await posted(await commanded(slack, bot), text="late")

    assert [(404, "expired_url")] == answers


async def test_an_answer_can_be_for_everybody_or_lost() -> None:
    """`in_channel` is a post; an answer that was lost was shown all the same."""
    async with furnished() as slack, with_bot(slack) as bot:
        slack.faults.inject("response_url", drop_after_commit())
        url = await commanded(slack, bot)
        async with aiohttp.ClientSession() as http:
            lost = await asyncio.gather(http.post(url, json={"text": "aside"}), return_exceptions=True)

        await posted(url, text="for all", response_type="in_channel")

    assert isinstance(lost[0], aiohttp.ClientError)
    assert ["aside"] == [item["text"] for item in slack.asides("U1")]
    assert ["for all"] == [post["text"] for post in slack.posts("C1")]


async def test_a_button_that_one_person_sees_is_pressed_by_that_person() -> None:
    """It comes without the message, since Slack does not keep it; the answer replaces it."""
    async with furnished() as slack, with_bot(slack) as bot, client_of(slack) as client:
        blocks = [actions(button("open", "Open"))]
        await client.chat_postEphemeral(channel="C1", user="U1", text="Open a request?", blocks=blocks)
        shown = slack.asides("U1")[0]
        await slack.press("U1", shown, "Open")
        pressed = bot.heard[-1]
        await posted(pressed["response_url"], text="Done", replace_original=True)
        nobody = await refusal_of(client, "chat.postEphemeral", channel="C2", user="U1", text="x")

    assert (True, False) == (pressed["container"]["is_ephemeral"], "message" in pressed)
    assert ["Done"] == [item["text"] for item in slack.asides("U1")]
    assert "user_not_in_channel" == nobody


async def test_feedback_is_one_element_with_two_buttons() -> None:
    """Which of them was pressed is the value."""
    async with furnished() as slack, with_bot(slack) as bot, client_of(slack) as client:
        await client.chat_postMessage(channel="C1", text="Here.", blocks=[FEEDBACK])
        post = slack.posts("C1")[0]
        await slack.press("U1", post, "feedback", "bad")
        await slack.press("U1", post, "Good")

    pressed = [body["actions"][0] for body in bot.heard if body.get("type") == "block_actions"]
    assert [("feedback_buttons", "bad"), ("feedback_buttons", "good")] == [
        (action["type"], action["value"]) for action in pressed
    ]
