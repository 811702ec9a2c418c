"""A Slack workspace on loopback, as real as a bot can tell: Web API, signed events, interactions, response URLs.

A test sets up users and channels, lets people speak and press buttons, and looks at what the bot posted. Speaking
returns when the bot has acknowledged (or Slack has given up), never when the bot has finished: wait for its post with
`until`. `python -m tests.fakes.slack` runs the same thing as a process of its own; its verbs are the methods' names.
"""

import argparse
import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from types import TracebackType

from aiohttp import web

from tests.fakes import slack_shapes as shapes
from tests.fakes.faults import JsonObject
from tests.fakes.loopback import Verb
from tests.fakes.separate import serve
from tests.fakes.slack_delivery import AT_ONCE, Attempt, Delivery
from tests.fakes.slack_responses import ResponseUrls
from tests.fakes.slack_setup import Furnished
from tests.fakes.slack_shapes import sign
from tests.fakes.slack_state import BOT_USER, TEAM
from tests.fakes.slack_web import Call, WebApi

__all__ = ["BOT_USER", "SIGNING_SECRET", "TEAM", "TOKEN", "LocalSlack", "sign"]

TOKEN = "xoxb-local-slack"
SIGNING_SECRET = "local-signing-secret"


class LocalSlack(Furnished):
    """One Slack team. `api_url` goes to SLACK_API_URL; `events_url` is where the bot's /slack/events is.

    As in Slack, the bot is told of its own posts, changes and deletions too, unless `echo_own_posts` is false.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        token: str = TOKEN,
        signing_secret: str = SIGNING_SECRET,
        events_url: str | None = None,
        retry_delays: Sequence[float] = AT_ONCE,
        ack_within: float = 3.0,
        echo_own_posts: bool = True,
    ) -> None:
        super().__init__(port=port)
        self.token = token
        self.signing_secret = signing_secret
        self.web = WebApi(self, self.workspace, token)
        self.delivery = Delivery(
            secret=signing_secret,
            url=events_url,
            http=lambda: self.http,
            retry_delays=retry_delays,
            ack_within=ack_within,
        )
        self.sent: dict[str, JsonObject] = {}
        """Every event envelope by event_id, for `redeliver`."""
        self.response_urls = ResponseUrls(self, self.workspace)
        self.echo_own_posts = echo_own_posts
        self._echoes: set[asyncio.Task[None]] = set()
        self.web.on_own_post = self._echo

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._echoes:
            task.cancel()
        await asyncio.gather(*self._echoes, return_exceptions=True)
        await super().__aexit__(kind, error, trace)

    def routes(self) -> list[web.RouteDef]:
        """Give the Web API and the response URLs."""
        return [
            web.route("*", "/api/{method}", self.web.handle),
            web.post("/response/{key}", self.response_urls.handle),
        ]

    def verbs(self) -> Mapping[str, Verb]:
        """Give what a test in another process may call."""
        doing = (self.says, self.edits, self.deletes, self.press, self.command, self.shortcut, self.submit)
        setting = (self.add_user, self.add_channel, self.set_channel, self.set_events_url, self.set_user)
        looking = (
            self.posts,
            self.thread,
            self.wait_for_posts,
            self.bot_says,
            self.redeliver_unacknowledged,
            self.redeliver,
            self.open_direct,
        )
        return {verb.__name__: verb for verb in (*doing, *setting, *looking)}

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
    def attempts(self) -> list[Attempt]:
        """Every request to the bot, and what it answered."""
        return self.delivery.attempts

    @property
    def responses(self) -> list[JsonObject]:
        """What the bot sent to response URLs, with the `channel`, `user` and `ts` that they belong to."""
        return self.response_urls.received

    def state(self) -> JsonObject:
        """People, channels, messages, calls and attempts."""
        kept = self.workspace
        said = {"messages": {place: list(all_.values()) for place, all_ in kept.messages.items()}}
        extra = {"ephemerals": kept.ephemerals, "statuses": kept.statuses, "homes": kept.homes, "views": kept.views}
        log = {"calls": [asdict(call) for call in self.calls], "attempts": [asdict(made) for made in self.attempts]}
        people = {"users": {key: asdict(user) for key, user in kept.users.items()}}
        places = {"channels": {key: asdict(channel) for key, channel in kept.channels.items()}}
        return {**people, **places, **said, **extra, **log, "responses": self.responses}

    def set_events_url(self, url: str) -> None:
        """Say where the bot listens."""
        self.delivery.url = url

    def posts(self, channel: str | None = None, thread: str | None = None) -> list[JsonObject]:
        """Give what the bot posted, oldest first, each with its `channel`."""
        return self.workspace.posts(channel, thread)

    async def wait_for_posts(
        self, count: int = 1, channel: str | None = None, containing: str = "", seconds: float = 10
    ) -> list[JsonObject]:
        """Wait until the bot has posted so many messages with these words; TimeoutError after `seconds`."""

        def found() -> list[JsonObject] | None:
            posts = [post for post in self.posts(channel) if containing in post["text"]]
            return posts if len(posts) >= count else None

        return await self.until(found, seconds=seconds)

    def thread(self, channel: str, ts: str) -> list[JsonObject]:
        """Give a parent and its replies, oldest first."""
        return self.workspace.thread(channel, ts)

    async def says(self, user: str, channel: str, text: str, thread: str | None = None) -> JsonObject:
        """Somebody writes; `channel` may be the user's own id for the direct channel. Returns the message as stored.

        In a channel, a mention of the bot arrives twice, as `message` and as `app_mention`, at the same time.
        """
        place = self.workspace.direct(user).id if channel == user else channel
        if user not in self.workspace.channels[place].members:
            raise LookupError(f"{user} is not in {place} and cannot write there: add the member first.")
        if thread is not None:
            self.workspace.message(place, thread)
        number = next(self.workspace.numbers)
        typed = {"user": user, "text": text, "client_msg_id": f"client-{number}", "blocks": shapes.rich_text(text)}
        message = self.workspace.add(place, typed, thread=thread)
        await self._deliver(*shapes.message_events(self.workspace, place, message))
        return {**message, "channel": place}

    async def bot_says(self, bot: str, channel: str, text: str, thread: str | None = None) -> JsonObject:
        """Another app's bot (`B…`) writes, which the bot hears as it hears people. Returns the message as stored."""
        typed = {"bot_id": bot, "subtype": "bot_message", "username": bot, "text": text}
        message = self.workspace.add(channel, typed, thread=thread)
        await self._deliver(*shapes.message_events(self.workspace, channel, message))
        return {**message, "channel": channel}

    async def edits(self, channel: str, ts: str, text: str) -> None:
        """Let the author of a message change it."""
        message = self.workspace.message(channel, ts)
        old = dict(message)
        message.update(text=text, edited={"user": message["user"], "ts": self.workspace.next_ts()})
        await self._deliver(shapes.changed_event(self.workspace, channel, message, old))

    async def deletes(self, channel: str, ts: str) -> None:
        """Let the author of a message delete it."""
        old = self.workspace.messages[channel].pop(ts)
        await self._deliver(shapes.deleted_event(self.workspace, channel, old))

    async def redeliver(self, event_id: str, number: int = 1) -> int | None:
        """Slack sends an event again though it was acknowledged; the bot's status."""
        return (await self.delivery.again(self.sent[event_id], number=number)).status

    async def redeliver_unacknowledged(self) -> int:
        """Slack sends again every event that the bot never acknowledged, oldest first; how many there were."""
        known = {attempt.key for attempt in self.attempts if attempt.acknowledged}
        missed = [envelope for event_id, envelope in self.sent.items() if event_id not in known]
        for envelope in missed:
            await self.delivery.again(envelope)
        return len(missed)

    async def send_event(self, event: JsonObject) -> Attempt:
        """Send any other event, such as `member_joined_channel` or `app_home_opened`."""
        envelope = shapes.envelope(self.workspace, event)
        await self._deliver(envelope)
        return self.attempts[-1]

    async def press(self, user: str, message: JsonObject, action_id: str, value: str | None = None) -> JsonObject:
        """Somebody presses a button of a message (`channel` and `ts` name it); what the bot answered."""
        shown = self._shown(message)
        element = shapes.find_element(shown, action_id, value)
        url = self.response_urls.issue(user, shown)
        return await self._interact(shapes.block_actions(self.workspace, user, shown, element, url))

    async def shortcut(self, user: str, message: JsonObject, callback_id: str) -> JsonObject:
        """Somebody chooses a message shortcut; what the bot answered."""
        shown = self._shown(message)
        url = self.response_urls.issue(user, shown)
        return await self._interact(shapes.shortcut(self.workspace, user, shown, callback_id, url))

    async def submit(self, user: str, view_id: str, values: JsonObject) -> JsonObject:
        """Somebody sends a form that the bot opened; what the bot answered."""
        return await self._interact(shapes.submission(self.workspace, user, view_id, values))

    async def command(self, user: str, channel: str, text: str, command: str = "/atom") -> JsonObject:
        """Somebody types a slash command; what the bot answered: `{"status", "body"}`."""
        place = self.workspace.direct(user).id if channel == user else channel
        url = self.response_urls.issue(user, {"channel": place})
        form = shapes.slash_command(self.workspace, user, place, f"{command} {text}", url)
        attempt = await self.delivery.form("command", form, form["trigger_id"])
        return {"status": attempt.status, "body": attempt.body}

    async def _deliver(self, *envelopes: JsonObject) -> None:
        self.sent.update({envelope["event_id"]: envelope for envelope in envelopes})
        await asyncio.gather(*(self.delivery.event(envelope) for envelope in envelopes))
        await self.happened()

    async def _interact(self, payload: JsonObject) -> JsonObject:
        fields = {"payload": json.dumps(payload)}
        attempt = await self.delivery.form(payload["type"], fields, payload["trigger_id"])
        return {"status": attempt.status, "body": attempt.body}

    def _shown(self, message: JsonObject) -> JsonObject:
        channel, ts = str(message["channel"]), str(message["ts"])
        for shown in self.workspace.ephemerals:
            if (shown["channel"], shown["ts"]) == (channel, ts):
                return shown
        return {**self.workspace.message(channel, ts), "channel": channel}

    def _echo(self, envelopes: list[JsonObject]) -> None:
        if self.echo_own_posts and self.delivery.url is not None:
            task = asyncio.create_task(self._deliver(*envelopes))
            self._echoes.add(task)
            task.add_done_callback(self._echoes.discard)


async def _build(options: argparse.Namespace) -> LocalSlack:
    delays = [float(delay) for delay in options.retry_delays.split(",")]
    return LocalSlack(port=options.port, events_url=options.events_url, retry_delays=delays)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events-url", default=None, help="where the bot listens")
    parser.add_argument("--retry-delays", default="0,0,0", help="seconds before each retry; Slack's own: 0,60,300")
    serve(parser, _build)
