"""Streamed messages: begun in a thread, appended to, and ended.

A stream dies after five minutes even while it is appended to; the bot then has to go on with chat.update. A channel
needs to be told for whom the stream is. While a message is being streamed it says `streaming_state: in_progress`.
"""

import time

from tests.fakes import slack_chat as chat
from tests.fakes.faults import JsonObject
from tests.fakes.slack_limits import MAX_MARKDOWN
from tests.fakes.slack_state import RefusalError, Workspace


def _words(arguments: JsonObject) -> str:
    chunks = arguments.get("chunks") or []
    streamed = "".join(chunk.get("text", "") for chunk in chunks if chunk.get("type") == "markdown_text")
    words = str(arguments.get("markdown_text") or "") + streamed
    if len(words) > MAX_MARKDOWN:
        raise RefusalError("msg_too_long")
    return words


def _streaming(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    channel = workspace.writable(str(arguments.get("channel", "")))
    message = workspace.message(channel.id, str(arguments.get("ts", "")))
    if message.get("bot_id") != workspace.bot:
        raise RefusalError("message_not_owned_by_app")
    until = workspace.streams.get(message["ts"])
    if until is None or until <= time.monotonic():
        workspace.streams.pop(message["ts"], None)
        message["streaming_state"] = "completed"
        raise RefusalError("message_not_in_streaming_state")
    return message


def start(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """chat.startStream."""
    channel = workspace.writable(str(arguments.get("channel", "")))
    thread = str(arguments.get("thread_ts", ""))
    if thread not in workspace.messages.get(channel.id, {}):
        raise RefusalError("invalid_thread_ts")
    for name in ("recipient_user_id", "recipient_team_id"):
        if not channel.is_im and not arguments.get(name):
            raise RefusalError(f"missing_{name}")
    said = {**workspace.author, "text": _words(arguments), "streaming_state": "in_progress"}
    message = workspace.add(channel.id, said, thread=thread)
    chat.end_status(workspace, channel.id, message)
    workspace.streams[message["ts"]] = time.monotonic() + workspace.stream_seconds
    return {"channel": channel.id, "ts": message["ts"]}


def append(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """chat.appendStream."""
    message = _streaming(workspace, arguments)
    message["text"] += _words(arguments)
    return {"channel": arguments["channel"], "ts": message["ts"]}


def stop(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """chat.stopStream."""
    message = _streaming(workspace, arguments)
    message["text"] += _words(arguments)
    message["streaming_state"] = "completed"
    del workspace.streams[message["ts"]]
    if blocks := arguments.get("blocks"):
        chat.check_content({"text": "", "blocks": blocks})
        message["blocks"] = blocks
    if metadata := arguments.get("metadata"):
        chat.check_metadata(metadata)
        message["metadata"] = metadata
    if session := arguments.get("session_status"):
        workspace.thread_state(str(arguments["channel"]), message["thread_ts"])["session"] = session
    return {"channel": arguments["channel"], "ts": message["ts"], "message": dict(message)}
