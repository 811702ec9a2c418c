"""Response URLs: how a bot answers a button or a command without a token.

Each interaction gets an address of its own, good for five answers within thirty minutes. What is posted there is shown to
that person alone unless it says `in_channel`; it may instead replace or delete the message that carried the button. All of
it is kept for tests to look at. Source: Slack's guide to handling interactions.
"""

import time

from aiohttp import web

from tests.fakes.faults import Fault, JsonObject, break_connection
from tests.fakes.loopback import Loopback
from tests.fakes.slack_chat import check_content
from tests.fakes.slack_state import RefusalError, Workspace
from tests.fakes.slack_teams import Teams
from tests.fakes.slack_web import arguments_of

USES = 5
SECONDS = 1_800.0
METHOD = "response_url"
"""The name under which faults are injected."""


class ResponseUrls:
    """The addresses that were given out, and what came back."""

    def __init__(self, server: Loopback, teams: Teams) -> None:
        self.received: list[JsonObject] = []
        self.seconds = SECONDS
        """How long an address that is given out from now on is good."""
        self._server = server
        self._teams = teams
        self._places: dict[str, JsonObject] = {}
        self._left: dict[str, int] = {}
        self._until: dict[str, float] = {}

    def issue(self, workspace: Workspace, user: str, place: JsonObject) -> str:
        """Make an address for an interaction of `user` with a message, or (no `ts`) in a channel."""
        key = f"r{next(workspace.numbers)}"
        self._places[key] = {"user": user, "channel": place["channel"], "ts": place.get("ts")}
        self._left[key], self._until[key] = USES, time.monotonic() + self.seconds
        return f"{self._server.url}/response/{key}"

    async def handle(self, request: web.Request) -> web.Response:
        """Take what a bot posts to an address."""
        key = request.match_info["key"]
        fault = self._server.faults.take(METHOD)
        if fault is not None and fault.kind in ("status", "reset"):
            return _failed(request, fault)
        if key not in self._places or self._left[key] == 0:
            return web.Response(status=404, text="used_url")
        if self._until[key] < time.monotonic():
            return web.Response(status=404, text="expired_url")
        given = await arguments_of(request)
        try:
            self._take(self._places[key], given)
        except RefusalError as refusal:
            return web.json_response({"ok": False, "error": refusal.error}, status=400)
        self._left[key] -= 1
        await self._server.happened()
        if fault is not None and fault.kind == "drop":
            return break_connection(request, hard=False)
        return web.Response(text="ok")

    def _take(self, place: JsonObject, given: JsonObject) -> None:
        workspace = self._teams.holding(place["channel"])
        if not given.get("delete_original"):
            check_content(given)
        self.received.append({**place, **given})
        kept = workspace.messages.get(place["channel"], {})
        message = kept.get(place["ts"] or "")
        if message is None:
            shown = [item for item in workspace.ephemerals if (item["channel"], item["ts"]) == _key(place)]
            message = shown[0] if shown else None
        said: JsonObject = {name: given[name] for name in ("text", "blocks") if name in given}
        if message is not None and given.get("delete_original"):
            kept.pop(message["ts"], None)
            workspace.ephemerals = [item for item in workspace.ephemerals if item is not message]
        elif message is not None and given.get("replace_original"):
            message.update(said)
        elif given.get("response_type") == "in_channel":
            workspace.add(place["channel"], {**workspace.author, **said}, thread=given.get("thread_ts"))
        else:
            seen = {"channel": place["channel"], "user": place["user"], "ts": workspace.next_ts()}
            workspace.ephemerals.append({**seen, "is_ephemeral": True, "thread_ts": given.get("thread_ts"), **said})


def _key(place: JsonObject) -> tuple[object, object]:
    return place["channel"], place["ts"]


def _failed(request: web.Request, fault: Fault) -> web.Response:
    if fault.kind == "reset":
        return break_connection(request, hard=True)
    headers = {} if fault.retry_after is None else {"Retry-After": f"{fault.retry_after:g}"}
    return web.Response(status=fault.status, text=fault.body or fault.error, headers=headers)
