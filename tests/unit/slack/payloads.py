"""Payloads of Slack as tests need them: a message and a press, with any field changed."""

from typing import Any

from bot.ids import WorkspaceId

TS = "1700000000.000100"
Payload = dict[str, Any]


def nowhere(_team: str, _channel: str) -> WorkspaceId | None:
    return None


def in_support(_team: str, channel: str) -> WorkspaceId | None:
    return WorkspaceId("it-support") if channel == "C0SUPPORT" else None


def event(**fields: object) -> Payload:
    """Give the envelope of a message in C1, with `fields` changed."""
    said = {"type": "message", "channel": "C1", "channel_type": "channel", "user": "U1", "text": "hello", "ts": TS}
    ours = {"team_id": "T1", "user_id": "U0ATOM", "is_bot": True}
    return {
        "type": "event_callback",
        "event_id": "Ev1",
        "team_id": "T1",
        "authorizations": [ours],
        "event": {**said, "event_ts": TS, "team": "T1", **fields},
    }


def press(**fields: object) -> Payload:
    """Give the payload of a press in C0SUPPORT, with `fields` changed."""
    return {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U2", "name": "sam", "team_id": "T1"},
        "channel": {"id": "C0SUPPORT", "name": "it-private"},
        "container": {"type": "message", "message_ts": TS, "channel_id": "C0SUPPORT", "thread_ts": "1600000000.000001"},
        "actions": [{"action_id": "approve", "value": "approval-7", "action_ts": "1700000009.000002"}],
        **fields,
    }
