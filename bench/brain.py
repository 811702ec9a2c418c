"""What the local Claude answers in the benchmarks: a fixed number of tool calls, then the end of the run.

It sees only the request, as a model does, so the same function answers Deskmate's run loop and the bare loop of the SDK: while fewer
results than wished (`CALLS=…` in the request) are in the transcript it asks for one more, then it ends. Who has no such tool searches
once and ends. Atom is answered with an opened request.
"""

import re

from tests.fakes.claude_answers import Turn, text, tool_use, turn
from tests.fakes.faults import JsonObject

LOOKUP = "jumpcloud__get_device"
_CALLS = re.compile(r"CALLS=(\d+)")


def answer(body: JsonObject) -> Turn:
    """Return the next turn."""
    offered = {tool["name"] for tool in body.get("tools", [])}
    if "open_request" in offered:
        return _atom(body)
    results = sum(1 for message in body["messages"] for block in _blocks(message) if block["type"] == "tool_result")
    if LOOKUP not in offered and "search_knowledge" in offered and not results:
        return turn(tool_use("search_knowledge", {"query": "slow laptop"}))
    wanted = _CALLS.search(str(body["messages"][0]["content"]))
    if LOOKUP in offered and results < (int(wanted[1]) if wanted else 2):
        return turn(text("I look at the device."), tool_use(LOOKUP, {"device": f"LAPTOP-{results}"}))
    if "resolve" in offered:
        return turn(text("It is done."), tool_use("resolve", {"summary": "The device was looked at and is well."}))
    return turn(text("It is done."))


def _atom(body: JsonObject) -> Turn:
    if any(block["type"] == "tool_result" for message in body["messages"] for block in _blocks(message)):
        return turn(text("Done."))
    wish = {"title": "Slow laptop", "description": "CALLS=2 My laptop is slow.", "workspace": "it-support"}
    return turn(tool_use("open_request", {**wish, "priority": "normal"}))


def _blocks(message: JsonObject) -> list[JsonObject]:
    content = message["content"]
    return content if isinstance(content, list) else [{"type": "text", "text": content}]
