"""What the Messages API refuses with 400, as far as a client can get it wrong.

A scripted server that takes anything lets a broken transcript pass every test and fail on the first real call. So the
rules that the API enforces on roles, tool calls and their results are enforced here too, with its kind of sentences.
"""

import re

from tests.fakes.faults import JsonObject

SAMPLING = ("temperature", "top_p", "top_k")
NEW_VERSION = "2026-10-21"
TOOL_NAME = re.compile(r"^[a-zA-Z0-9_-]{1,128}$")


def _blocks(message: JsonObject) -> list[JsonObject]:
    content = message.get("content")
    return content if isinstance(content, list) else [{"type": "text", "text": content or ""}]


def _ids(message: JsonObject, kind: str, key: str) -> list[str]:
    return [str(block[key]) for block in _blocks(message) if block.get("type") == kind]


def _pairs(messages: list[JsonObject]) -> str | None:
    asked: list[str] = []
    for number, message in enumerate(messages):
        answered = _ids(message, "tool_result", "tool_use_id")
        if missing := set(asked) - set(answered):
            return f"messages.{number}: `tool_use` ids were found without `tool_result` blocks: {sorted(missing)}"
        if extra := set(answered) - set(asked):
            return f"messages.{number}: unexpected `tool_use_id` found in `tool_result` blocks: {sorted(extra)}"
        asked = _ids(message, "tool_use", "id")
        if len(asked) != len(set(asked)):
            return f"messages.{number}: `tool_use` ids must be unique"
    return "`tool_use` ids were found without `tool_result` blocks at the end" if asked else None


def _empty(messages: list[JsonObject]) -> str | None:
    for number, message in enumerate(messages):
        if not _blocks(message):
            return f"messages.{number}: content must not be empty"
        for block in _blocks(message):
            if block.get("type") == "text" and not str(block.get("text", "")).strip():
                return f"messages.{number}: text content blocks must contain non-whitespace text"
    return None


def _tools(request: JsonObject) -> str | None:
    names = [str(tool.get("name", "")) for tool in request.get("tools", [])]
    for name in names:
        if not TOOL_NAME.match(name):
            return f"tools: {name!r} does not match {TOOL_NAME.pattern}"
    return None if len(names) == len(set(names)) else "tools: Tool names must be unique."


def complaint(request: JsonObject, version: str, *, counting: bool = False) -> str | None:
    """Say what the API would refuse about a request, or nothing."""
    messages = request.get("messages")
    if not request.get("model"):
        return "model: Field required"
    if not counting and not isinstance(request.get("max_tokens"), int):
        return "max_tokens: Field required"
    if not isinstance(messages, list) or not messages:
        return "messages: at least one message is required"
    if messages[0].get("role") != "user":
        return "messages: first message must use the `user` role"
    if version >= NEW_VERSION and (given := [name for name in SAMPLING if name in request]):
        return f"{given[0]}: Extra inputs are not permitted"
    return _empty(messages) or _pairs(messages) or _tools(request)
