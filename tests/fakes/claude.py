"""The Messages API on loopback, with a script or a test's own function for a brain.

Point ANTHROPIC_BASE_URL at `url`. Answers are given in the order in which they were scripted; when the script is used
up, `brain` is asked, with the request's JSON. Nothing scripted and no brain is an error of the test, answered as a 400
that says so (the SDK does not repeat a 400). `latency` makes every call slow without costing anything, for load tests.
`python -m tests.fakes.claude` runs it as a process of its own.
"""

import argparse
import asyncio
import importlib
import inspect
import json
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from aiohttp import web

from tests.fakes.claude_answers import Answer, Brain, Turn, answer_from_json
from tests.fakes.claude_render import as_document, as_events, as_line, count_tokens
from tests.fakes.claude_rules import complaint
from tests.fakes.faults import Fault, JsonObject, break_connection, linger
from tests.fakes.loopback import Loopback, Verb
from tests.fakes.separate import serve

KEY = "sk-local-claude"
MODELS = ("claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5")
ERROR_STATUS = {"overloaded_error": 529, "rate_limit_error": 429, "api_error": 500}


@dataclass(frozen=True, kw_only=True)
class Request:
    """One call of /v1/messages."""

    body: JsonObject
    at: float
    """Seconds on the monotonic clock, at arrival."""
    version: str
    """The anthropic-version header."""
    status: int
    """What was answered."""


class LocalClaude(Loopback):
    """A server that speaks the Messages API. Its key is `key`; any other is refused with 401."""

    def __init__(self, *, port: int = 0, key: str = KEY, brain: Brain | None = None, latency: float = 0) -> None:
        super().__init__(port=port)
        self.key = key
        self.brain = brain
        self.latency = latency
        self.requests: list[Request] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self._script: deque[Answer] = deque()

    def routes(self) -> list[web.RouteDef]:
        """Give the parts of the API that Deskmate uses."""
        return [
            web.post("/v1/messages", self._messages),
            web.post("/v1/messages/count_tokens", self._count),
            web.get("/v1/models", self._models),
            web.get("/v1/models/{model}", self._models),
        ]

    def verbs(self) -> Mapping[str, Verb]:
        """Give what a test in another process may call."""
        return {
            "script": self._script_json,
            "set_latency": self.set_latency,
            "wait_for_requests": self.wait_for_requests,
        }

    def state(self) -> JsonObject:
        """Give every request, and how many answers are left."""
        log = [asdict(request) for request in self.requests]
        return {"requests": log, "left": len(self._script), "most_in_flight": self.most_in_flight}

    def script(self, *answers: Answer) -> None:
        """Answer the next calls with these, in order."""
        self._script.extend(answers)

    @property
    def left(self) -> int:
        """How many scripted answers were not asked for yet."""
        return len(self._script)

    async def wait_for_requests(self, count: int = 1, seconds: float = 10) -> int:
        """Wait until so many calls were answered; how many there were. TimeoutError after `seconds`."""
        return await self.until(lambda: len(self.requests) if len(self.requests) >= count else None, seconds=seconds)

    def set_latency(self, seconds: float) -> None:
        """Take so long for every call from now on."""
        self.latency = seconds

    def _script_json(self, answers: list[JsonObject]) -> None:
        self.script(*map(answer_from_json, answers))

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        at, body = time.monotonic(), await _json_of(request)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        status = 499
        try:
            response = await self._answer(request, body)
            status = response.status
            return response
        finally:
            self.in_flight -= 1
            version = request.headers.get("anthropic-version", "")
            self.requests.append(Request(body=body, at=at, version=version, status=status))
            await self.happened()

    async def _answer(self, request: web.Request, body: JsonObject) -> web.StreamResponse:
        if refused := self._refused(request, body):
            return refused
        if self.latency:
            await asyncio.sleep(self.latency)
        answer = self.faults.take("messages") or await self._next(body)
        if answer is None:
            return _error(400, "invalid_request_error", "Nothing is scripted: call script(...) or set a brain.")
        if isinstance(answer, Fault):
            if answer.kind == "hang":
                await linger(answer, self.stopping)
            elif answer.kind in ("reset", "drop"):
                return break_connection(request, hard=answer.kind == "reset")
            retry = {} if answer.retry_after is None else {"retry-after": f"{answer.retry_after:g}"}
            return _error(answer.status, answer.error or "api_error", "As scripted.", retry)
        if body.get("stream"):
            return await self._stream(request, answer, body)
        return await self._document(request, answer, body)

    async def _next(self, body: JsonObject) -> Answer | None:
        if self._script:
            return self._script.popleft()
        if self.brain is None:
            return None
        answer = self.brain(body)
        return await answer if inspect.isawaitable(answer) else answer

    def _refused(self, request: web.Request, body: JsonObject, *, counting: bool = False) -> web.Response | None:
        if request.headers.get("Authorization") != f"Bearer {self.key}":
            return _error(401, "authentication_error", "invalid bearer token")
        found = complaint(body, request.headers.get("anthropic-version", ""), counting=counting)
        return _error(400, "invalid_request_error", found) if found else None

    async def _document(self, request: web.Request, turn: Turn, body: JsonObject) -> web.StreamResponse:
        if turn.trouble == "error_event":
            return _error(ERROR_STATUS.get(turn.error, 500), turn.error, "As scripted.")
        content = json.dumps(as_document(turn, body)).encode()
        if turn.trouble == "malformed":
            return web.Response(body=content[: len(content) // 2], content_type="application/json")
        if turn.trouble == "dropped":
            response = web.StreamResponse(headers={"Content-Length": str(len(content))})
            await response.prepare(request)
            await response.write(content[: len(content) // 2])
            break_connection(request, hard=False)
            return response
        return web.Response(body=content, content_type="application/json", headers={"request-id": "req_local"})

    async def _stream(self, request: web.Request, turn: Turn, body: JsonObject) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "request-id": "req_local"})
        await response.prepare(request)
        events = list(as_events(turn, body))
        breaks = turn.trouble in ("dropped", "error_event", "malformed")
        for event in events[: len(events) // 2] if breaks else events:
            await response.write(as_line(event))
        if turn.trouble == "error_event":
            failure = {"type": turn.error, "message": "As scripted."}
            await response.write(as_line({"type": "error", "error": failure, "request_id": "req_local"}))
        elif turn.trouble == "malformed":
            await response.write(b'event: content_block_delta\ndata: {"type": "content_blo\n\n')
        elif turn.trouble == "dropped":
            break_connection(request, hard=False)
            return response
        await response.write_eof()
        return response

    async def _count(self, request: web.Request) -> web.Response:
        body = await _json_of(request)
        refused = self._refused(request, body, counting=True)
        return refused or web.json_response({"input_tokens": count_tokens(body)})

    async def _models(self, request: web.Request) -> web.Response:
        models = [
            {
                "id": name,
                "type": "model",
                "display_name": name.replace("-", " ").title(),
                "created_at": "2026-09-01T00:00:00Z",
                "lifecycle": "active",
                "max_input_tokens": 200_000,
                "max_tokens": 64_000,
            }
            for name in MODELS
        ]
        if wanted := request.match_info.get("model"):
            found = [model for model in models if model["id"] == wanted]
            return web.json_response(found[0]) if found else _error(404, "not_found_error", f"model: {wanted}")
        return web.json_response({"data": models, "has_more": False, "first_id": MODELS[0], "last_id": MODELS[-1]})


async def _json_of(request: web.Request) -> JsonObject:
    try:
        document = await request.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _error(status: int, kind: str, sentence: str, headers: Mapping[str, str] | None = None) -> web.Response:
    document = {"type": "error", "error": {"type": kind, "message": sentence}, "request_id": "req_local"}
    return web.json_response(document, status=status, headers=headers)


async def _build(options: argparse.Namespace) -> LocalClaude:
    brain: Brain | None = None
    if options.brain:
        module, _, function = options.brain.partition(":")
        brain = getattr(importlib.import_module(module), function)
    return LocalClaude(port=options.port, brain=brain, latency=options.latency)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency", type=float, default=0, help="seconds per call")
    parser.add_argument("--brain", default="", help="a function as module:name, asked when nothing is scripted")
    serve(parser, _build)
