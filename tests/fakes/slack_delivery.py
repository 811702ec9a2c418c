"""How Slack brings something to a bot: signed, impatient, and up to four times.

An answer other than 2xx, or none within three seconds, makes Slack send an event again, with headers that say which
attempt it is and why. Slack waits nothing, a minute and five minutes; a test waits nothing unless it says so. Commands
and interactions are sent once. Every attempt is kept, so that a test can tell what the bot answered and how fast.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp

from tests.fakes.faults import JsonObject
from tests.fakes.slack_shapes import sign
from tests.fakes.slack_sockets import Sockets

SLACKS_OWN_DELAYS = (0.0, 60.0, 300.0)
AT_ONCE = (0.0, 0.0, 0.0)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One request to the bot and what became of it."""

    kind: str
    """`event_callback`, `block_actions`, `command` …"""
    key: str
    """The event_id, or the trigger_id of what has none."""
    number: int
    """0 for the first attempt."""
    status: int | None
    """The HTTP status (200 for an acknowledged envelope of Socket Mode); None when there was no answer."""
    failure: str
    """Slack's reason (`http_timeout`, `http_error`, `connection_failed`), or nothing."""
    body: str
    """What the bot answered."""
    seconds: float
    """How long the bot took."""

    @property
    def acknowledged(self) -> bool:
        """Whether Slack regards it as delivered."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(kw_only=True)
class Delivery:
    """Slack's side of the events URL."""

    secret: str
    url: str | None
    http: Callable[[], aiohttp.ClientSession]
    sockets: Sockets
    """Where everything goes instead, once the app uses Socket Mode."""
    retry_delays: Sequence[float] = AT_ONCE
    ack_within: float = 3.0
    attempts: list[Attempt] = field(default_factory=list)

    async def event(self, envelope: JsonObject) -> Attempt:
        """Send an event until it is acknowledged or Slack gives up; the last attempt."""
        attempt = await self._send(envelope, 0, "")
        for number, delay in enumerate(self.retry_delays, start=1):
            if attempt.acknowledged or attempt.failure == "no_retry":
                break
            await asyncio.sleep(delay)
            attempt = await self._send(envelope, number, attempt.failure)
        return attempt

    async def again(self, envelope: JsonObject, *, number: int = 1) -> Attempt:
        """Send an event once more as a retry, though it may have been acknowledged."""
        return await self._send(envelope, number, "http_timeout")

    async def form(self, kind: str, fields: Mapping[str, str], key: str) -> Attempt:
        """Send a command or an interaction, once."""
        if self.sockets.enabled:
            interactive = "payload" in fields
            payload = json.loads(fields["payload"]) if interactive else dict(fields)
            sort = "interactive" if interactive else "slash_commands"
            return await self._down(kind, key, {"type": sort, "payload": payload, "accepts_response_payload": True})
        content = urlencode(fields)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self._post(kind, key, content, headers)

    async def _send(self, envelope: JsonObject, number: int, reason: str) -> Attempt:
        if self.sockets.enabled:
            again = {"retry_attempt": number, "retry_reason": reason.removeprefix("http_")}
            sent = {"type": "events_api", "payload": envelope, "accepts_response_payload": False, **again}
            return await self._down(str(envelope["type"]), str(envelope.get("event_id", "")), sent, number=number)
        headers = {"Content-Type": "application/json"}
        if number:
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        body = json.dumps(envelope)
        key = str(envelope.get("event_id", ""))
        return await self._post(str(envelope["type"]), key, body, headers, number=number)

    async def _post(self, kind: str, key: str, body: str, more: Mapping[str, str], *, number: int = 0) -> Attempt:
        if self.url is None:
            raise LookupError("Slack has no events URL: set `events_url` to where the bot listens.")
        headers = {**more, **sign(self.secret, int(time.time()), body)}
        status, failure, text, began = None, "", "", time.monotonic()
        try:
            async with asyncio.timeout(self.ack_within):
                async with self.http().post(self.url, data=body.encode(), headers=headers) as response:
                    status, text = response.status, await response.text()
                    failure = "" if 200 <= status < 300 else "http_error"
                    if failure and response.headers.get("X-Slack-No-Retry") == "1":
                        failure = "no_retry"
        except TimeoutError:
            status, failure = None, "http_timeout"
        except aiohttp.ClientError:
            status, failure = None, "connection_failed"
        return self._kept(kind, key, number, status, failure, text, began)

    async def _down(self, kind: str, key: str, envelope: JsonObject, *, number: int = 0) -> Attempt:
        status, failure, text, began = None, "", "", time.monotonic()
        try:
            answer = await self.sockets.deliver(envelope, seconds=self.ack_within)
            status, text = 200, json.dumps(answer["payload"]) if answer.get("payload") else ""
        except TimeoutError:
            failure = "http_timeout"
        except ConnectionError:
            failure = "connection_failed"
        return self._kept(kind, key, number, status, failure, text, began)

    def _kept(
        self, kind: str, key: str, number: int, status: int | None, failure: str, text: str, began: float
    ) -> Attempt:
        seconds = time.monotonic() - began
        attempt = Attempt(kind=kind, key=key, number=number, status=status, failure=failure, body=text, seconds=seconds)
        self.attempts.append(attempt)
        return attempt
