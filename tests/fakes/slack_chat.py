"""The Web API methods that write: posts, changes, deletions, reactions, statuses and views.

Each is a function from a workspace and decoded arguments to Slack's answer without `ok`; a Refusal is Slack's no.
The limits are the published ones where Slack publishes them; `msg_blocks_too_long` is what callers have observed. A
post's text is cut at 40,000 characters; a change of more than 4,000 bytes is refused.
"""

from tests.fakes.faults import JsonObject
from tests.fakes.slack_limits import MAX_BLOCKS, MAX_MARKDOWN, problems, texts
from tests.fakes.slack_state import RefusalError, Workspace

MAX_TEXT = 40_000
MAX_CHANGED_TEXT = 4_000
MAX_BLOCKS_TEXT = 13_200
KEPT = ("text", "blocks", "attachments", "metadata")


def check_content(arguments: JsonObject, *, longest: int | None = None) -> None:
    """Refuse what Slack refuses: nothing to say, or more than fits; `longest` is in bytes of `text`."""
    text, blocks = str(arguments.get("text") or ""), arguments.get("blocks") or []
    markdown = str(arguments.get("markdown_text") or "")
    error = ""
    if not (text or blocks or markdown or arguments.get("attachments")):
        error = "no_text"
    elif markdown and (text or blocks):
        error = "markdown_text_conflict"
    elif len(markdown) > MAX_MARKDOWN or (longest is not None and len(text.encode()) > longest):
        error = "msg_too_long"
    elif sum(map(len, texts(blocks))) > MAX_BLOCKS_TEXT:
        error = "msg_blocks_too_long"
    if error:
        raise RefusalError(error)
    if wrong := problems(blocks, most=MAX_BLOCKS):
        raise RefusalError("invalid_blocks", response_metadata={"messages": wrong})
    if metadata := arguments.get("metadata"):
        check_metadata(metadata)


def check_metadata(metadata: object) -> None:
    """Refuse metadata without a type or with a payload that is no object."""
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise RefusalError("invalid_metadata_format")
    if not metadata.get("event_type"):
        raise RefusalError("invalid_metadata_schema")


def _content(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    kept = {key: arguments[key] for key in KEPT if arguments.get(key)}
    kept["text"] = str(arguments.get("text") or arguments.get("markdown_text") or "")[:MAX_TEXT]
    for block in kept.get("blocks", []):
        block.setdefault("block_id", f"b{next(workspace.numbers)}")
    return kept


def without_metadata(message: JsonObject) -> JsonObject:
    """Give a message as Slack shows it to who did not ask for its metadata."""
    return {key: value for key, value in message.items() if key != "metadata"}


def post_message(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """chat.postMessage."""
    channel = workspace.writable(str(arguments.get("channel", "")))
    check_content(arguments)
    thread = arguments.get("thread_ts")
    message = workspace.add(channel.id, {**workspace.author, **_content(workspace, arguments)}, thread=thread)
    end_status(workspace, channel.id, message)
    return {"channel": channel.id, "ts": message["ts"], "message": dict(message)}


def end_status(workspace: Workspace, channel: str, message: JsonObject) -> None:
    """End the status of a thread: Slack takes it away as soon as the app has posted there."""
    if (state := workspace.threads.get((channel, str(message.get("thread_ts", ""))))) is not None:
        state["status"] = ""


def update(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """chat.update."""
    channel = workspace.writable(str(arguments.get("channel", "")))
    message = workspace.message(channel.id, str(arguments.get("ts", "")))
    if message.get("bot_id") != workspace.bot:
        raise RefusalError("cant_update_message")
    check_content(arguments, longest=MAX_CHANGED_TEXT)
    if arguments.get("blocks") is None and arguments.get("text"):
        message.pop("blocks", None)
    message.update(_content(workspace, arguments))
    message["edited"] = {"user": workspace.bot_user, "ts": workspace.next_ts()}
    return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": dict(message)}


def delete(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """chat.delete."""
    channel = workspace.writable(str(arguments.get("channel", "")))
    message = workspace.message(channel.id, str(arguments.get("ts", "")))
    if message.get("bot_id") != workspace.bot:
        raise RefusalError("cant_delete_message")
    del workspace.messages[channel.id][message["ts"]]
    return {"channel": channel.id, "ts": message["ts"]}


def post_ephemeral(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """chat.postEphemeral."""
    channel = workspace.writable(str(arguments.get("channel", "")))
    if arguments.get("user") not in channel.members:
        raise RefusalError("user_not_in_channel")
    check_content(arguments)
    shown = {"channel": channel.id, "user": arguments["user"], "ts": workspace.next_ts(), "is_ephemeral": True}
    shown["thread_ts"] = arguments.get("thread_ts")
    workspace.ephemerals.append({**shown, **_content(workspace, arguments)})
    return {"message_ts": shown["ts"]}


def permalink(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """chat.getPermalink."""
    channel = workspace.channel(str(arguments.get("channel", "")))
    message = workspace.message(channel.id, str(arguments.get("message_ts", "")))
    link = f"https://{workspace.name.lower()}.slack.com/archives/{channel.id}/p{message['ts'].replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


def add_reaction(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """reactions.add, by the bot."""
    channel = workspace.writable(str(arguments.get("channel", "")))
    message = workspace.message(channel.id, str(arguments.get("timestamp", "")))
    users = next((r["users"] for r in message.get("reactions", []) if r["name"] == arguments.get("name")), None)
    if users is None:
        message.setdefault("reactions", []).append(
            {"name": arguments.get("name"), "users": [workspace.bot_user], "count": 1}
        )
    elif workspace.bot_user in users:
        raise RefusalError("already_reacted")
    else:
        users.append(workspace.bot_user)
    return {}


def remove_reaction(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """reactions.remove, of the bot."""
    channel = workspace.writable(str(arguments.get("channel", "")))
    message = workspace.message(channel.id, str(arguments.get("timestamp", "")))
    for reaction in message.get("reactions", []):
        if reaction["name"] == arguments.get("name") and workspace.bot_user in reaction["users"]:
            reaction["users"].remove(workspace.bot_user)
            message["reactions"] = [kept for kept in message["reactions"] if kept["users"]]
            return {}
    raise RefusalError("no_reaction")
