"""Response URLs: how a bot answers a button or a command without a token.

Each interaction gets an address of its own. What is posted there replaces or deletes the message that carried the
button, and is kept, with the place that it belongs to, for tests to look at.
"""

from aiohttp import web

from tests.fakes.faults import JsonObject
from tests.fakes.loopback import Loopback
from tests.fakes.slack_state import Workspace
from tests.fakes.slack_web import arguments_of


class ResponseUrls:
    """The addresses that were given out, and what came back."""

    def __init__(self, server: Loopback, workspace: Workspace) -> None:
        self.received: list[JsonObject] = []
        self._server = server
        self._workspace = workspace
        self._places: dict[str, JsonObject] = {}

    def issue(self, user: str, place: JsonObject) -> str:
        """Make an address for an interaction of `user` with a message, or (no `ts`) in a channel."""
        key = f"r{next(self._workspace.numbers)}"
        self._places[key] = {"user": user, "channel": place["channel"], "ts": place.get("ts")}
        return f"{self._server.url}/response/{key}"

    async def handle(self, request: web.Request) -> web.Response:
        """Take what a bot posts to an address."""
        place = self._places.get(request.match_info["key"])
        if place is None:
            return web.Response(status=404, text="used_url")
        given = await arguments_of(request)
        self.received.append({**place, **given})
        kept = self._workspace.messages.get(place["channel"], {})
        message = kept.get(place["ts"] or "")
        if message is not None and given.get("delete_original"):
            del kept[message["ts"]]
        elif message is not None and given.get("replace_original"):
            message.update({key: given[key] for key in ("text", "blocks") if key in given})
        await self._server.happened()
        return web.Response(text="ok")
