"""Microsoft Teams on loopback, as real as a bot can tell: keys, login, connector, and people who write and press.

A test adds people, teams and channels, lets them speak, and looks at what the bot posted. Speaking returns when the bot
has answered the HTTP request (or Teams has given up), never when the bot has finished: wait for its post with `until`.
Signing keys are read over HTTP; a reader that blocks the event loop must be given a server in a process of its own:
`python -m tests.fakes.teams`, whose verbs are the methods' names.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from aiohttp import web

from tests.fakes import teams_shapes as shapes
from tests.fakes.faults import Fault, JsonObject, break_connection, linger
from tests.fakes.loopback import Loopback, Verb
from tests.fakes.separate import serve
from tests.fakes.teams_connector import TEAMS_OWN_RATES, Call, Connector
from tests.fakes.teams_delivery import Attempt, Delivery
from tests.fakes.teams_dialogs import Dialogues
from tests.fakes.teams_graph import Graph
from tests.fakes.teams_identity import HostIdentity
from tests.fakes.teams_members import Members
from tests.fakes.teams_state import MARK, TENANT, Person, Place, Tenant
from tests.fakes.teams_tokens import Issuer
from tests.fakes.teams_views import Views

REGION = "/emea"


class LocalTeams(Loopback):
    """One tenant. `service_url`, `metadata_url` and `login_url` go to the bot's settings; `bot_url` is /api/messages."""

    def __init__(
        self,
        *,
        port: int = 0,
        bot_url: str | None = None,
        answer_within: float = 15.0,
        rates: Sequence[tuple[int, float]] = (),
    ) -> None:
        super().__init__(port=port)
        self.tenant = Tenant()
        self.issuer = Issuer()
        self.connector = Connector(self, self.tenant, self.issuer, rates)
        self.delivery = Delivery(issuer=self.issuer, url=bot_url, http=lambda: self.http, answer_within=answer_within)
        self.graph = Graph(self, self.tenant, self.issuer)
        self.identity = HostIdentity(self, self.issuer)
        self.dialogues = Dialogues(self.tenant, self.deliver, lambda: self.service_url)
        self.members = Members(self.tenant, self.deliver, lambda: self.service_url)
        self.views = Views(self.tenant, self.deliver, lambda: self.service_url)

    def routes(self) -> list[web.RouteDef]:
        """Give keys, login and connector."""
        return [
            web.get("/v1/.well-known/openidconfiguration", self._metadata),
            web.get("/v1/.well-known/keys", self._keys),
            web.get("/{tenant}/v2.0/.well-known/openid-configuration", self._authority),
            web.post("/{tenant}/oauth2/v2.0/token", self._login),
            *self.connector.routes(REGION),
            *self.graph.routes(),
            *self.identity.routes(),
        ]

    def verbs(self) -> Mapping[str, Verb]:
        """Give what a test in another process may call."""
        talking = (self.says, self.edits, self.deletes, self.restores, self.joins)
        doing = (*talking, self.redeliver, self.redeliver_unanswered)
        dialogues = (self.dialogues.opens, self.dialogues.opens_on, self.dialogues.sends)
        views = (self.views.press, self.views.refresh, self.views.looks, self.connector.streams.stops)
        adding = (self.add_person, self.add_team, self.add_channel, self.add_chat)
        setting = (self.set_place, self.set_bot_url, self.delivery.set_patience)
        looking = (
            self.posts,
            self.thread,
            self.open_personal,
            self.wait_for_posts,
            self.rotate_keys,
            self.issuer.mint_many,
        )
        known = {verb.__name__: verb for verb in (*doing, *dialogues, *views, *adding, *setting, *looking)}
        return {**known, **self.graph.verbs(), **self.members.verbs()}

    @property
    def service_url(self) -> str:
        """Where the connector is, as activities state it, with a slash at the end."""
        return f"{self.url}{REGION}/"

    @property
    def metadata_url(self) -> str:
        """Where the OpenID document of the inbound keys is."""
        return f"{self.url}/v1/.well-known/openidconfiguration"

    @property
    def login_url(self) -> str:
        """Where the bot logs in: `{login_url}/{tenant}/oauth2/v2.0/token`."""
        return self.url

    @property
    def calls(self) -> list[Call]:
        """Every call of the connector, in order of completion."""
        return self.connector.calls

    def calls_to(self, kind: str) -> list[Call]:
        """Give the calls of one kind: create, post, update, delete, members, team."""
        return [call for call in self.calls if call.kind == kind]

    @property
    def attempts(self) -> list[Attempt]:
        """Every request to the bot, and what it answered."""
        return self.delivery.attempts

    def state(self) -> JsonObject:
        """Give people, places, activities, calls, logins and attempts."""
        people = {key: asdict(person) for key, person in self.tenant.people.items()}
        places = {key: asdict(place) for key, place in self.tenant.places.items()}
        log = {"calls": [asdict(call) for call in self.calls], "attempts": [asdict(made) for made in self.attempts]}
        said = {"activities": {key: list(kept.values()) for key, kept in self.tenant.activities.items()}}
        return {"people": people, "places": places, **said, **log, "logins": self.issuer.logins}

    def set_bot_url(self, url: str) -> None:
        """Say where the bot's /api/messages is."""
        self.delivery.url = url

    def add_person(self, id: str, *, name: str, email: str | None = None, **fields: Any) -> str:  # noqa: A002, ANN401
        """Add somebody (`29:…`); `fields` are those of `Person`: role, tenant, installed, aad_object_id."""
        known = {"aad_object_id": f"aad-{id.removeprefix('29:')}", **fields}
        self.tenant.people[id] = Person(id=id, name=name, email=email, **known)
        return id

    def add_team(self, id: str, *, name: str) -> str:  # noqa: A002
        """Add a team in which the app is installed."""
        self.tenant.teams[id] = name
        return id

    def add_channel(
        self,
        id: str,  # noqa: A002
        *,
        team: str,
        name: str = "General",
        members: Sequence[str] = (),
        access: str = "standard",
    ) -> str:
        """Add a channel (`19:…@thread.tacv2`): `standard` (its members are the whole team's), `private` or `shared`."""
        place = Place(id=id, kind="channel", name=name, members=tuple(members), team=team, access=access)
        self.tenant.places[id] = place
        return id

    def add_chat(self, id: str, *, members: Sequence[str]) -> str:  # noqa: A002
        """Add a group chat (`19:…@thread.v2`) with the bot in it."""
        self.tenant.places[id] = Place(id=id, kind="groupChat", name="", members=tuple(members))
        return id

    def set_place(self, place: str, **fields: Any) -> None:  # noqa: ANN401
        """Change a place: `members`, or `refuses="BotDisabledByAdmin"`."""
        if "members" in fields:
            fields["members"] = tuple(fields["members"])
        self.tenant.change(place, **fields)

    def open_personal(self, person: str) -> str:
        """Give the id of the personal chat between somebody and the bot."""
        return self.tenant.personal(person).id

    def rotate_keys(self, *, keep_old: bool = False) -> str:
        """Sign with a new key from now on; its kid."""
        return self.issuer.rotate(keep_old=keep_old).kid

    def posts(self, conversation: str | None = None) -> list[JsonObject]:
        """Give what the bot posted, oldest first."""
        return self.tenant.posts(conversation)

    async def wait_for_posts(
        self, count: int = 1, conversation: str | None = None, containing: str = "", seconds: float = 10
    ) -> list[JsonObject]:
        """Wait until the bot has posted so many activities with these words (in text or card); else TimeoutError."""

        def found() -> list[JsonObject] | None:
            posts = [post for post in self.posts(conversation) if containing in shapes.words(post)]
            return posts if len(posts) >= count else None

        return await self.until(found, seconds=seconds)

    def thread(self, conversation: str) -> list[JsonObject]:
        """Give the activities of one thread, chat or channel, oldest first."""
        return self.tenant.thread(conversation)

    async def says(
        self,
        person: str,
        conversation: str,
        text: str,
        thread: str | None = None,
        *,
        mention: bool | None = None,
        quotes: str = "",
        file: str = "",
    ) -> JsonObject:
        """Somebody writes; `conversation` is a channel, thread or chat, or the person's own id for the personal chat.

        Outside personal chats the bot is mentioned unless `mention` is false, and then it hears nothing, as in Teams, unless
        the place lets it hear everything (`set_place(..., hears_all=True)`). `quotes` is the id of a message that stands
        there; a `file` comes along in personal chats only. Returns the activity as stored; its `conversation.id` names the thread.
        """
        base, _, root = conversation.partition(MARK)
        place = self.tenant.personal(person) if conversation == person else self.tenant.places[base]
        if person not in place.members:
            raise LookupError(f"{person} is not in {place.id} and cannot write there: add the member first.")
        named = place.kind != "personal" if mention is None else mention
        written = shapes.message(self.tenant.people[person], place, text, self.service_url, mention=named)
        written = shapes.quoting(written, self.tenant.activity(place.id, quotes)) if quotes else written
        written = shapes.attached(written, file) if file and place.kind == "personal" else written
        root = thread or root
        stored = self.tenant.add(f"{place.id}{MARK}{root}" if root else place.id, written)
        if named or place.kind == "personal" or place.hears_all:
            await self.deliver(stored)
        return stored

    async def edits(self, conversation: str, activity: str, text: str) -> None:
        """Let the author of a message change it; the bot hears of it where it heard the message."""
        old = self.tenant.activity(conversation, activity)
        old["text"] = text
        if activity in self.delivery.sent:
            await self.deliver(shapes.changed(old, text))

    async def deletes(self, conversation: str, activity: str) -> None:
        """Let the author of a message delete it; the bot hears of it where it heard the message."""
        old = self.tenant.activities[self.tenant.place(conversation).id].pop(activity)
        self.tenant.deleted[activity] = old
        if activity in self.delivery.sent:
            await self.deliver(shapes.deleted(old))

    async def restores(self, conversation: str, activity: str) -> None:
        """Let the author of a message that was deleted take that back."""
        kept = self.tenant.activities[self.tenant.place(conversation).id]
        kept[activity] = old = self.tenant.deleted.pop(activity)
        await self.deliver(shapes.changed(old, str(old["text"]), "undeleteMessage"))

    async def joins(self, person: str, place: str, *, bot: bool = False) -> None:
        """Somebody is added to a channel or chat, or (`bot`) somebody adds the bot; `place` is their own id for the personal chat."""
        known = self.tenant.personal(person) if place == person else self.tenant.places[place]
        if not bot and person not in known.members:
            self.tenant.change(place, members=(*known.members, person))
        sent = shapes.joined(self.tenant.people[person], known, self.service_url, bot=bot)
        about = {"id": known.id, "conversationType": known.kind, "tenantId": TENANT}
        await self.deliver({"id": f"f:{self.tenant.next_id()}", **sent, "conversation": about})

    async def redeliver(self, activity: str) -> int | None:
        """Teams sends an activity again though it was answered; the bot's status."""
        return (await self.delivery.again(activity)).status

    async def redeliver_unanswered(self) -> int:
        """Teams sends again every activity that got no 2xx, invokes apart, oldest first; how many there were."""
        return await self.delivery.missed_again()

    async def deliver(
        self, activity: JsonObject, *, token: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Attempt:
        """Send any activity, with a good token or `token` (and other headers); the last attempt."""
        attempt = await self.delivery.activity(activity, token=token, headers=headers or {})
        await self.happened()
        return attempt

    async def _metadata(self, request: web.Request) -> web.Response:
        return await self._faulty("openid", request) or web.json_response(self.issuer.metadata(self.url))

    async def _keys(self, request: web.Request) -> web.Response:
        return await self._faulty("keys", request) or web.json_response(self.issuer.keys())

    async def _authority(self, request: web.Request) -> web.Response:
        return web.json_response(self.issuer.authority(self.url, request.match_info["tenant"]))

    async def _login(self, request: web.Request) -> web.Response:
        return await self._faulty("token", request) or await self.issuer.login(request)

    async def _faulty(self, kind: str, request: web.Request) -> web.Response | None:
        fault: Fault | None = self.faults.take(kind)
        if fault is None:
            return None
        if fault.kind == "hang":
            await linger(fault, self.stopping)
            return None
        if fault.kind in ("reset", "drop"):
            return break_connection(request, hard=fault.kind == "reset")
        return web.json_response({"error": fault.error}, status=fault.status)


async def _build(options: argparse.Namespace) -> LocalTeams:
    rates = TEAMS_OWN_RATES if options.own_rates else ()
    return LocalTeams(port=options.port, bot_url=options.bot_url, answer_within=options.answer_within, rates=rates)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bot-url", default=None, help="the bot's /api/messages")
    parser.add_argument("--answer-within", type=float, default=15.0, help="seconds until Teams sends again")
    parser.add_argument("--own-rates", action="store_true", help="refuse what comes faster than Teams takes it")
    serve(parser, _build)
