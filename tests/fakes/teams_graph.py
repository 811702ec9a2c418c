"""Microsoft Graph over the same tenant as the connector: what a bot may read of the teams and chats that have installed it.

A token counts here only if it was issued for Graph. Each read needs its resource-specific permission in that team or chat; all that the
app's manifest asks for is granted until a test refuses one. What was posted appears after `delay` seconds. Text is given back in
other markup than it was posted in, and cards as a string of JSON, as Graph does.
Shapes: learn.microsoft.com/graph/api/resources/chatmessage, channel-list-messages, chatmessage-list-replies, chatmessage-delta,
chat-list-messages, team-get. Faults are planned for the kind `graph`.
"""

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import TypeAlias

from aiohttp import web

from tests.fakes.faults import Fault, JsonObject, break_connection, linger
from tests.fakes.loopback import Loopback, Verb
from tests.fakes.teams_state import APP_ID, BOT_ID, BOT_NAME, CARD, MARK, RefusalError, Tenant, group_of
from tests.fakes.teams_tokens import Issuer

PREFIX = "/graph"
LARGEST_PAGE = 50
READ_CHANNEL, READ_CHAT, READ_TEAM = "ChannelMessage.Read.Group", "ChatMessage.Read.Chat", "TeamSettings.Read.Group"
Action: TypeAlias = Callable[[web.Request], JsonObject]
Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Graph:
    """`/v1.0/…`."""

    def __init__(self, server: Loopback, tenant: Tenant, issuer: Issuer) -> None:
        self.reads: list[str] = []
        """Path and query of every read that was let in."""
        self.page_size = LARGEST_PAGE
        self.delay = 0.0
        self._server = server
        self._tenant = tenant
        self._issuer = issuer
        self._refused: set[tuple[str, str]] = set()
        self._visibility: dict[str, str] = {}

    @property
    def url(self) -> str:
        """What goes to the bot's settings."""
        return f"{self._server.url}{PREFIX}"

    def routes(self) -> list[web.RouteDef]:
        """Give the endpoints."""
        team = f"{PREFIX}/v1.0/teams/{{group}}"
        channel = f"{team}/channels/{{channel}}/messages"
        return [
            web.get(team, self._guarded(self._team)),
            web.get(channel, self._guarded(self._roots)),
            web.get(f"{channel}/delta", self._guarded(self._delta)),
            web.get(f"{channel}/{{root}}", self._guarded(self._root)),
            web.get(f"{channel}/{{root}}/replies", self._guarded(self._replies)),
            web.get(f"{PREFIX}/v1.0/chats/{{chat}}/messages", self._guarded(self._chat)),
        ]

    def verbs(self) -> Mapping[str, Verb]:
        """Give what a test in another process may call."""
        return {verb.__name__: verb for verb in (self.refuse_graph, self.set_visibility, self.show_after)}

    def refuse_graph(self, where: str, permission: str) -> None:
        """Take a permission away in a team (by its `19:` id) or chat."""
        self._refused.add((where, permission))

    def set_visibility(self, team: str, visibility: str) -> None:
        """Make a team `public`, `private` (as it is at first) or `hiddenMembership`."""
        self._visibility[team] = visibility

    def show_after(self, seconds: float) -> None:
        """Show posts only so long after they were made."""
        self.delay = seconds

    def _guarded(self, action: Action) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            fault = self._server.faults.take("graph")
            if fault is not None and fault.kind == "hang":
                await linger(fault, self._server.stopping)
            if fault is not None and fault.kind in {"reset", "drop"}:
                return break_connection(request, hard=fault.kind == "reset")
            return self._answer(request, action, fault)

        return handle

    def _answer(self, request: web.Request, action: Action, fault: Fault | None) -> web.Response:
        headers: dict[str, str] = {}
        try:
            self._let_in(request, fault, headers)
            self.reads.append(request.path_qs)
            return web.json_response(action(request))
        except RefusalError as refusal:
            error = {"code": refusal.code, "message": refusal.sentence, "innerError": {}}
            return web.json_response({"error": error}, status=refusal.status, headers=headers)

    def _let_in(self, request: web.Request, fault: Fault | None, headers: dict[str, str]) -> None:
        if fault is not None and fault.kind in {"status", "refusal"}:
            if fault.retry_after is not None:
                headers["Retry-After"] = f"{fault.retry_after:g}"
            raise RefusalError(fault.status, fault.error or "UnknownError", "As planned.")
        if not self._issuer.accepts(request.headers.get("Authorization", ""), audience=self.url):
            raise RefusalError(401, "InvalidAuthenticationToken", "Access token validation failure. Invalid audience.")

    def _allowed(self, where: str, permission: str) -> None:
        if (where, permission) in self._refused:
            raise RefusalError(
                403, "Forbidden", f"Missing role permissions on the request. Roles required: {permission}."
            )

    def _of(self, request: web.Request) -> str:
        """Give the `19:` id of the team that the request names by its group."""
        named = request.match_info["group"]
        for team in self._tenant.teams:
            if group_of(team) == named:
                return team
        raise RefusalError(404, "NotFound", "No team found with Group Id.")

    def _team(self, request: web.Request) -> JsonObject:
        team = self._of(request)
        self._allowed(team, READ_TEAM)
        known = {
            "id": group_of(team),
            "displayName": self._tenant.teams[team],
            "visibility": self._visibility.get(team, "private"),
            "isArchived": False,
        }
        asked = request.query.get("$select")
        return {key: value for key, value in known.items() if not asked or key in asked.split(",")}

    def _channel(self, request: web.Request) -> str:
        team, channel = self._of(request), request.match_info["channel"]
        self._allowed(team, READ_CHANNEL)
        place = self._tenant.places.get(channel)
        if place is None or place.team != team:
            raise RefusalError(404, "NotFound", "The channel was not found in the team.")
        return channel

    def _shown(self, place: str) -> list[JsonObject]:
        """Give the messages of a place that Graph knows of by now, newest first."""
        latest = (time.time() - self.delay) * 1000 if self.delay else float("inf")
        kept = self._tenant.activities.get(place, {}).values()
        return [one for one in reversed(kept) if int(one["id"]) <= latest and one.get("type") == "message"]

    def _in_thread(self, channel: str, root: str) -> list[JsonObject]:
        thread = f"{channel}{MARK}{root}"
        return [one for one in self._shown(channel) if one["conversation"]["id"] == thread]

    def _roots(self, request: web.Request) -> JsonObject:
        return self._paged(request, self._tops(self._channel(request)))

    def _tops(self, channel: str) -> list[JsonObject]:
        return [one for one in self._shown(channel) if one["conversation"]["id"] == f"{channel}{MARK}{one['id']}"]

    def _delta(self, request: web.Request) -> JsonObject:
        """Give the threads in which something was written since, oldest first: other ways to ask have another order."""
        channel = self._channel(request)
        asked = request.query.get("$filter", "")
        if asked and not asked.startswith("lastModifiedDateTime gt "):
            raise RefusalError(400, "BadRequest", "Invalid filter.")
        since = asked.rpartition(" ")[2]
        alive = {one["conversation"]["id"] for one in self._shown(channel) if not since or _at(one["id"]) > since}
        found = [one for one in reversed(self._tops(channel)) if one["conversation"]["id"] in alive]
        page = self._paged(request, found)
        return (
            page
            if "@odata.nextLink" in page
            else {**page, "@odata.deltaLink": f"{self.url}{request.path}?$deltatoken=1"}
        )

    def _root(self, request: web.Request) -> JsonObject:
        channel = self._channel(request)
        found = [one for one in self._tops(channel) if one["id"] == request.match_info["root"]]
        if not found:
            raise RefusalError(404, "NotFound", "The message was not found.")
        return self._message(found[0])

    def _replies(self, request: web.Request) -> JsonObject:
        channel, root = self._channel(request), request.match_info["root"]
        return self._paged(request, [one for one in self._in_thread(channel, root) if one["id"] != root])

    def _chat(self, request: web.Request) -> JsonObject:
        place = self._tenant.places.get(request.match_info["chat"])
        if place is None or place.kind == "channel":
            raise RefusalError(404, "NotFound", "The chat was not found.")
        self._allowed(place.id, READ_CHAT)
        if place.kind == "personal":
            raise RefusalError(403, "Forbidden", "The app has no consent in this chat.")
        return self._paged(request, self._shown(place.id))

    def _paged(self, request: web.Request, found: list[JsonObject]) -> JsonObject:
        size = int(request.query.get("$top") or 20)
        if not 0 < size <= LARGEST_PAGE:
            raise RefusalError(400, "BadRequest", "The limit of '50' for Top query has been exceeded.")
        size = min(size, self.page_size)
        start = int(request.query.get("$skiptoken") or 0)
        page: JsonObject = {"value": [self._message(one) for one in found[start : start + size]]}
        if start + size < len(found):
            more = request.rel_url.update_query({"$skiptoken": str(start + size)})
            page["@odata.nextLink"] = f"{self._server.url}{more}"
        return {"@odata.count": len(page["value"]), **page}

    def _message(self, activity: JsonObject) -> JsonObject:
        place, _, root = activity["conversation"]["id"].partition(MARK)
        at = _at(activity["id"])
        made = {"createdDateTime": at, "lastModifiedDateTime": at, "deletedDateTime": None, "messageType": "message"}
        team = self._tenant.places[place].team
        in_channel = {"teamId": group_of(team), "channelId": place} if team else None
        cards = [one for one in activity.get("attachments") or [] if one.get("contentType") == CARD]
        attached = [_attachment(number, one) for number, one in enumerate(cards)]
        marks = "".join(f'<attachment id="{one["id"]}"></attachment>' for one in attached)
        return {
            "id": activity["id"],
            "replyToId": root if root and root != activity["id"] else None,
            "etag": activity["id"],
            **made,
            "chatId": None if team else place,
            "channelIdentity": in_channel,
            "from": _writer(activity["from"]),
            "body": {"contentType": "html", "content": _body(activity) + marks},
            "attachments": attached,
            "mentions": [],
            "reactions": [],
        }


def _at(number: str) -> str:
    moment = datetime.fromtimestamp(int(number) / 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{int(number) % 1000:03d}Z"


def _writer(account: JsonObject) -> JsonObject:
    if account.get("id") == BOT_ID:
        bot = {"id": APP_ID, "displayName": BOT_NAME, "applicationIdentityType": "bot"}
        return {"application": bot, "device": None, "user": None}
    user = {"id": account.get("aadObjectId"), "displayName": account.get("name"), "userIdentityType": "aadUser"}
    return {"application": None, "device": None, "user": user}


def _body(activity: JsonObject) -> str:
    """Give the words in the markup of the service, which is not that of the sender."""
    text = str(activity.get("text") or "")
    for ours, theirs in {"\n": "", "<em>": "<i>", "</em>": "</i>", "strong>": "b>", "&quot;": '"'}.items():
        text = text.replace(ours, theirs)
    return f"<div>{text}</div>" if text else ""


def _attachment(number: int, card: JsonObject) -> JsonObject:
    content = json.dumps(card["content"], indent=2, sort_keys=True)
    named = {"id": f"{number:032x}", "contentType": CARD, "name": None, "thumbnailUrl": None}
    return {**named, "contentUrl": None, "content": content}
