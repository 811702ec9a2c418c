"""Who is in which Slack team and where, as a test says it; and the parts that a local Slack consists of.

Setting up is apart from acting: these verbs change a team without telling the bot anything. Where Slack would announce
a change as an event, the verbs of people (`joins`, `archives`, `changes`) make it and announce it.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from types import TracebackType
from typing import Any

from tests.fakes.faults import JsonObject
from tests.fakes.loopback import Loopback
from tests.fakes.slack_delivery import AT_ONCE, Attempt, Delivery
from tests.fakes.slack_oauth import OAuth
from tests.fakes.slack_responses import ResponseUrls
from tests.fakes.slack_sockets import Sockets
from tests.fakes.slack_state import Channel, User, Workspace
from tests.fakes.slack_teams import Teams
from tests.fakes.slack_web import WebApi

TOKEN = "xoxb-local-slack"
APP_TOKEN = "xapp-local-slack"
SIGNING_SECRET = "local-signing-secret"


class Furnished(Loopback):
    """A server over teams that tests furnish."""

    def __init__(
        self,
        *,
        port: int = 0,
        token: str = TOKEN,
        app_token: str = APP_TOKEN,
        signing_secret: str = SIGNING_SECRET,
        events_url: str | None = None,
        retry_delays: Sequence[float] = AT_ONCE,
        ack_within: float = 3.0,
        echo_own_posts: bool = True,
    ) -> None:
        super().__init__(port=port)
        self.token = token
        self.signing_secret = signing_secret
        self.workspace = Workspace()
        """The home team, where the app is installed from the beginning."""
        self.teams = Teams(self.workspace, token)
        self.oauth = OAuth(self.teams)
        self.sockets = Sockets(self, app_token)
        self.web = WebApi(self, self.teams, self.oauth, self.sockets)
        self.delivery = Delivery(
            secret=signing_secret,
            url=events_url,
            http=lambda: self.http,
            sockets=self.sockets,
            retry_delays=retry_delays,
            ack_within=ack_within,
        )
        self.sent: dict[str, JsonObject] = {}
        """Every event envelope by event_id, for `redeliver`."""
        self.response_urls = ResponseUrls(self, self.teams)
        self.downloads: list[JsonObject] = []
        """Each time that somebody fetched a file: its id, and whether the token was good for it."""
        self.echo_own_posts = echo_own_posts
        self._echoes: set[asyncio.Task[None]] = set()
        self.web.on_own_post = self._echo

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._echoes:
            task.cancel()
        await asyncio.gather(*self._echoes, return_exceptions=True)
        await self.sockets.break_links()
        await super().__aexit__(kind, error, trace)

    @property
    def attempts(self) -> list[Attempt]:
        """Every request to the bot, and what it answered."""
        return self.delivery.attempts

    def add_team(self, id: str, *, name: str = "", enterprise: str | None = None, installed: bool = True) -> str:  # noqa: A002
        """Add a team and give the token of its bot; nothing when the app is not `installed` there (yet)."""
        self.teams.add(id, name=name, enterprise=enterprise)
        return self.teams.issue(id) if installed else ""

    def add_user(
        self,
        id: str,  # noqa: A002
        *,
        name: str,
        email: str | None = None,
        team: str = "",
        **fields: Any,  # noqa: ANN401
    ) -> str:
        """Add somebody to a team (the home team unless told otherwise).

        `fields` are those of `User` (is_restricted, is_stranger, tz, locale …); a `team_id` says where a stranger is at home.
        """
        place = self.teams.workspaces[team] if team else self.workspace
        place.users[id] = User(id=id, name=name, email=email, **{"team_id": place.team, **fields})
        return id

    def set_user(self, id: str, **fields: Any) -> None:  # noqa: A002, ANN401
        """Change somebody: deactivate, rename, make a guest."""
        users = self.teams.holding(id).users
        users[id] = User(**{**asdict(users[id]), **fields})

    def add_channel(
        self,
        id: str,  # noqa: A002
        *,
        name: str = "",
        private: bool = False,
        ext_shared: bool = False,
        members: Sequence[str] = (),
        bot: bool = True,
        team: str = "",
    ) -> str:
        """Add a channel to a team; the bot is in it unless `bot` is false."""
        place = self.teams.workspaces[team] if team else self.workspace
        inside = (*members, place.bot_user) if bot and place.bot_user not in members else tuple(members)
        place.channels[id] = Channel(
            id=id, name=name or id.lower(), members=inside, is_private=private, is_ext_shared=ext_shared
        )
        return id

    def set_channel(self, channel: str, **fields: Any) -> None:  # noqa: ANN401
        """Change a channel: `members`, `is_archived`, `is_private`, `is_ext_shared`."""
        if "members" in fields:
            fields["members"] = tuple(fields["members"])
        self.teams.holding(channel).change(channel, **fields)

    def open_direct(self, user: str) -> str:
        """Give the id of the direct channel between a user and the bot."""
        return self.teams.holding(user).direct(user).id

    def set_events_url(self, url: str) -> None:
        """Say where the bot listens."""
        self.delivery.url = url

    async def deliver(self, *envelopes: JsonObject) -> None:
        """Send events at the same time, each until it is acknowledged or given up."""
        self.sent.update({envelope["event_id"]: envelope for envelope in envelopes})
        await asyncio.gather(*(self.delivery.event(envelope) for envelope in envelopes))
        await self.happened()

    async def interact(self, payload: JsonObject) -> JsonObject:
        """Send an interaction; what the bot answered."""
        fields = {"payload": json.dumps(payload)}
        attempt = await self.delivery.form(payload["type"], fields, payload["trigger_id"])
        await self.happened()
        return {"status": attempt.status, "body": attempt.body}

    def as_shown(self, message: JsonObject) -> JsonObject:
        """Give a message that `channel` and `ts` name, as it stands now, with its `channel`."""
        channel, ts = str(message["channel"]), str(message["ts"])
        place = self.teams.holding(channel)
        for shown in place.ephemerals:
            if (shown["channel"], shown["ts"]) == (channel, ts):
                return shown
        return {**place.message(channel, ts), "channel": channel}

    def where(self, user: str, channel: str) -> tuple[Workspace, str]:
        """Give the team and the channel in which a user acts; a user's own id stands for the direct chat with the bot."""
        place = self.teams.holding(channel)
        return place, place.direct(user).id if channel == user else channel

    def _echo(self, envelopes: list[JsonObject]) -> None:
        if self.echo_own_posts and (self.delivery.url is not None or self.sockets.enabled):
            task = asyncio.create_task(self.deliver(*envelopes))
            self._echoes.add(task)
            task.add_done_callback(self._echoes.discard)
