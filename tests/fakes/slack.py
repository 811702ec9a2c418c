"""Slack on loopback, as real as a bot can tell: Web API, events, Socket Mode, interactions, forms, files, installations.

A test sets up users and channels, lets people speak and press buttons, and looks at what the bot posted. Speaking
returns when the bot has acknowledged (or Slack has given up), never when the bot has finished: wait for its post with
`until`. `python -m tests.fakes.slack` runs the same thing as a process of its own; its verbs are the methods' names.
"""

import argparse
from collections.abc import Mapping
from dataclasses import asdict

from aiohttp import web

from tests.fakes.faults import JsonObject
from tests.fakes.loopback import Verb
from tests.fakes.separate import serve
from tests.fakes.slack_clicks import Clicking
from tests.fakes.slack_oauth import CLIENT_ID, CLIENT_SECRET
from tests.fakes.slack_setup import APP_TOKEN, SIGNING_SECRET, TOKEN
from tests.fakes.slack_shapes import has_element, sign
from tests.fakes.slack_state import BOT_USER, TEAM
from tests.fakes.slack_web import Call

__all__ = [
    "APP_TOKEN",
    "BOT_USER",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "SIGNING_SECRET",
    "TEAM",
    "TOKEN",
    "LocalSlack",
    "sign",
]


class LocalSlack(Clicking):
    """A home team and as many others as a test adds. `api_url` goes to SLACK_API_URL; `events_url` is the bot's /slack/events.

    As in Slack, the bot is told of its own posts, changes and deletions too, unless `echo_own_posts` is false.
    """

    def routes(self) -> list[web.RouteDef]:
        """Give the Web API, the response URLs, Socket Mode, the page of an installation, and files."""
        return [
            web.route("*", "/api/{method}", self.web.handle),
            web.post("/response/{key}", self.response_urls.handle),
            web.get("/link/", self.sockets.handle),
            web.get("/oauth/v2/authorize", self.oauth.page),
            web.get("/files-pri/{key}/{name:.*}", self.download),
        ]

    def verbs(self) -> Mapping[str, Verb]:
        """Give what a test in another process may call."""
        talking = (
            self.says,
            self.uploads,
            self.edits,
            self.deletes,
            self.joins,
            self.leaves,
            self.archives,
            self.shares,
        )
        clicking = (self.press, self.command, self.shortcut, self.global_shortcut, self.submit, self.sends, self.closes)
        app = (
            self.opens_home,
            self.opens_messages,
            self.press_home,
            self.searches_home,
            self.press_in_modal,
            self.stops,
        )
        setting = (self.add_team, self.add_user, self.add_channel, self.set_channel, self.set_user, self.set_events_url)
        events = (self.bot_says, self.changes, self.redeliver_unacknowledged, self.redeliver, self.repeats)
        slack = (
            self.set_redirect_urls,
            self.agrees,
            self.uninstalls,
            self.disconnects,
            self.break_sockets,
            self.set_limits,
        )
        looking = (
            self.posts,
            self.thread,
            self.wait_for_posts,
            self.wait_for_button,
            self.open_direct,
            self.modal,
            self.wait_for_modal,
            self.home,
            self.wait_for_home,
            self.asides,
            self.wait_for_asides,
            self.thread_shown,
            self.wait_for_links,
            self.wait_for_session,
        )
        everything = (*talking, *clicking, *app, *setting, *events, *slack, *looking)
        return {verb.__name__: verb for verb in everything}

    @property
    def api_url(self) -> str:
        """The base URL of the Web API, with a slash at the end."""
        return f"{self.url}/api/"

    @property
    def calls(self) -> list[Call]:
        """Every call of the Web API, in order of completion."""
        return self.web.calls

    def calls_to(self, method: str) -> list[Call]:
        """Give the calls of one method."""
        return [call for call in self.calls if call.method == method]

    @property
    def responses(self) -> list[JsonObject]:
        """What the bot sent to response URLs, with the `channel`, `user` and `ts` that they belong to."""
        return self.response_urls.received

    def state(self) -> JsonObject:
        """People, channels, messages, calls and attempts; of all teams together, since ids are unique."""
        everywhere = list(self.teams.workspaces.values())
        people = {key: asdict(user) for kept in everywhere for key, user in kept.users.items()}
        places = {key: asdict(channel) for kept in everywhere for key, channel in kept.channels.items()}
        said = {place: list(all_.values()) for kept in everywhere for place, all_ in kept.messages.items()}
        shown = {f"{channel}:{ts}": held for kept in everywhere for (channel, ts), held in kept.threads.items()}
        views = {key: view for kept in everywhere for key, view in kept.views.items()}
        homes = {key: view for kept in everywhere for key, view in kept.homes.items()}
        asides = [item for kept in everywhere for item in kept.ephemerals]
        statuses = [item for kept in everywhere for item in kept.statuses]
        log = {"calls": [asdict(call) for call in self.calls], "attempts": [asdict(made) for made in self.attempts]}
        extra = {"ephemerals": asides, "statuses": statuses, "homes": homes, "views": views, "threads": shown}
        rest = {
            "responses": self.responses,
            "downloads": self.downloads,
            "links": len(self.sockets.links),
            "faults": self.faults.left(),
        }
        return {"users": people, "channels": places, "messages": said, **extra, **log, **rest}

    def posts(self, channel: str | None = None, thread: str | None = None) -> list[JsonObject]:
        """Give what the bot posted, oldest first, each with its `channel`; everywhere unless a channel is given."""
        if channel is not None:
            return self.teams.holding(channel).posts(channel, thread)
        return [post for place in self.teams.workspaces.values() for post in place.posts(None, thread)]

    async def wait_for_posts(
        self, count: int = 1, channel: str | None = None, containing: str = "", seconds: float = 10
    ) -> list[JsonObject]:
        """Wait until the bot has posted so many messages with these words; TimeoutError after `seconds`."""

        def found() -> list[JsonObject] | None:
            posts = [post for post in self.posts(channel) if containing in post["text"]]
            return posts if len(posts) >= count else None

        return await self.until(found, seconds=seconds)

    async def wait_for_button(self, channel: str, label: str, containing: str = "", seconds: float = 10) -> JsonObject:
        """Wait until a post with these words has a button of this label (or action id); the newest such post."""

        def found() -> JsonObject | None:
            posts = [post for post in self.posts(channel) if containing in post["text"]]
            return next((post for post in reversed(posts) if has_element(post, label)), None)

        return await self.until(found, seconds=seconds)

    def thread(self, channel: str, ts: str) -> list[JsonObject]:
        """Give a parent and its replies, oldest first."""
        return self.teams.holding(channel).thread(channel, ts)

    def thread_shown(self, channel: str, thread: str) -> JsonObject:
        """Give what is shown beside a thread: `status`, `title`, `prompts`, `session`."""
        return dict(self.teams.holding(channel).thread_state(channel, thread))

    async def wait_for_session(self, channel: str, thread: str, session: str, seconds: float = 10) -> JsonObject:
        """Wait until the agent's session in a thread is in this state; what is shown beside the thread then."""

        def found() -> JsonObject | None:
            shown = self.thread_shown(channel, thread)
            return shown if shown.get("session") == session else None

        return await self.until(found, seconds=seconds)

    def asides(self, user: str, containing: str = "") -> list[JsonObject]:
        """Give what only this person sees in channels and chats, oldest first."""
        seen = [item for item in self.teams.holding(user).ephemerals if item["user"] == user]
        return [item for item in seen if containing in str(item.get("text", ""))]

    async def wait_for_asides(
        self, user: str, count: int = 1, containing: str = "", seconds: float = 10
    ) -> list[JsonObject]:
        """Wait until somebody was shown so many of them."""

        def found() -> list[JsonObject] | None:
            seen = self.asides(user, containing)
            return seen if len(seen) >= count else None

        return await self.until(found, seconds=seconds)

    def set_redirect_urls(self, urls: list[str]) -> None:
        """Write into the app's settings where Slack may send browsers back to."""
        self.oauth.redirect_urls = urls

    def agrees(self, address: str, team: str, user: str = "") -> str:
        """Let somebody press Allow on the page that the app sent them to; where Slack sends the browser."""
        return self.oauth.agree(address, team, user)

    async def disconnects(self, reason: str = "refresh_requested", which: int | None = None) -> None:
        """Let Slack ask the bot for new connections (`warning`, `refresh_requested`, `link_disabled`)."""
        await self.sockets.disconnect(reason, which)  # type: ignore[arg-type]

    async def break_sockets(self) -> int:
        """Break the bot's connections without a word; how many there were."""
        return await self.sockets.break_links()

    async def wait_for_links(self, count: int = 1, seconds: float = 10) -> int:
        """Wait until the bot has so many connections on which something may be sent; how many there are."""
        return await self.until(
            lambda: len(ready) if len(ready := self.sockets.ready()) >= count else None, seconds=seconds
        )

    def set_limits(
        self,
        *,
        seconds_between_posts: float | None = None,
        tiers: bool | None = None,
        stream_seconds: float | None = None,
        response_url_seconds: float | None = None,
    ) -> None:
        """Turn on or change what is off or slow at first: rates, how long a stream or a response URL lives."""
        if seconds_between_posts is not None:
            self.web.seconds_between_posts = seconds_between_posts
        if tiers is not None:
            self.web.tiers = tiers
        if response_url_seconds is not None:
            self.response_urls.seconds = response_url_seconds
        if stream_seconds is not None:
            for place in self.teams.workspaces.values():
                place.stream_seconds = stream_seconds

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Give a file to who has a token of its team; anybody else is sent to the page where people sign in."""
        team, _, key = request.match_info["key"].partition("-")
        place = self.teams.workspaces.get(team)
        if place is None or key not in place.files:
            return web.Response(status=404)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        allowed = self.teams.tokens.get(token) == team and token not in self.teams.refused
        self.downloads.append({"file": key, "allowed": allowed})
        if not allowed:
            return web.Response(status=302, headers={"Location": f"{self.url}/signin"})
        return web.Response(body=place.contents[key], content_type=place.files[key]["mimetype"])


async def _build(options: argparse.Namespace) -> LocalSlack:
    delays = [float(delay) for delay in options.retry_delays.split(",")]
    return LocalSlack(port=options.port, events_url=options.events_url, retry_delays=delays)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events-url", default=None, help="where the bot listens")
    parser.add_argument("--retry-delays", default="0,0,0", help="seconds before each retry; Slack's own: 0,60,300")
    serve(parser, _build)
