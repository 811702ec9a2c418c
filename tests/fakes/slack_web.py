"""The Web API's front: reads a call, checks its token, lets a planned fault happen, answers as Slack answers.

Arguments come as a form, as JSON or in the query, and nested ones (`blocks`, `metadata`) as JSON within a form; the
methods see them decoded. Every call is kept with its time, whatever became of it, because a test of Retry-After asks
when the bot came back.
"""

import json
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from tests.fakes.faults import Fault, JsonObject, break_connection, linger, rate_limited
from tests.fakes.loopback import Loopback
from tests.fakes.slack_lookups import METHODS
from tests.fakes.slack_oauth import OAuth
from tests.fakes.slack_shapes import own_events
from tests.fakes.slack_sockets import Sockets
from tests.fakes.slack_state import RefusalError, Workspace
from tests.fakes.slack_teams import Teams
from tests.fakes.slack_tiers import Tiers

NESTED = ("blocks", "attachments", "metadata", "view", "prompts", "chunks")


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of the Web API."""

    method: str
    arguments: JsonObject
    at: float
    """Seconds on the monotonic clock, at arrival."""
    answer: JsonObject | None
    """What was answered (or would have been, had the answer not been lost); None for an HTTP fault."""


async def arguments_of(request: web.Request) -> JsonObject:
    """Give the arguments of a call, decoded; an undecodable body has none."""
    given: JsonObject = dict(request.query)
    if request.content_type == "application/json":
        try:
            document = await request.json()
        except ValueError:
            document = {}
        given.update(document if isinstance(document, dict) else {})
    else:
        given.update(await request.post())
    for name in NESTED:
        if isinstance(given.get(name), str):
            try:
                given[name] = json.loads(given[name])
            except ValueError:
                raise RefusalError("invalid_blocks_format" if name == "blocks" else "invalid_arguments") from None
    return given


class WebApi:
    """`/api/{method}` over all teams; the token says which."""

    def __init__(self, server: Loopback, teams: Teams, oauth: OAuth, sockets: Sockets) -> None:
        self.calls: list[Call] = []
        self.seconds_between_posts = 0.0
        """At most one post per channel in so many seconds, else 429; Slack's own figure is 1."""
        self.tiers = False
        """Whether the published number of calls per minute of each method and team is enforced."""
        self.token_error = ""
        """When set, every call is refused with it: `token_revoked`, `account_inactive`."""
        self.on_own_post: Callable[[list[JsonObject]], None] = lambda _: None
        """Told the events that Slack makes of what the bot itself did."""
        self._server = server
        self._teams = teams
        self._oauth = oauth
        self._sockets = sockets
        self._tiers = Tiers()
        self._last_post: dict[str, float] = defaultdict(lambda: float("-inf"))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        method, at = request.match_info["method"], time.monotonic()
        arguments: JsonObject = {}
        answer: JsonObject | None = None
        fault = self._server.faults.take(method)
        try:
            arguments = await arguments_of(request)
            if fault is None and (wait := self._wait(request, method, arguments, at)):
                fault = rate_limited(wait)
            if fault is not None and fault.kind == "hang":
                await linger(fault, self._server.stopping)
            elif fault is not None and fault.kind in ("status", "reset"):
                return self._failed(request, fault)
            answer = {"ok": True, **self._answer(request, method, arguments, fault)}
        except RefusalError as refusal:
            answer = {"ok": False, "error": refusal.error, **refusal.more}
        finally:
            self.calls.append(Call(method=method, arguments=arguments, at=at, answer=answer))
            await self._server.happened()
        if fault is not None and fault.kind == "drop":
            return break_connection(request, hard=False)
        return web.json_response(answer)

    def _answer(self, request: web.Request, method: str, arguments: JsonObject, fault: Fault | None) -> JsonObject:
        if fault is not None and fault.kind == "refusal":
            raise RefusalError(fault.error)
        authorization = request.headers.get("Authorization", "")
        if method == "oauth.v2.access":
            return self._oauth.access(arguments, authorization)
        given = authorization.removeprefix("Bearer ") or str(arguments.pop("token", ""))
        if method == "apps.connections.open":
            return self._sockets.open(given)
        if self.token_error:
            raise RefusalError(self.token_error)
        workspace = self._teams.opened_by(given)
        if method == "auth.revoke":
            self._teams.revoke(given)
            return {"revoked": True}
        if method == "api.test":
            return {"args": arguments}
        if method not in METHODS:
            raise RefusalError("unknown_method", req_method=method)
        return self._carry_out(workspace, method, arguments)

    def _carry_out(self, workspace: Workspace, method: str, arguments: JsonObject) -> JsonObject:
        kept = workspace.messages.get(str(arguments.get("channel", "")), {})
        before = dict(kept.get(str(arguments.get("ts", "")), {}))
        answer = METHODS[method](workspace, arguments)
        self.on_own_post(own_events(workspace, method, before, answer))
        return answer

    def _wait(self, request: web.Request, method: str, arguments: JsonObject, at: float) -> int:
        """Give how many seconds the caller has to stay away; 0 when the call is in time."""
        if method != "chat.postMessage":
            token = request.headers.get("Authorization", "")
            return self._tiers.wait(token, method, at) if self.tiers else 0
        channel = str(arguments.get("channel", ""))
        if self.seconds_between_posts and at - self._last_post[channel] < self.seconds_between_posts:
            return 1
        self._last_post[channel] = at
        return 0

    def _failed(self, request: web.Request, fault: Fault) -> web.Response:
        if fault.kind == "reset":
            return break_connection(request, hard=True)
        headers = {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}
        if fault.body is not None:
            return web.Response(status=fault.status, text=fault.body, headers=headers)
        document = {"ok": False, "error": fault.error or "internal_error"}
        return web.json_response(document, status=fault.status, headers=headers)
