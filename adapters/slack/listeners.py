"""Slack's way in: checked, translated and stored before it is acknowledged.

In this order: the size, the signature (by Slack's own verifier, before anything is parsed), the form; then `StoreFirst`, which asks
whether the team is served, hands the arrival to `accept` and says 200 once that has returned: a crash before it makes Slack repeat the
event, a crash after it loses nothing. Events go there directly, because they come in bursts and Bolt would take longer than the
storing; everything else goes through Bolt's app, whose first middleware it is, to `doorways`. What Deskmate has no use for is
acknowledged too, or Slack would repeat it and in the end switch the subscription off.
Bolt's own check of the signature is off because it comes after parsing and writes bodies to the log.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from aiohttp import web
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from adapters.slack.answering import Accept, later, stored, taken
from adapters.slack.arrivals import Ignored, Support
from adapters.slack.doorways import Doorways
from adapters.slack.inbound import arrival
from bot.errors import TemporaryError

PATH = "/slack/events"
BODY_LIMIT = 1024 * 1024
"""Bytes; Slack's own events stay far below."""
PATIENCE = 10.0
"""Seconds for reading a body; Slack itself gives up after three."""

Other: TypeAlias = Callable[[Mapping[str, Any]], Awaitable[None]]
"""Takes a payload that is no message, such as an announcement of who can read where; `TemporaryError` makes Slack repeat it."""

Admit: TypeAlias = Callable[[Mapping[str, Any]], Awaitable[bool]]
"""Tells whether a delivery is for us; what is not is acknowledged and goes no further. `TemporaryError` makes Slack repeat it."""

log = logging.getLogger(__name__)
_FORMS = {"application/json", "application/x-www-form-urlencoded"}
_MALFORMED = (ValueError, TypeError, AttributeError, LookupError, RecursionError)
"""What Bolt raises while it reads a payload of an unexpected shape."""


async def everybody(_: Mapping[str, Any]) -> bool:
    """Admit all deliveries."""
    return True


class StoreFirst(AsyncMiddleware):
    """Bolt's first middleware: stores what arrived and answers; nothing behind it runs."""

    def __init__(
        self,
        *,
        accept: Accept,
        support: Support,
        bot_user: Callable[[], str],
        doorways: Doorways,
        other: Other | None = None,
        admit: Admit = everybody,
    ) -> None:
        """Make it from what takes what: `doorways` interactions and commands, `other` events that are no messages."""
        self._admit = admit
        self._accept = accept
        self._other = other
        self._doorways = doorways
        self._support = support
        self._bot_user = bot_user

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,  # noqa: ARG002
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002, ARG002
    ) -> BoltResponse:
        """Answer for Bolt."""
        return await self.answer(req.body)

    async def answer(self, body: Mapping[str, Any]) -> BoltResponse:
        """Answer 200 once the arrival is stored, 503 when it may be stored later; raises what else storing raises."""
        if body.get("type") == "url_verification":
            return BoltResponse(status=200, body={"challenge": str(body.get("challenge", ""))})
        try:
            admitted = await self._admit(body)
        except TemporaryError as error:
            return later(error)
        return await self._take(body) if admitted else taken()

    async def _take(self, body: Mapping[str, Any]) -> BoltResponse:
        if body.get("type") != "event_callback":
            return await self._doorways.answer(body) or taken()
        came = arrival(body, support=self._support, bot_user=self._bot_user())
        if not isinstance(came, Ignored):
            return await stored(self._accept, came)
        log.debug("Slack sent %s.", came.reason)
        if await self._doorways.home_opened(body):
            return taken()
        return await self._announced(body)

    async def _announced(self, body: Mapping[str, Any]) -> BoltResponse:
        try:
            if self._other is not None:
                await self._other(body)
        except TemporaryError as error:
            return later(error)
        return taken()


class Door:
    """The handler of `POST /slack/events`."""

    def __init__(self, *, signing_secret: str, first: StoreFirst, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._first = first
        self._verifier = SignatureVerifier(signing_secret)
        self._app = AsyncApp(
            name="deskmate",
            logger=_less(logging.getLogger("deskmate.bolt")),
            signing_secret=signing_secret,
            authorize=_nobody,
            before_authorize=first,
            request_verification_enabled=False,
        )

    def routes(self) -> list[web.RouteDef]:
        """Give the routes, for the web application."""
        return [web.post(PATH, self.handle)]

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one delivery: 413 too large, 408 too slow, 400 not Slack's form, 401 not Slack's signature, else as `deliver`."""
        try:
            async with asyncio.timeout(self._patience):
                body = await _read(request)
        except TimeoutError:
            return web.Response(status=408, text="The body did not come in time.", headers={"Connection": "close"})
        except (UnicodeDecodeError, web.RequestPayloadError):
            return web.Response(status=400, text="The body cannot be read as UTF-8.")
        if body is None:
            return web.Response(status=413, text=f"The body is larger than {BODY_LIMIT} bytes.")
        if not self._signed(request, body):
            return web.Response(status=401, text="The request is not signed by Slack, or too long ago.")
        if request.content_type not in _FORMS:
            return web.Response(status=400, text="The content type is neither JSON nor a form.")
        delivery = _payload(body, request.content_type)
        if delivery is None:
            return web.Response(status=400, text="The body is not a payload of Slack.")
        answer = await self.deliver(delivery)
        return web.Response(status=answer.status, text=answer.body, headers=answer.first_headers())

    async def deliver(self, body: Mapping[str, Any]) -> BoltResponse:
        """Answer a payload of any kind whose sender is known to be Slack; 500 when it cannot be stored, and never an exception."""
        try:
            delivery = None if body.get("type") == "event_callback" else _delivery(body)
            return await (self._first.answer(body) if delivery is None else self._app.async_dispatch(delivery))
        except Exception:
            log.exception("something from Slack could not be stored; Slack repeats an event")
            return BoltResponse(status=500)

    def _signed(self, request: web.Request, body: str) -> bool:
        stamp = request.headers.get("X-Slack-Request-Timestamp")
        try:
            return self._verifier.is_valid(body, stamp, request.headers.get("X-Slack-Signature"))
        except (ValueError, TypeError):  # a timestamp that is no number, a signature that is not ASCII
            return False


async def _nobody(**_: object) -> AuthorizeResult:
    """Authorize nobody: whose token is used is decided where something is sent, and Bolt is to keep no tokens for that."""
    raise LookupError("nothing of ours runs behind Bolt's first middleware")


def _less(logger: logging.Logger) -> logging.Logger:
    """Have a logger tell failures only: Bolt warns at each start of tokens in the environment that it does not use."""
    logger.setLevel(logging.ERROR)
    return logger


def _delivery(body: Mapping[str, Any]) -> AsyncBoltRequest | None:
    """Return a payload as Bolt takes it; None when Bolt cannot read it, which is answered all the same."""
    try:
        return AsyncBoltRequest(body=dict(body), mode="socket_mode")
    except _MALFORMED:
        return None


def _payload(body: str, content_type: str) -> Mapping[str, Any] | None:
    """Return what Slack says in a body; None when it is nothing of Slack's. Bolt reads forms; events it would read more slowly."""
    try:
        if content_type == "application/json":
            found = json.loads(body)
            return found if isinstance(found, dict) and found else None
        return AsyncBoltRequest(body=body, headers={"content-type": content_type}).body or None
    except _MALFORMED:
        return None


async def _read(request: web.Request) -> str | None:
    """Return the body as text, or None when it is larger than `BODY_LIMIT`, without having read all of it."""
    if (request.content_length or 0) > BODY_LIMIT:
        return None
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    return body.decode()
