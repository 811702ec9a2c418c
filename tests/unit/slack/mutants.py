"""Slack's payloads, each with one field missing, null, of another type, huge or nested, as requests of Slack would bring them.

Slack's own recorded samples hold blank values; blanks that decide how far a payload gets are filled in first. Of a recorded sample every
field is broken in one way (which one is drawn with a fixed seed) or in all, of our own shapes always in all.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias
from urllib.parse import urlencode

from tests.unit.slack.interactions import anywhere, on_message, pressed, pressed_at_home, sent, typed
from tests.unit.slack.payloads import TS, Payload, event

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "payloads" / "slack"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
Kind: TypeAlias = Literal["event", "interaction", "command"]
CONTENT_TYPES: dict[Kind, str] = {"event": JSON, "interaction": FORM, "command": FORM}

GONE = object()
NESTED: Any = {"id": {"deep": [[[[{"a": None}]]]]}}
WAYS: dict[str, tuple[object, ...]] = {
    "missing": (GONE,),
    "null": (None,),
    "wrong type": (5, True, "x", ["a", None, {"b": 1}], {"a": 1}, -1.5),
    "huge": ("x" * 50_000, "<@U1>" * 2_000, 10**400, ["x"] * 2_000, "\x00\ud800" * 500),
    "nested": (NESTED, json.loads("[" * 200 + "]" * 200)),
}
_FILLED = {
    "team_id": "T1",
    "team": "T1",
    "user_id": "U1",
    "channel_id": "C1",
    "event_id": "Ev1",
    "trigger_id": "1.2.abc",
    "response_url": "https://hooks.slack.com/x",
    "callback_id": "form:new",
    "private_metadata": '{"context": {"channel": "C1"}}',
    "action_id": "approve",
    "value": "approval-1",
    "command": "/atom",
    "text": "my laptop is slow",
    "tab": "messages",
}
_STAMPS = {"ts", "event_ts", "message_ts", "thread_ts", "action_ts", "deleted_ts"}


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One request with a broken payload."""

    sample: str
    path: tuple[str | int, ...]
    """The field that is broken; empty where the payload is whole."""
    way: str
    body: bytes
    content_type: str


def samples() -> dict[str, Payload]:
    """Give Slack's recorded payloads by their names, with blanks filled in."""
    found = {path.stem: json.loads(path.read_text()) for path in sorted(SAMPLES.glob("**/*.json"))}
    for name, body in found.items():
        _fill(body)
        body["type"] = body.get("type") or ("" if name.startswith("SlashCommand") else "event_callback")
        body["team_id"] = "T1"
        if isinstance(said := body.get("event"), dict):
            said["user"] = said.get("user") or "U1"
            said["channel"] = said.get("channel") or "D1"
    found["SlashCommandPayload"].pop("type")
    return found


def ours() -> dict[str, Payload]:
    """Give every kind of payload that Deskmate does something about."""
    changed = {"user": "U1", "text": "new", "ts": TS, "edited": {"user": "U1", "ts": TS}}
    opened = {"type": "app_home_opened", "channel": "D1", "channel_type": "", "event_ts": TS}
    file = {"id": "F1", "name": "a.txt", "mimetype": "text/plain", "size": 5, "permalink": "https://x.example"}
    return {
        "message": event(channel="D1", channel_type="im"),
        "mention": event(type="app_mention", text="<@U0ATOM> hello"),
        "file": event(channel="D1", channel_type="im", subtype="file_share", files=[file]),
        "changed": event(
            channel="D1",
            channel_type="im",
            subtype="message_changed",
            message=changed,
            previous_message={"text": "old"},
        ),
        "deleted": event(
            channel="D1", channel_type="im", subtype="message_deleted", deleted_ts=TS, previous_message=changed
        ),
        "messages tab": event(**opened, tab="messages"),
        "home tab": event(**opened, tab="home", view={"id": "V1", "private_metadata": '{"page": 1}'}),
        "stop": event(type="agent_session_stopped", channel="D1", thread_ts=TS, event_ts=TS, streaming_message_ts=[]),
        "context": event(type="app_context_changed", context={"entities": []}),
        "joined": event(type="member_joined_channel", channel="C0SUPPORT", user="U1"),
        "press": pressed("approve", "approval-7"),
        "rate": pressed("rate:5", "request-1"),
        "thumbs": pressed("feedback", "good:reply-1"),
        "ephemeral": pressed(
            "solved",
            "request-1",
            container={"type": "message", "message_ts": TS, "channel_id": "C1", "is_ephemeral": True},
        ),
        "form button": pressed("form:assign", "request-1"),
        "home button": pressed_at_home("take_over", "request-1"),
        "home page": pressed_at_home("home:page:next", "2"),
        "home search": pressed_at_home("home:page:search", "vpn"),
        "shortcut": anywhere(),
        "message shortcut": on_message(),
        "form": sent(metadata={"subject": "r", "channel": "C0SUPPORT", "thread": TS, "context": {"a": "b"}}),
        "command": typed("status"),
        "new": typed("new"),
        "challenge": {"type": "url_verification", "challenge": "c"},
        "closed": {"type": "view_closed", "team": {"id": "T1"}, "user": {"id": "U1"}, "view": {"id": "V1"}},
    }


def mutants(sample: str, body: Payload, *, every_way: bool, seed: int) -> Iterator[Mutant]:
    """Give the payload itself, then with each of its fields broken; the same for the same seed."""
    chance = random.Random(f"{seed}:{sample}")  # noqa: S311  # a seeded choice, nothing secret
    kind = _kind(body)
    yield Mutant(sample=sample, path=(), way="whole", body=_written(body, kind), content_type=CONTENT_TYPES[kind])
    for path in _paths(body):
        for way in WAYS if every_way else [chance.choice(list(WAYS))]:
            written = _broken(body, path, chance.choice(WAYS[way]), kind)
            yield Mutant(sample=sample, path=path, way=way, body=written, content_type=CONTENT_TYPES[kind])


def _kind(body: Payload) -> Kind:
    """Tell how Slack sends such a payload."""
    if "command" in body:
        return "command"
    return "event" if "event" in body or body.get("type") == "url_verification" else "interaction"


def _broken(body: Payload, path: tuple[str | int, ...], value: object, kind: Kind) -> bytes:
    """Break one field for as long as the request takes to be written."""
    target: Any = body
    for step in path[:-1]:
        target = target[step]
    was = list(target) if isinstance(target, list) else dict(target)
    if value is GONE:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    written = _written(body, kind)
    target.clear()
    target.extend(was) if isinstance(target, list) else target.update(was)
    return written


def _written(body: Payload, kind: Kind) -> bytes:
    match kind:
        case "event":
            return json.dumps(body).encode()
        case "interaction":
            return _encoded({"payload": json.dumps(body)})
        case "command":
            return _encoded({key: said if isinstance(said, str) else json.dumps(said) for key, said in body.items()})


def _encoded(fields: dict[str, str]) -> bytes:
    return urlencode(fields, errors="replace").encode()


def _paths(document: object, before: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """List the places in a document; of a list the first two."""
    found = [before] if before else []
    if isinstance(document, dict):
        for key, value in document.items():
            found += _paths(value, (*before, key))
    elif isinstance(document, list):
        for index, value in enumerate(document[:2]):
            found += _paths(value, (*before, index))
    return found


def _fill(node: object, name: str = "") -> None:
    """Fill in blanks by the names of their fields; an `id` is called after what it is the id of."""
    if isinstance(node, list):
        for item in node:
            _fill(item, name)
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        if value == "" and key in _STAMPS:
            node[key] = TS
        elif value == "" and key == "id":
            node[key] = {"team": "T1", "user": "U1", "channel": "C1", "view": "V9"}.get(name, "X1")
        elif value == "" and key in _FILLED:
            node[key] = _FILLED[key]
        else:
            _fill(value, key)
