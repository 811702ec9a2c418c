"""The connector: the REST endpoints through which a bot speaks in Teams and reads rosters.

Rates, sizes and error codes are the published ones. Faults are planned per kind of call: `create`, `post`, `update`,
`delete`, `members`, `team`, and for streams (`teams_streams`) `begin`, `piece`, `final`.
A post's place is decided by the conversation id alone; `replyToId` moves nothing.
"""

import json
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from aiohttp import web

from tests.fakes.faults import Fault, JsonObject, break_connection, linger
from tests.fakes.loopback import Loopback
from tests.fakes.teams_cards import faults_of
from tests.fakes.teams_state import BOT_ID, BOT_NAME, CARD, TENANT, RefusalError, Tenant, group_of
from tests.fakes.teams_streams import Streams, kind_of
from tests.fakes.teams_tokens import Issuer

TEAMS_OWN_RATES = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
EVERYWHERE = (50, 1.0)
"""Of one app in one tenant."""
MAX_BYTES = 100 * 1024
Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
Answer: TypeAlias = tuple[int, object]
Action: TypeAlias = Callable[[web.Request, JsonObject], Answer]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of the connector."""

    kind: str
    path: str
    body: JsonObject
    at: float
    """Seconds on the monotonic clock, at arrival."""
    status: int | None
    """What was answered (or would have been, had the answer not been lost); None when the call broke before."""


class Connector:
    """`/v3/…` over one tenant."""

    def __init__(self, server: Loopback, tenant: Tenant, issuer: Issuer, rates: Sequence[tuple[int, float]]) -> None:
        self.calls: list[Call] = []
        self.page_size = 500
        self.members_by: tuple[str, ...] = ("id", "aadObjectId")
        """By which ids single members are given; Microsoft's own test client takes the first alone."""
        self.rates = tuple(rates)
        self.now: Callable[[], float] = time.monotonic
        """Tells the time by which the rates are counted."""
        self._server = server
        self._tenant = tenant
        self._issuer = issuer
        self.streams = Streams(tenant)
        self._posted: dict[str, deque[float]] = defaultdict(deque)

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """Give the endpoints below a prefix."""
        talk = f"{prefix}/v3/conversations"
        one = f"{talk}/{{conversation}}"
        team = f"{prefix}/v3/teams/{{team}}"
        return [
            web.post(talk, self._guarded("create", self._create)),
            web.post(f"{one}/activities", self._guarded("post", self._post)),
            web.post(f"{one}/activities/{{activity}}", self._guarded("post", self._post)),
            web.put(f"{one}/activities/{{activity}}", self._guarded("update", self._update)),
            web.delete(f"{one}/activities/{{activity}}", self._guarded("delete", self._delete)),
            web.get(f"{one}/members", self._guarded("members", self._members)),
            web.get(f"{one}/pagedmembers", self._guarded("members", self._paged)),
            web.get(f"{one}/members/{{member}}", self._guarded("members", self._member)),
            web.get(team, self._guarded("team", self._team)),
            web.get(f"{team}/conversations", self._guarded("team", self._channels)),
        ]

    def _guarded(self, kind: str, action: Action) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            at, body, status = time.monotonic(), await _json_of(request), None
            called = kind_of(body) if kind == "post" else kind
            fault = self._server.faults.take(called)
            try:
                if fault is not None and fault.kind == "hang":
                    await linger(fault, self._server.stopping)
                if fault is not None and fault.kind == "reset":
                    return break_connection(request, hard=True)
                response = self._answer(request, body, action, fault)
                status = response.status
            finally:
                self.calls.append(Call(kind=called, path=request.path, body=body, at=at, status=status))
                await self._server.happened()
            if fault is not None and fault.kind == "drop":
                return break_connection(request, hard=False)
            return response

        return handle

    def _answer(self, request: web.Request, body: JsonObject, action: Action, fault: Fault | None) -> web.Response:
        headers: dict[str, str] = {}
        try:
            self._let_in(request, fault, headers)
            status, document = action(request, body)
        except RefusalError as refusal:
            error = {"code": refusal.code, "message": refusal.sentence}
            return web.json_response({"error": error}, status=refusal.status, headers=headers)
        return web.json_response(document, status=status)

    def _let_in(self, request: web.Request, fault: Fault | None, headers: dict[str, str]) -> None:
        if fault is not None and fault.kind in ("status", "refusal"):
            if fault.retry_after is not None:
                headers["Retry-After"] = f"{fault.retry_after:g}"
            raise RefusalError(fault.status, fault.error or "ServiceError", fault.body or "As planned.")
        if not self._issuer.accepts(request.headers.get("Authorization", "")):
            headers["WWW-Authenticate"] = "Bearer"
            raise RefusalError(401, "Unauthorized", "Authorization has been denied for this request.")

    def _admit(self, conversation: str, body: JsonObject) -> None:
        if len(json.dumps(body, ensure_ascii=False).encode("utf-16-le")) > MAX_BYTES:
            raise RefusalError(413, "MessageSizeTooBig", "Message size too large.")
        for attached in body.get("attachments") or []:
            wrong = faults_of(attached["content"]) if attached.get("contentType") == CARD else []
            if wrong:
                raise RefusalError(400, "BadCard", "; ".join(wrong[:3]))
        now, posted, everywhere = self.now(), self._posted[conversation], self._posted[""]
        limits = [(posted, *rate) for rate in self.rates] + [(everywhere, *EVERYWHERE)] * bool(self.rates)
        if any(sum(now - at < seconds for at in these) >= most for these, most, seconds in limits):
            raise RefusalError(429, "TooManyRequests", "Too many requests.")
        posted.append(now)
        everywhere.append(now)

    def _create(self, _request: web.Request, body: JsonObject) -> Answer:
        channel = (body.get("channelData") or {}).get("channel", {}).get("id")
        members = [str(member.get("id", "")) for member in body.get("members") or []]
        if channel:
            if "activity" not in body:
                raise RefusalError(400, "BadSyntax", "A new thread needs its first activity.")
            place = self._tenant.place(channel)
        elif len(members) == 1 and not body.get("isGroup"):
            person = self._tenant.somebody(members[0])
            if person is None or not person.installed:
                raise RefusalError(403, "ForbiddenOperationException", "The bot is not installed for this user.")
            if _tenant_of(body) != TENANT:
                raise RefusalError(400, "BadArgument", "The tenant id is missing or wrong.")
            place = self._tenant.personal(person.id)
        else:
            raise RefusalError(403, "BadArgument", "A bot cannot create group chats.")
        created: JsonObject = {"id": place.id, "serviceUrl": None}
        if body.get("activity"):
            self._admit(place.id, body["activity"])
            stored = self._tenant.add(place.id, {**body["activity"], "from": {"id": BOT_ID, "name": BOT_NAME}})
            created |= {"id": stored["conversation"]["id"], "activityId": stored["id"]}
        return 201, created

    def _post(self, request: web.Request, body: JsonObject) -> Answer:
        conversation = request.match_info["conversation"]
        self._tenant.place(conversation)
        self._admit(conversation, body)
        if not body.get("type"):
            raise RefusalError(400, "BadSyntax", "An activity needs a type.")
        if kind_of(body) != "post":
            return self.streams.take(conversation, body)
        if body["type"] == "typing":
            return 201, {"id": self._tenant.next_id()}
        if not (body.get("text") or body.get("attachments")):
            raise RefusalError(400, "BadSyntax", "Activity must have text or attachments.")
        stored = self._tenant.add(conversation, {**body, "from": {"id": BOT_ID, "name": BOT_NAME}})
        return 201, {"id": stored["id"]}

    def _mine(self, request: web.Request) -> JsonObject:
        found = self._tenant.activity(request.match_info["conversation"], request.match_info["activity"])
        if found.get("from", {}).get("id") != BOT_ID:
            raise RefusalError(403, "BotNotAuthor", "A bot can change its own activities only.")
        return found

    def _update(self, request: web.Request, body: JsonObject) -> Answer:
        found = self._mine(request)
        self.streams.may_change(found["id"])
        self._admit(request.match_info["conversation"], body)
        kept = {key: found[key] for key in ("id", "conversation", "from")}
        found.clear()
        found.update({**body, **kept, "updated": True})
        return 200, {"id": found["id"]}

    def _delete(self, request: web.Request, _body: JsonObject) -> Answer:
        found = self._mine(request)
        self.streams.may_delete(found["id"])
        del self._tenant.activities[found["conversation"]["id"].partition(";")[0]][found["id"]]
        return 200, {}

    def _roster(self, request: web.Request) -> list[JsonObject]:
        members = self._tenant.roster(request.match_info["conversation"])
        return [self._tenant.people[member].as_member() for member in members]

    def _members(self, request: web.Request, _body: JsonObject) -> Answer:
        return 200, self._roster(request)

    def _paged(self, request: web.Request, _body: JsonObject) -> Answer:
        roster = self._roster(request)
        start = int(request.query.get("continuationToken") or 0)
        end = start + min(int(request.query.get("pageSize") or 200), self.page_size)
        page: JsonObject = {"members": roster[start:end]}
        if end < len(roster):
            page["continuationToken"] = str(end)
        return 200, page

    def _member(self, request: web.Request, _body: JsonObject) -> Answer:
        wanted, known = request.match_info["member"], self.members_by
        for member in self._roster(request):
            if wanted in {member[key] for key in known}:
                return 200, member
        raise RefusalError(404, "MemberNotFoundInConversation", "The member was not found.")

    def _team(self, request: web.Request, _body: JsonObject) -> Answer:
        team = request.match_info["team"]
        if team not in self._tenant.teams:
            raise RefusalError(404, "TeamNotFound", "The team was not found.")
        channels = [place for place in self._tenant.places.values() if place.team == team]
        members = {member for place in channels for member in place.members}
        counts = {"channelCount": len(channels), "memberCount": len(members)}
        return 200, {
            "id": team,
            "name": self._tenant.teams[team],
            "type": "standard",
            "tenantId": TENANT,
            "aadGroupId": group_of(team),
            **counts,
        }

    def _channels(self, request: web.Request, _body: JsonObject) -> Answer:
        team = request.match_info["team"]
        of_team = [place for place in self._tenant.places.values() if place.team == team]
        channels = [place for place in of_team if place.access == "standard"]
        return 200, {"conversations": [{"id": place.id, "name": place.name} for place in channels]}


async def _json_of(request: web.Request) -> JsonObject:
    try:
        document = await request.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _tenant_of(body: JsonObject) -> object:
    """Find the tenant: the service does not mind the case, and the Bot Framework's client writes `tenantID`."""
    named = body.get("tenantId") or body.get("tenantID")
    return named or (body.get("channelData") or {}).get("tenant", {}).get("id")
