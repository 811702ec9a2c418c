"""Slack's interactions as tests need them: presses, shortcuts, commands and forms, with any field changed."""

import json

from tests.unit.slack.doors import HOOKS
from tests.unit.slack.payloads import TS, Payload, press

USER = {"id": "U2", "name": "sam", "team_id": "T1"}
TEAM = {"id": "T1", "domain": "desk"}


def pressed(action_id: str, value: str = "", **fields: object) -> Payload:
    """Give a press of a button in a message of C0SUPPORT."""
    action = {"action_id": action_id, "value": value, "action_ts": "1700000009.000002"}
    return press(**{"actions": [action], "trigger_id": "1.2.abc", "response_url": HOOKS, **fields})


def pressed_at_home(action_id: str, value: str = "", **fields: object) -> Payload:
    """Give a press on the home page, which showed the second page of a search."""
    body = pressed(action_id, value, **fields)
    del body["channel"], body["response_url"]
    view = {"id": "V1", "type": "home", "private_metadata": '{"query": "laptop", "page": 1}'}
    return {**body, "container": {"type": "view", "view_id": "V1"}, "view": view}


def typed(text: str, **fields: object) -> Payload:
    """Give a slash command in C1."""
    where = {"team_id": "T1", "channel_id": "C1", "channel_name": "general", "user_id": "U2", "user_name": "sam"}
    return {"command": "/atom", "text": text, "trigger_id": "1.2.abc", "response_url": HOOKS, **where, **fields}


def on_message(**fields: object) -> Payload:
    """Give the shortcut on a message that Maria (U1) wrote in C1."""
    said = {"type": "message", "user": "U1", "text": "my <https://x.example|laptop> is slow", "ts": TS, "team": "T1"}
    about = {"callback_id": "open_request", "trigger_id": "1.2.abc", "response_url": HOOKS, "action_ts": TS}
    where = {"team": TEAM, "user": USER, "channel": {"id": "C1", "name": "general"}, "message_ts": TS}
    return {"type": "message_action", **about, **where, "message": said, **fields}


def anywhere(**fields: object) -> Payload:
    """Give the global shortcut."""
    about = {"callback_id": "new_request", "trigger_id": "1.2.abc", "action_ts": TS}
    return {"type": "shortcut", **about, "team": TEAM, "user": USER, **fields}


def sent(values: Payload | None = None, *, metadata: object = None, view: Payload | None = None) -> Payload:
    """Give a form that was sent: title and workspace, unless `values` says otherwise."""
    file = {
        "id": "F1",
        "name": "log.txt",
        "mimetype": "text/plain",
        "size": 9,
        "permalink": "https://desk.slack.com/F1",
    }
    option = {"text": {"type": "plain_text", "text": "IT"}, "value": "it"}
    filled: Payload = {
        "title": {"value": {"type": "plain_text_input", "value": "Slow laptop"}},
        "workspace": {"value": {"type": "static_select", "selected_option": option}},
        "requester": {"value": {"type": "users_select", "selected_user": "U1"}},
        "files": {"value": {"type": "file_input", "files": [file]}},
    }
    blocks = [{"type": "section", "block_id": "s"}, *({"type": "input", "block_id": name} for name in filled)]
    kept = metadata if isinstance(metadata, str) else json.dumps(metadata or {"subject": "", "context": {}})
    shown: Payload = {"id": "V7", "type": "modal", "callback_id": "form:new", "private_metadata": kept}
    state = {"values": filled if values is None else values}
    return {
        "type": "view_submission",
        "team": TEAM,
        "user": USER,
        "trigger_id": "1.2.abc",
        "view": {**shown, "blocks": blocks, "state": state, "hash": "1.x", **(view or {})},
        "response_urls": [],
    }
