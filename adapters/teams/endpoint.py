"""POST /api/messages: what Teams delivers is checked, translated and stored before it is acknowledged.

The order matters. The token is checked by itself before a byte of the body is read, then against the activity. Teams waits 15
seconds and repeats what was not acknowledged, so a message is stored (nothing else) and answered with 202; storing that fails
is 503. A pressed button is stored too, and then answered inline, since Teams shows the answer to whoever pressed; so are dialogues. A
client that asks for a card anew is answered from what is stored. Who came to a team or left it is handled before Teams is answered.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TypeAlias

from aiohttp import web

from adapters.teams.addresses import Addresses
from adapters.teams.doorways import Doorways, Reachable
from adapters.teams.inbound import SupportChannels, translate
from adapters.teams.membership import Membership
from adapters.teams.pressing import ACTION, refreshes
from adapters.teams.reading import JsonObject, parse
from adapters.teams.refreshing import Refreshing, TeamsSurfaces
from adapters.teams.tokens import NotAllowed, TokenCheck
from adapters.teams.turns import Answer, Turns, refusal
from bot.errors import TemporaryError
from bot.message import Arrival
from bot.wording.posts import Words

Accept: TypeAlias = Callable[[Arrival], Awaitable[None]]
"""Stores an arrival; returns once that is durable."""
ANNOUNCING = frozenset({"conversationUpdate", "installationUpdate"})
"""Activities that may tell that somebody else can read somewhere now."""
LARGEST = 1024 * 1024
PATIENCE = 10.0
"""Seconds for reading a body, and for storing: Teams gives up after about 15."""
log = logging.getLogger(__name__)


class NotStored(Exception):
    """The arrival could not be stored: Teams has to send it again."""


class Endpoint:
    """The handler of POST /api/messages."""

    def __init__(
        self,
        *,
        tokens: TokenCheck,
        addresses: Addresses,
        support: SupportChannels,
        accept: Accept,
        surfaces: TeamsSurfaces,
        reachable: Reachable,
        words: Words,
        membership: Membership,
    ) -> None:
        self._tokens = tokens
        self._membership = membership
        self._addresses = addresses
        self._support = support
        self._accept = accept
        self._words = words
        self._refreshing = Refreshing(surfaces, support, words)
        doorways = Doorways(
            store=self._store, support=support, surfaces=surfaces, reachable=reachable, seen=addresses.seen
        )
        invoked = {
            ACTION: self._press,
            "task/fetch": doorways.fetch,
            "task/submit": doorways.submit,
            "composeExtension/fetchTask": doorways.fetch,
            "composeExtension/submitAction": doorways.submit,
        }
        self._turns = Turns(self._message, invoked)

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one request; see the module for what each status means."""
        try:
            claims = await self._tokens.claims(request.headers.getall("Authorization", []))
            document = parse(await _body(request))
            if document is None:
                return _response(refusal(HTTPStatus.BAD_REQUEST, "BadRequest", "The body is no JSON object."))
            self._tokens.matches(claims, document)
            return _response(await self._turns.process(document))
        except NotAllowed as error:
            log.info("Refused an activity: %s", error)
            return _response((error.status, None))
        except (TemporaryError, NotStored) as error:
            log.warning("Asked Teams to send an activity again: %s", error)
            return _response((HTTPStatus.SERVICE_UNAVAILABLE, None))

    async def _message(self, document: JsonObject) -> None:
        announcing = document.get("type") in ANNOUNCING
        if announcing:
            await self._announced(document)
        arrival = self._translated(document)
        if arrival is not None:
            await self._store(arrival)
        if not announcing:
            await self._membership.heard(document)

    async def _announced(self, document: JsonObject) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._membership.take(document)
        except TimeoutError as error:
            raise NotStored("an announcement could not be handled in time") from error

    async def _press(self, document: JsonObject) -> Answer:
        if refreshes(document):
            return await self._refreshing.look(document)
        arrival = self._translated(document)
        if arrival is None or arrival.message.press is None:
            return refusal(HTTPStatus.BAD_REQUEST, "BadRequest", self._words.unknown)
        await self._store(arrival)
        return await self._refreshing.pressed(document, arrival)

    def _translated(self, document: JsonObject) -> Arrival | None:
        arrival = translate(document, support=self._support, received=datetime.now(UTC))
        if arrival is not None:
            self._addresses.seen(arrival.conversation, arrival.author)
        return arrival

    async def _store(self, arrival: Arrival) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._accept(arrival)
        except Exception as error:  # whatever it was, Teams has to send the message again
            raise NotStored(f"storing failed ({type(error).__name__})") from error


async def _body(request: web.Request) -> bytes:
    if (request.content_length or 0) > LARGEST:
        raise web.HTTPRequestEntityTooLarge(max_size=LARGEST, actual_size=request.content_length or 0)
    read = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            async for piece in request.content.iter_any():
                read += piece
                if len(read) > LARGEST:
                    raise web.HTTPRequestEntityTooLarge(max_size=LARGEST, actual_size=len(read))
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    except (web.RequestPayloadError, ConnectionError) as error:
        raise web.HTTPBadRequest(text="The body is not what its headers say, or ended early.") from error
    return bytes(read)


def _response(answer: Answer) -> web.Response:
    status, body = answer
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {}
    if body is None:
        return web.Response(status=int(status), headers=headers)
    return web.Response(
        status=int(status), headers=headers, body=json.dumps(body).encode(), content_type="application/json"
    )
