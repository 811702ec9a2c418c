"""The Web API methods that write: posts, changes, deletions, reactions, statuses and views.

Each is a function from a workspace and decoded arguments to Slack's answer without `ok`; a Refusal is Slack's no.
The limits are the published ones where Slack publishes them; `msg_blocks_too_long` is what callers have observed.
"""

import json
from collections.abc import Iterator

from tests.fakes.faults import JsonObject
from tests.fakes.slack_state import APP, BOT, BOT_USER, TEAM, RefusalError, Workspace

MAX_BLOCKS = 50
MAX_TEXT = 40_000
MAX_MARKDOWN = 12_000
MAX_BLOCKS_TEXT = 13_200
BLOCK_TEXT_LIMITS = {"section": 3_000, "header": 150, "markdown": 12_000}
KEPT = ("text", "blocks", "attachments", "metadata")


AUTHOR = {"user": BOT_USER, "bot_id": BOT, "app_id": APP, "bot_profile": {"id": BOT, "name": "Atom", "app_id": APP}}


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(node, list):
        for item in node:
            yield from _texts(item)


def _check_block(block: JsonObject) -> None:
    kind = str(block.get("type", ""))
    text = block.get("text")
    words = text if isinstance(text, str) else (text or {}).get("text", "")
    if not kind or len(words) > BLOCK_TEXT_LIMITS.get(kind, MAX_TEXT):
        raise RefusalError(
            "invalid_blocks", response_metadata={"messages": [f"[ERROR] a {kind or 'typeless'} block is not valid"]}
        )


def check_content(arguments: JsonObject) -> None:
    """Refuse what Slack refuses: nothing to say, or more than fits."""
    text, blocks = arguments.get("text") or "", arguments.get("blocks") or []
    markdown = arguments.get("markdown_text") or ""
    error = ""
    if not (text or blocks or markdown or arguments.get("attachments")):
        error = "no_text"
    elif markdown and (text or blocks):
        error = "markdown_text_conflict"
    elif len(blocks) > MAX_BLOCKS:
        error = "invalid_blocks"
    elif len(text) > MAX_TEXT or len(markdown) > MAX_MARKDOWN:
        error = "msg_too_long"
    elif sum(map(len, _texts(blocks))) > MAX_BLOCKS_TEXT:
        error = "msg_blocks_too_long"
    if error:
        raise RefusalError(error)
    for block in blocks:
        _check_block(block)


def _content(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    kept = {key: arguments[key] for key in KEPT if arguments.get(key)}
    kept["text"] = arguments.get("text") or arguments.get("markdown_text") or ""
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
    message = workspace.add(channel.id, {**AUTHOR, **_content(workspace, arguments)}, thread=thread)
    return {"channel": channel.id, "ts": message["ts"], "message": dict(message)}


def update(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """chat.update."""
    channel = workspace.writable(str(arguments.get("channel", "")))
    message = workspace.message(channel.id, str(arguments.get("ts", "")))
    if message.get("bot_id") != BOT:
        raise RefusalError("cant_update_message")
    check_content(arguments)
    if arguments.get("blocks") is None and arguments.get("text"):
        message.pop("blocks", None)
    message.update(_content(workspace, arguments))
    message["edited"] = {"user": BOT_USER, "ts": workspace.next_ts()}
    return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": dict(message)}


def delete(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """chat.delete."""
    channel = workspace.writable(str(arguments.get("channel", "")))
    message = workspace.message(channel.id, str(arguments.get("ts", "")))
    if message.get("bot_id") != BOT:
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
    link = f"https://desk.slack.com/archives/{channel.id}/p{message['ts'].replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


def add_reaction(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """reactions.add, by the bot."""
    channel = workspace.writable(str(arguments.get("channel", "")))
    message = workspace.message(channel.id, str(arguments.get("timestamp", "")))
    users = next((r["users"] for r in message.get("reactions", []) if r["name"] == arguments.get("name")), None)
    if users is None:
        message.setdefault("reactions", []).append({"name": arguments.get("name"), "users": [BOT_USER], "count": 1})
    elif BOT_USER in users:
        raise RefusalError("already_reacted")
    else:
        users.append(BOT_USER)
    return {}


def remove_reaction(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """reactions.remove, of the bot."""
    channel = workspace.writable(str(arguments.get("channel", "")))
    message = workspace.message(channel.id, str(arguments.get("timestamp", "")))
    for reaction in message.get("reactions", []):
        if reaction["name"] == arguments.get("name") and BOT_USER in reaction["users"]:
            reaction["users"].remove(BOT_USER)
            message["reactions"] = [kept for kept in message["reactions"] if kept["users"]]
            return {}
    raise RefusalError("no_reaction")


def set_status(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """assistant.threads.setStatus."""
    workspace.channel(str(arguments.get("channel_id", "")))
    workspace.statuses.append(arguments)
    return {}


def accept(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """assistant.threads.setTitle and setSuggestedPrompts: taken, and seen in the call log."""
    workspace.channel(str(arguments.get("channel_id", "")))
    return {}


def _view(workspace: Workspace, view: object) -> JsonObject:
    document: JsonObject = json.loads(view) if isinstance(view, str) else dict(view or {})  # type: ignore[call-overload]
    if document.get("type") not in ("modal", "home") or len(document.get("blocks", [])) > 2 * MAX_BLOCKS:
        raise RefusalError("invalid_arguments")
    number = next(workspace.numbers)
    known = {"id": f"V{number}", "hash": f"{number}.hash", "team_id": TEAM, "app_id": APP, "bot_id": BOT}
    return {"private_metadata": "", "callback_id": "", "state": {"values": {}}, **document, **known}


def publish_view(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """views.publish."""
    if arguments.get("user_id") not in workspace.users:
        raise RefusalError("user_not_found")
    view = _view(workspace, arguments.get("view"))
    workspace.homes[arguments["user_id"]] = view
    return {"view": view}


def open_view(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """views.open: the trigger_id must be fresh and unused."""
    workspace.use_trigger(str(arguments.get("trigger_id", "")))
    view = _view(workspace, arguments.get("view"))
    workspace.views[view["id"]] = view
    return {"view": view}


def update_view(workspace: Workspace, arguments: JsonObject) -> JsonObject:
    """views.update, by view_id; a stale hash is refused."""
    old = workspace.views.get(str(arguments.get("view_id", "")))
    if old is None or arguments.get("hash", old["hash"]) != old["hash"]:
        raise RefusalError("not_found" if old is None else "hash_conflict")
    view = {**_view(workspace, arguments.get("view")), "id": old["id"]}
    workspace.views[old["id"]] = view
    return {"view": view}
