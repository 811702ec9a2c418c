"""An agent's status, session, stop button and streams, as Slack's pages on agents describe them."""

from tests.fakes.slack import LocalSlack
from tests.unit.fakes.local_slack_rooms import client_of, furnished, refusal_of, with_bot


def asked_in(slack: LocalSlack) -> tuple[str, str]:
    """Let Maria write to the bot, which is not told of it; the channel and the thread."""
    channel = slack.open_direct("U1")
    said = slack.workspace.add(channel, {"user": "U1", "text": "hello"})
    return channel, said["ts"]


async def test_a_status_ends_with_a_post() -> None:
    """The app need not take it away once it has answered in that thread; elsewhere it stays."""
    async with furnished() as slack, client_of(slack) as client:
        channel, thread = asked_in(slack)
        _, other = asked_in(slack)
        for ts in (thread, other):
            await client.assistant_threads_setStatus(channel_id=channel, thread_ts=ts, status="is thinking…")
        await client.chat_postMessage(channel=channel, thread_ts=thread, text="Here.")

    assert "" == slack.thread_shown(channel, thread)["status"]
    assert "is thinking…" == slack.thread_shown(channel, other)["status"]


async def test_a_title_and_prompts_are_shown() -> None:
    """A title is a direct chat's; at most four prompts, each with a title and a message."""
    async with furnished() as slack, client_of(slack) as client:
        channel, thread = asked_in(slack)
        where = {"channel_id": channel, "thread_ts": thread}
        prompts = [{"title": f"Ask {number}", "message": "How?"} for number in range(5)]

        await client.assistant_threads_setTitle(**where, title="Slow laptop")
        await client.assistant_threads_setSuggestedPrompts(**where, prompts=prompts[:4])
        many = await refusal_of(client, "assistant.threads.setSuggestedPrompts", **where, prompts=prompts)
        nowhere = await refusal_of(client, "assistant.threads.setTitle", channel_id=channel, thread_ts="1.0", title="x")

    assert ("Slow laptop", 4) == (
        slack.thread_shown(channel, thread)["title"],
        len(slack.thread_shown(channel, thread)["prompts"]),
    )
    assert ("invalid_arguments", "invalid_thread_ts") == (many, nowhere)


async def test_a_session_is_stopped_by_a_person_and_ended_by_the_app() -> None:
    """The button is there while the session works; Slack ends the streams, and the status is the app's to change."""
    async with furnished() as slack, with_bot(slack) as bot, client_of(slack) as client:
        channel, thread = asked_in(slack)
        where = {"channel_id": channel, "thread_ts": thread}
        await client.agents_sessions_setStatus(**where, status="processing", title="Slow laptop")
        started = await client.chat_startStream(channel=channel, thread_ts=thread, markdown_text="Let me ")

        await slack.stops("U1", "U1", thread)

        after = await refusal_of(client, "chat.appendStream", channel=channel, ts=started["ts"], markdown_text="x")
        still = slack.thread_shown(channel, thread)["session"]
        await client.agents_sessions_setStatus(**where, status="active")
        wrong = await refusal_of(client, "agents.sessions.setStatus", **where, status="busy")

    assert [("U1", channel, thread, [started["ts"]])] == [
        (event["user"], event["channel"], event["thread_ts"], event["streaming_message_ts"])
        for event in bot.events()
        if event["type"] == "agent_session_stopped"
    ]
    assert ("message_not_in_streaming_state", "processing", "invalid_arguments") == (after, still, wrong)
    assert "active" == slack.thread_shown(channel, thread)["session"]


async def test_a_stream_dies_of_age_and_is_completed_by_a_change() -> None:
    """After about five minutes it takes no more, even while it is appended to; chat.update still works on its message."""
    async with furnished() as slack, client_of(slack) as client:
        slack.set_limits(stream_seconds=0)
        channel, thread = asked_in(slack)
        started = await client.chat_startStream(channel=channel, thread_ts=thread, markdown_text="Let me ")
        where = {"channel": channel, "ts": started["ts"]}

        dead = [
            await refusal_of(client, f"chat.{verb}Stream", **where, markdown_text="x") for verb in ("append", "stop")
        ]
        await client.chat_update(**where, text="Let me look.")

    assert ["message_not_in_streaming_state"] * 2 == dead
    assert ["Let me look."] == [post["text"] for post in slack.posts(channel)]


async def test_a_stream_is_its_own_apps() -> None:
    """Another team's bot, or a message that is nobody's stream, is refused; a channel needs to know for whom it is."""
    async with furnished() as slack, client_of(slack) as client:
        channel, thread = asked_in(slack)
        root = slack.workspace.add("C1", {"user": "U1", "text": "x"})["ts"]

        not_ours = await refusal_of(client, "chat.appendStream", channel=channel, ts=thread, markdown_text="x")
        for_whom = await refusal_of(client, "chat.startStream", channel="C1", thread_ts=root)
        no_thread = await refusal_of(client, "chat.startStream", channel=channel, thread_ts="1.0")
        started = await client.chat_startStream(channel=channel, thread_ts=thread, markdown_text="One")
        await client.chat_stopStream(channel=channel, ts=started["ts"], session_status="active")

    assert ("message_not_owned_by_app", "missing_recipient_user_id", "invalid_thread_ts") == (
        not_ours,
        for_whom,
        no_thread,
    )
    assert "active" == slack.thread_shown(channel, thread)["session"]
