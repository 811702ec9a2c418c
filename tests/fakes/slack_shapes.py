"""What Slack sends to a bot: events, interactions and slash commands, as JSON in Slack's shapes.

Pure functions from a workspace to payloads, and the signature under them. The shapes follow the samples that Slack's
own SDKs record; where a payload has two spellings of one thing (`container` and `message`), both are filled in, as
Slack does, because bots rely on either.
"""

import hashlib
import hmac
import time
from collections.abc import Iterator

from tests.fakes.faults import JsonObject
from tests.fakes.slack_state import APP, Workspace


def sign(secret: str, timestamp: int | str, body: str | bytes) -> dict[str, str]:
    """Give the two headers that prove that Slack sent `body` at `timestamp` (seconds)."""
    content = body.encode() if isinstance(body, str) else body
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + content, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}


def rich_text(text: str) -> list[JsonObject]:
    """Give the blocks that Slack's own clients send beside the text."""
    element = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return [{"type": "rich_text", "block_id": "typed", "elements": [element]}]


def envelope(workspace: Workspace, event: JsonObject) -> JsonObject:
    """Give an Events API callback around one event, with an event_id of its own."""
    channel = workspace.channels.get(str(event.get("channel", "")))
    shared = channel is not None and channel.is_ext_shared
    number = next(workspace.numbers)
    team, grid = workspace.team, workspace.enterprise
    who = {"enterprise_id": grid, "team_id": team, "user_id": workspace.bot_user}
    bot = {**who, "is_bot": True, "is_enterprise_install": False}
    ids = {"token": "verification", "team_id": team, "context_team_id": team, "api_app_id": APP}
    if grid:
        ids["enterprise_id"] = grid
    about = {"type": "event_callback", "event_id": f"Ev{number:08d}", "event_time": int(time.time())}
    rest = {"authorizations": [bot], "is_ext_shared_channel": shared, "event_context": f"context-{number}"}
    return {**ids, "context_enterprise_id": grid, "event": event, **about, **rest}


def message_events(workspace: Workspace, channel: str, message: JsonObject) -> list[JsonObject]:
    """Give the envelopes of one message: a `message`, and an `app_mention` where a channel message names the bot."""
    place = workspace.channels[channel]
    if workspace.bot_user not in place.members:
        return []
    kind = "im" if place.is_im else "mpim" if place.is_mpim else "group" if place.is_private else "channel"
    base = {"channel": channel, "event_ts": message["ts"], **message}
    sent = [envelope(workspace, {**base, "channel_type": kind})]
    if not place.is_im and f"<@{workspace.bot_user}>" in message["text"]:
        sent.append(envelope(workspace, {**base, "type": "app_mention"}))
    return sent


def changed_event(workspace: Workspace, channel: str, new: JsonObject, old: JsonObject) -> JsonObject:
    """Give the envelope of an edited message."""
    event = {"type": "message", "subtype": "message_changed", "channel": channel, "hidden": True}
    kind = "im" if workspace.channels[channel].is_im else "channel"
    ts = workspace.next_ts()
    return envelope(
        workspace,
        {**event, "message": new, "previous_message": old, "ts": ts, "event_ts": ts, "channel_type": kind},
    )


def deleted_event(workspace: Workspace, channel: str, old: JsonObject) -> JsonObject:
    """Give the envelope of a deleted message."""
    event = {"type": "message", "subtype": "message_deleted", "channel": channel, "hidden": True}
    kind = "im" if workspace.channels[channel].is_im else "channel"
    ts = workspace.next_ts()
    return envelope(
        workspace,
        {**event, "deleted_ts": old["ts"], "previous_message": old, "ts": ts, "event_ts": ts, "channel_type": kind},
    )


def own_events(workspace: Workspace, method: str, before: JsonObject, answer: JsonObject) -> list[JsonObject]:
    """Give the envelopes of what the bot itself did: Slack sends them to the bot as it sends everybody's."""
    channel = str(answer.get("channel", ""))
    if method == "chat.postMessage":
        posted = {key: value for key, value in answer["message"].items() if key != "metadata"}
        return message_events(workspace, channel, posted)[:1]
    if method == "chat.update":
        return [changed_event(workspace, channel, answer["message"], before)]
    return [deleted_event(workspace, channel, before)] if method == "chat.delete" else []


def _who(workspace: Workspace, user: str) -> JsonObject:
    person = workspace.users[user].as_slack(workspace.team)
    return {"id": user, "username": person["name"], "name": person["name"], "team_id": person["team_id"]}


def _around(workspace: Workspace, user: str) -> JsonObject:
    team = {"id": workspace.team, "domain": workspace.name.lower()}
    grid = {"id": workspace.enterprise, "name": "Grid"} if workspace.enterprise else None
    app = {"api_app_id": APP, "token": "verification", "enterprise": grid, "is_enterprise_install": False}
    return {"team": team, "user": _who(workspace, user), **app, "trigger_id": workspace.new_trigger(3, user)}


def _elements(node: object, block_id: str = "") -> Iterator[JsonObject]:
    if isinstance(node, dict):
        block_id = str(node.get("block_id", block_id))
        if "action_id" in node:
            yield {**node, "block_id": block_id}
        for value in node.values():
            yield from _elements(value, block_id)
    elif isinstance(node, list):
        for item in node:
            yield from _elements(item, block_id)


def find_element(shown: JsonObject, action_id: str, value: str | None) -> JsonObject:
    """Give the button (or other element) of a message or view, by its action id or its label.

    A pair of feedback buttons counts as two. LookupError names those that there are.
    """
    elements = [button for element in _elements(shown.get("blocks", [])) for button in _buttons(element)]
    for element in elements:
        if action_id in (element["action_id"], _label(element)) and value in (None, element.get("value")):
            return element
    known = ", ".join(sorted(f"{element['action_id']} ({_label(element)})" for element in elements)) or "none"
    raise LookupError(f"There is no {action_id!r} with the value {value!r}; there are: {known}.")


def has_element(shown: JsonObject, name: str) -> bool:
    """Tell whether there is a button (or other element) of this action id or label."""
    elements = [button for element in _elements(shown.get("blocks", [])) for button in _buttons(element)]
    return any(name in (element["action_id"], _label(element)) for element in elements)


def _label(element: JsonObject) -> str:
    text = element.get("text")
    return str(text.get("text", "")) if isinstance(text, dict) else ""


def _buttons(element: JsonObject) -> list[JsonObject]:
    if element.get("type") != "feedback_buttons":
        return [element]
    same = {key: element[key] for key in ("type", "action_id", "block_id")}
    return [{**same, **element[name]} for name in ("positive_button", "negative_button")]


def words(node: object) -> Iterator[str]:
    """Give every text that somebody reads in blocks."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from words(value)
    elif isinstance(node, list):
        for item in node:
            yield from words(item)


def _action(workspace: Workspace, element: JsonObject) -> JsonObject:
    kept = ("action_id", "block_id", "type", "value", "text", "style")
    return {**{key: element[key] for key in kept if key in element}, "action_ts": workspace.next_ts()}


def block_actions(workspace: Workspace, user: str, message: JsonObject, element: JsonObject, url: str) -> JsonObject:
    """Somebody pressed a button of a message (which carries its `channel`)."""
    channel, ts = str(message["channel"]), message["ts"]
    ephemeral = bool(message.get("is_ephemeral", False))
    container = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": ephemeral}
    if message.get("thread_ts"):
        container["thread_ts"] = message["thread_ts"]
    shown = {key: value for key, value in message.items() if key not in ("channel", "metadata", "is_ephemeral")}
    place = {"id": channel, "name": workspace.channels[channel].name or "directmessage"}
    what = {"container": container, "channel": place, "response_url": url, "state": {"values": {}}}
    if not ephemeral:
        what["message"] = shown
    return {
        "type": "block_actions",
        **_around(workspace, user),
        **what,
        "actions": [_action(workspace, element)],
    }


def view_actions(workspace: Workspace, user: str, view: JsonObject, element: JsonObject) -> JsonObject:
    """Somebody pressed a button (or Enter in a field) of a modal or a home page: no channel, no message, no response URL."""
    container = {"type": "view", "view_id": view["id"]}
    around = _around(workspace, user)
    return {
        "type": "block_actions",
        **around,
        "container": container,
        "view": view,
        "actions": [_action(workspace, element)],
    }


def view_closed(workspace: Workspace, user: str, view: JsonObject) -> JsonObject:
    """Somebody closed a modal."""
    return {"type": "view_closed", **_around(workspace, user), "view": view, "is_cleared": False}


def global_shortcut(workspace: Workspace, user: str, callback_id: str) -> JsonObject:
    """Somebody chose a shortcut from the menu or the search."""
    around = _around(workspace, user)
    return {"type": "shortcut", **around, "callback_id": callback_id, "action_ts": workspace.next_ts()}


def shortcut(workspace: Workspace, user: str, message: JsonObject, callback_id: str, url: str) -> JsonObject:
    """Somebody chose a message shortcut."""
    channel = str(message["channel"])
    place = {"id": channel, "name": workspace.channels[channel].name or "directmessage"}
    shown = {key: value for key, value in message.items() if key not in ("channel", "metadata")}
    what = {"callback_id": callback_id, "channel": place, "message": shown, "message_ts": message["ts"]}
    around = _around(workspace, user)
    return {"type": "message_action", **around, **what, "response_url": url, "action_ts": workspace.next_ts()}


def submission(workspace: Workspace, user: str, view_id: str, values: JsonObject) -> JsonObject:
    """Somebody sent a form; `values` is Slack's `{block: {action: {type, value}}}`."""
    view = {**workspace.views[view_id], "state": {"values": values}}
    return {"type": "view_submission", **_around(workspace, user), "view": view, "response_urls": []}


def slash_command(workspace: Workspace, user: str, place: str, typed: str, url: str) -> dict[str, str]:
    """Give the form of a slash command; `typed` is the command and its text, `/atom help`."""
    command, _, text = typed.partition(" ")
    who = {"user_id": user, "user_name": str(workspace.users[user].as_slack(workspace.team)["name"])}
    name = workspace.channels[place].name or "directmessage"
    team = {"team_id": workspace.team, "team_domain": workspace.name.lower()}
    if workspace.enterprise:
        team |= {"enterprise_id": workspace.enterprise, "enterprise_name": "Grid"}
    where = {**team, "channel_id": place, "channel_name": name}
    what = {"command": command, "text": text, "response_url": url, "trigger_id": workspace.new_trigger(3, user)}
    return {"token": "verification", **where, **who, **what, "api_app_id": APP, "is_enterprise_install": "false"}
