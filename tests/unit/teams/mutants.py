"""Activities of Teams, each with one value missing, null, of another type, huge or nested.

Microsoft's own recorded samples lack what decides how far an activity gets (tenant, service URL, a human author); that is filled in
first. Of a recorded sample each value is broken in some ways (drawn with a fixed seed), of our own shapes in all.
"""

import copy
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from adapters.teams.reading import JsonObject
from tests.fakes.teams_state import BOT_ID, TENANT

PAYLOADS = Path(__file__).parents[4] / "shared" / "data" / "payloads" / "teams"
Way: TypeAlias = tuple[str | int, ...]
GONE = object()
BAD: tuple[object, ...] = (
    GONE,
    None,
    5,
    -1.5,
    True,
    "x",
    "",
    ["a", None, {"b": 1}],
    {"a": 1},
    "x" * 50_000,
    "<at>Atom</at>" * 2_000,
    10**400,
    ["x"] * 2_000,
    "\x00\ud800" * 500,
    {"id": {"deep": [[[[{"a": None}]]]]}},
    json.loads("[" * 200 + "]" * 200),
)


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One activity, broken at one place."""

    sample: str
    path: Way
    """Empty where the activity is whole."""
    body: bytes


def samples() -> dict[str, JsonObject]:
    """Give Microsoft's recorded activities by their names; none where they are not at hand."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(PAYLOADS.rglob("*Activity*.json"))}


def filled(sample: dict[str, Any], service_url: str) -> JsonObject:
    """Give a sample as if Teams had sent it: by a person of the tenant, to Atom."""
    around = activity(service_url)
    kept = {key: around[key] for key in ("serviceUrl", "recipient", "timestamp", "channelData")}
    conversation = sample.get("conversation") or around["conversation"]
    made = {"channelId": "msteams", "id": "s-1", "conversation": conversation, **sample, **kept}
    made["from"] = {**(sample.get("from") or {}), "id": "29:erin", "role": "user", "aadObjectId": "aad-erin"}
    value = sample.get("value")
    if isinstance(value, dict) and isinstance(value.get("data"), dict):
        value["data"] |= {"form": "new", "field:title": "Slow", **back()}
    return made


def back() -> dict[str, Any]:
    """Give what a dialogue of ours sends back."""
    return {
        "deskmate": {"form": "new", "subject": "q-1", "nonce": "n-1", "context": {"channel": "19:x", "thread": "7"}}
    }


def activity(service_url: str, **changed: object) -> JsonObject:
    """Give a personal message, with fields changed."""
    return {
        "type": "message",
        "id": "1",
        "timestamp": "2026-11-20T10:00:00.123Z",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": {"id": "29:erin", "name": "Erin", "aadObjectId": "aad-erin"},
        "recipient": {"id": BOT_ID, "name": "Atom"},
        "conversation": {"id": "a:1erin", "conversationType": "personal", "tenantId": TENANT},
        "channelData": {"tenant": {"id": TENANT}},
        "text": "hello",
        **changed,
    }


def ours(service_url: str) -> dict[str, JsonObject]:
    """Give every kind of activity that Deskmate does something about."""
    thread = {"id": "19:help@thread.tacv2;messageid=77", "conversationType": "channel", "tenantId": TENANT}
    mention = {"type": "mention", "mentioned": {"id": BOT_ID, "name": "Atom"}, "text": "<at>Atom</at>"}
    file = {
        "contentType": "application/vnd.microsoft.teams.file.download.info",
        "name": "a.txt",
        "contentUrl": "https://x",
    }
    payload = {
        "id": "78",
        "from": {"user": {"userIdentityType": "aadUser", "id": "aad-sam", "displayName": "Sam"}},
        "body": {"contentType": "html", "content": "<p>slow</p>"},
        "linkToMessage": "https://teams.microsoft.com/l/message/1",
    }
    typed: JsonObject = {"field:title": "Slow", "person:on_behalf_of": "aad-sam", **back()}
    executed: JsonObject = {
        "action": {"type": "Action.Execute", "verb": "approve", "data": {"subject": "a-1", "value": "5"}}
    }
    pointed: JsonObject = {"commandId": "open_request", "commandContext": "message", "messagePayload": payload}

    def invoke(name: str, value: JsonObject) -> JsonObject:
        return activity(
            service_url, type="invoke", name=name, value=value, conversation=thread, replyToId="77", text=None
        )

    return {
        "message": activity(service_url),
        "mention": activity(service_url, text="<at>Atom</at> hi", entities=[mention], conversation=thread),
        "file": activity(service_url, attachments=[file, {"contentType": "image/png", "contentUrl": "https://x"}]),
        "edited": activity(service_url, type="messageUpdate", text="hello there"),
        "deleted": activity(service_url, type="messageDelete"),
        "command": activity(service_url, text="status IT-1"),
        "execute": invoke("adaptiveCard/action", executed),
        "submit": activity(service_url, value={"verb": "rate", "subject": "q-1", "value": "3"}, text=None),
        "fetch": invoke("task/fetch", {"data": {"form": "assign", "subject": "q-1"}}),
        "send": invoke("task/submit", {"data": typed}),
        "use on": invoke("composeExtension/fetchTask", pointed),
        "send on": invoke("composeExtension/submitAction", {**pointed, "data": typed}),
    }


def mutants(sample: str, whole: JsonObject, *, ways: int, seed: int) -> Iterator[Mutant]:
    """Give the activity itself, then with each of its values broken in so many ways; the same for the same seed."""
    chance = random.Random(f"{seed}:{sample}")  # noqa: S311  # a seeded choice, nothing secret
    yield Mutant(sample=sample, path=(), body=json.dumps(whole).encode())
    for path in paths(whole):
        for value in chance.sample(BAD, ways):
            yield Mutant(sample=sample, path=path, body=json.dumps(replaced(whole, path, value)).encode())


def paths(document: object, so_far: Way = ()) -> list[Way]:
    """Give the way to every value in a document."""
    found = [so_far] if so_far else []
    if isinstance(document, dict):
        children: list[tuple[str | int, object]] = list(document.items())
    else:
        children = list(enumerate(document)) if isinstance(document, list) else []
    return found + [path for key, value in children for path in paths(value, (*so_far, key))]


def replaced(document: JsonObject, path: Way, value: object) -> JsonObject:
    """Give a copy with one value replaced, or (`GONE`) taken out."""
    changed = copy.deepcopy(document)
    at: Any = changed
    for key in path[:-1]:
        at = at[key]
    if value is GONE:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return changed
