"""Socket Mode: Slack's deliveries over connections that we open, where nothing of ours can be reached from outside.

Each connection asks Slack for an address, is told `hello`, and then gets envelopes; an envelope is acknowledged once what it
holds is stored, and not at all when it was not: Slack sends it again. Slack ends connections every few hours and says so
shortly before; the next one is opened first, and the old one is read until it ends. There are several, so that a broken one
leaves no gap. The SDK's own client does not serve here: it closes the old connection before it opens the next, does not wait for
acknowledgements when it is closed, and writes the address, which is a secret, to the log.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, Literal, TypeAlias

import aiohttp
from slack_bolt.response import BoltResponse

from adapters.slack.calls import Calls
from adapters.slack.payload import Json, flag, part, text
from adapters.slack.refusals import SlackRefusal
from bot.errors import PermanentError, TemporaryError
from bot.ports import Clock

log = logging.getLogger(__name__)

Deliver: TypeAlias = Callable[[Mapping[str, Any]], Awaitable[BoltResponse]]
"""Takes an event, an interaction or a command and answers once it is stored; any status but 2xx makes Slack send it again.
It never raises."""

CONNECTIONS = 2
"""Connections; Slack allows ten for all servers of an app."""
_DRAIN = 30.0
"""Seconds that a connection which Slack has told to end is still read."""
_LAST_ACKS = 5.0
"""Seconds that envelopes under way are given when we stop."""
_ENVELOPE_LIMIT = 4 * 1024 * 1024
_OK = range(200, 300)

_OVER = {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}

_End: TypeAlias = Literal["refresh", "broken", "off"]


@dataclass(frozen=True, kw_only=True)
class Pauses:
    """Seconds to wait; tests wait less."""

    first: float = 1.0
    """Before the next connection; doubled with each failure."""
    longest: float = 60.0
    lasting: float = 10.0
    """A connection that lasted so long was a good one."""
    hello: float = 10.0
    """How long Slack is given to say hello."""
    heartbeat: float = 20.0


class SocketMode:
    """The connections. `calls` are those with the app-level token; `http` opens the connections."""

    def __init__(
        self,
        *,
        calls: Calls,
        http: aiohttp.ClientSession,
        deliver: Deliver,
        clock: Clock,
        proxy: str | None = None,
        pauses: Pauses | None = None,
    ) -> None:
        self._calls, self._http, self._deliver, self._clock = calls, http, deliver, clock
        self._proxy = proxy
        self._pauses = pauses or Pauses()
        self._open: list[aiohttp.ClientWebSocketResponse] = []
        self._reading: set[asyncio.Task[object]] = set()
        self._working: set[asyncio.Task[None]] = set()
        self._met = False
        """Whether Slack has ever taken the token."""

    async def run(self) -> None:
        """Keep the connections until cancelled; `PermanentError` when Slack refuses the token from the start."""
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(CONNECTIONS):
                    group.create_task(self._keep())
        except BaseExceptionGroup as failed:
            raise failed.exceptions[0] from None

    async def close(self) -> None:
        """Read no more, finish what was read and acknowledge it, then close. `run` has been cancelled before."""
        for task in self._reading:
            task.cancel()
        await asyncio.gather(*self._reading, return_exceptions=True)
        if self._working:
            await asyncio.wait(self._working, timeout=_LAST_ACKS)
        for task in self._working:
            task.cancel()
        await asyncio.gather(*(link.close() for link in self._open), return_exceptions=True)

    async def _keep(self) -> None:
        """Keep one connection: open it, read it until it ends, open the next."""
        pause = self._pauses.first
        while True:
            began, wait = monotonic(), pause
            try:
                end = await self._read_until_told(await self._connect())
                lasted = monotonic() - began > self._pauses.lasting
                pause = self._pauses.first if lasted else pause
                wait = {"refresh": 0.0 if lasted else pause, "broken": pause, "off": self._pauses.longest}[end]
            except TemporaryError as error:
                log.warning("Slack's Socket Mode cannot be reached: %s", error)
                wait = max(pause, error.delay)
            except PermanentError as error:
                if not self._met:
                    raise
                log.error("Slack refuses Socket Mode; it is tried again: %s", error)  # noqa: TRY400  # for the admin
                wait = self._pauses.longest
            await self._clock.sleep(wait)
            pause = min(self._pauses.longest, 2 * pause)

    async def _connect(self) -> aiohttp.ClientWebSocketResponse:
        """Open a connection and wait for its hello."""
        try:
            answer = await self._calls.tell("apps.connections.open")
        except SlackRefusal as refusal:
            remedy = "make one with the scope connections:write on the app's page Basic Information, and set it"
            said = f"Slack refuses SLACK_APP_TOKEN ({refusal.error}): {remedy}."
            raise PermanentError(said) from refusal
        self._met = True
        address = text(answer, "url", 4_000)
        if not address.startswith(("wss://", "ws://")):
            raise TemporaryError("Slack gave no address for Socket Mode; it is asked again.", delay=self._pauses.first)
        try:
            link = await self._http.ws_connect(
                address,
                heartbeat=self._pauses.heartbeat,
                max_msg_size=_ENVELOPE_LIMIT,
                proxy=self._proxy,
                timeout=aiohttp.ClientWSTimeout(ws_close=2.0),
            )
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            said = f"Slack's Socket Mode did not take the connection ({type(error).__name__}); it is tried again."
            raise TemporaryError(said, delay=self._pauses.first) from None  # its text holds the address, a secret
        try:
            async with asyncio.timeout(self._pauses.hello):
                if text(_document(await link.receive()), "type", 40) == "hello":
                    self._open.append(link)
                    return link
        except TimeoutError:
            pass
        except asyncio.CancelledError:
            await link.close()
            raise
        await link.close()
        raise TemporaryError("Slack's Socket Mode did not say hello; it is tried again.", delay=self._pauses.first)

    async def _read_until_told(self, link: aiohttp.ClientWebSocketResponse) -> _End:
        """Read a connection until it ends or Slack tells to open another, which leaves it to be read to its end."""
        told: asyncio.Future[_End] = asyncio.get_running_loop().create_future()
        reading = asyncio.create_task(self._read(link, told))
        self._reading.add(reading)
        reading.add_done_callback(self._reading.discard)
        try:
            return await told
        except asyncio.CancelledError:
            reading.cancel()
            raise

    async def _read(self, link: aiohttp.ClientWebSocketResponse, told: "asyncio.Future[_End]") -> None:
        """Read a connection to its end. When we stop it stays open, for the last acknowledgements."""
        try:
            async with asyncio.timeout(None) as patience:
                while (message := await link.receive()).type not in _OVER:
                    document = _document(message)
                    if text(document, "type", 40) == "disconnect":
                        patience.reschedule(asyncio.get_running_loop().time() + _DRAIN)
                        _tell(told, _why(document))
                    else:
                        self._take(link, document)
        except TimeoutError:
            log.info("a connection that Slack had told to end is closed")
        except Exception:
            log.exception("a connection to Slack cannot be read any more; another is opened")
        _tell(told, "refresh" if link.close_code == aiohttp.WSCloseCode.OK else "broken")
        self._open.remove(link)
        await link.close()

    def _take(self, link: aiohttp.ClientWebSocketResponse, envelope: Json) -> None:
        """Have an envelope worked; what is none is left alone."""
        key, payload = text(envelope, "envelope_id", 200), part(envelope, "payload")
        if not key or not payload:
            return
        task = asyncio.create_task(
            self._work(link, key, payload, answerable=flag(envelope, "accepts_response_payload"))
        )
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _work(self, link: aiohttp.ClientWebSocketResponse, key: str, payload: Json, *, answerable: bool) -> None:
        answer = await self._deliver(payload)
        if answer.status not in _OK:
            return
        acknowledgement: dict[str, object] = {"envelope_id": key}
        if answerable and answer.body:
            acknowledgement["payload"] = _shown(answer)
        await self._acknowledge(link, json.dumps(acknowledgement))

    async def _acknowledge(self, link: aiohttp.ClientWebSocketResponse, said: str) -> None:
        """Say it where the envelope came from, or on another connection when that has ended, as Slack allows."""
        for way in (link, *self._open):
            with contextlib.suppress(aiohttp.ClientError, OSError):
                if not way.closed:
                    await way.send_str(said)
                    return
        log.info("Slack could not be told that something was stored; it sends it again")


def _document(message: aiohttp.WSMessage) -> Json:
    """Return the JSON object of a message, or an empty one."""
    if message.type is not aiohttp.WSMsgType.TEXT:
        return {}
    try:
        found = json.loads(message.data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _why(document: Json) -> _End:
    """Return what a connection's announced end means for the next one."""
    reason = text(document, "reason", 40)
    if reason == "link_disabled":
        log.error("Socket Mode was switched off in the Slack app's settings: switch it on, or unset SLACK_APP_TOKEN.")
        return "off"
    if reason == "too_many_websockets":
        log.error("The Slack app has too many connections: stop the other servers that use its SLACK_APP_TOKEN.")
        return "off"
    return "refresh"


def _shown(answer: BoltResponse) -> object:
    """Return what Slack is to show: an answer in JSON as it is, any other as text."""
    if str(next(iter(answer.headers.get("content-type", ())), "")).startswith("application/json"):
        return json.loads(answer.body)
    return {"text": answer.body}


def _tell(told: "asyncio.Future[_End]", end: _End) -> None:
    if not told.done():
        told.set_result(end)
