"""A tool server that misbehaves on request: raw JSON-RPC lines on stdin and stdout, no SDK.

It speaks the older protocol only, so that the client's fallback is used as well. Started with `--deaf` it ignores the
end of its input and polite signals.
"""

import json
import os
import signal
import sys
import time
from typing import Any

ANYTHING = {"type": "object", "properties": {}}
CALLS = ("die", "hang", "big", "big_id_last", "flood", "deep", "very_deep", "colour", "secret", "garbage", "change", "meta",
         "nan", "picture", "long", "pid", "wrong_shape", "rpc_error", "ask")  # fmt: skip
TOOLS: list[Any] = [
    *({"name": name, "description": f"does {name}", "inputSchema": ANYTHING} for name in CALLS),
    {"name": "bad_schema", "inputSchema": {"type": "object", "properties": {"a": {"type": 12}}}},
    {"name": "no_schema"},
    {"name": "remote", "inputSchema": {"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1:9/x"}}}},
    {"name": "huge", "inputSchema": {"type": "object", "description": "x" * 100_000}},
    "not an object",
]
MEGABYTE = "x" * 1_000_000


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def send(message: dict[str, Any]) -> None:
    say(json.dumps(message))


def text(value: str, **more: object) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": value}], **more}


def nested(levels: int) -> dict[str, Any]:
    inner: dict[str, Any] = {}
    for _ in range(levels):
        inner = {"a": inner}
    return inner


def big(number: int, *, id_last: bool) -> None:
    head, tail = f'{{"jsonrpc":"2.0","id":{number},', "}"
    if id_last:
        head, tail = "{", f',"jsonrpc":"2.0","id":{number}}}'
    sys.stdout.write(head + '"result":{"content":[{"type":"text","text":"')
    for _ in range(100):
        sys.stdout.write(MEGABYTE)
    sys.stdout.write('"}]}' + tail + "\n")
    sys.stdout.flush()


def flood() -> dict[str, Any]:
    for number in range(50_000):
        sys.stderr.write(f"\x1b[31mline {number}\x1b[0m\n")
    sys.stderr.flush()
    return text("flooded")


def change() -> dict[str, Any]:
    TOOLS.append({"name": "new", "inputSchema": ANYTHING})
    send({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"})
    return text("changed")


def garbage() -> dict[str, Any]:
    say("Server is starting ...")
    say("{")
    return text("after garbage")


def result(name: str, params: dict[str, Any]) -> dict[str, Any]:
    plain = {
        "deep": lambda: text("deep", structuredContent=nested(60)),
        "colour": lambda: text("\x1b[31mred\x1b[0m\x07 \u202eback\u202c"),
        "secret": lambda: text(os.environ["KEY"], structuredContent={"key": os.environ["KEY"]}, isError=True),
        "meta": lambda: text(json.dumps(params["_meta"])),
        "nan": lambda: text("nan", structuredContent={"a": float("nan")}),
        "picture": lambda: {"content": [{"type": "image", "data": "AAAA" * 1000, "mimeType": "image/png"}]},
        "long": lambda: text("ä" * 100_000, structuredContent={"a": "b" * 100_000}),
        "pid": lambda: text(str(os.getpid())),
        "wrong_shape": lambda: {"content": "no list"},
        "flood": flood,
        "change": change,
        "garbage": garbage,
    }
    return plain[name]() if name in plain else text(f"Unknown tool {name}", isError=True)


def call(number: int, params: dict[str, Any]) -> None:
    match params["name"]:
        case "die":
            os._exit(1)
        case "hang":
            return
        case "big" | "big_id_last":
            big(number, id_last=params["name"] == "big_id_last")
        case "very_deep":
            deep = "[" * 100_000 + "]" * 100_000
            say(f'{{"jsonrpc":"2.0","id":{number},"result":{{"content":{deep}}}}}')
        case "rpc_error":
            send({"jsonrpc": "2.0", "id": number, "error": {"code": -32603, "message": f"broken {os.environ['KEY']}"}})
        case "ask":
            send(
                {
                    "jsonrpc": "2.0",
                    "id": "e1",
                    "method": "elicitation/create",
                    "params": {"message": "?", "requestedSchema": ANYTHING},
                }
            )
            send({"jsonrpc": "2.0", "id": number, "result": text(sys.stdin.readline())})
        case name:
            send({"jsonrpc": "2.0", "id": number, "result": result(name, params)})


def answer(message: dict[str, Any]) -> None:
    number, params = message["id"], message.get("params") or {}
    match message["method"]:
        case "initialize":
            capabilities = {"tools": {"listChanged": True}}
            about = {"name": "nasty", "version": "1"}
            agreed = {"protocolVersion": params["protocolVersion"], "capabilities": capabilities, "serverInfo": about}
            send({"jsonrpc": "2.0", "id": number, "result": agreed})
        case "tools/list":
            send({"jsonrpc": "2.0", "id": number, "result": {"tools": TOOLS}})
        case "tools/call":
            call(number, params)
        case method:
            send({"jsonrpc": "2.0", "id": number, "error": {"code": -32601, "message": f"no {method}"}})


def main() -> None:
    deaf = "--deaf" in sys.argv
    if deaf:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for line in sys.stdin:
        message = json.loads(line)
        if "id" in message and "method" in message:
            answer(message)
    while deaf:
        time.sleep(60)


if __name__ == "__main__":
    main()
