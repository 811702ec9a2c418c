"""The card as it stands, for whoever looks at an old one or has pressed a button.

Teams shows the answer to that person alone; everybody else sees the change of the post, which the outbox makes. So the answer is
only ever a version that the outbox has changed the post into already, and none that may be on its way: shown in the wrong order,
the older would stay on one screen. A press has been stored before it comes here, and whatever goes wrong here is answered with
the line that says so. Asking for a card anew stores nothing and must never change a post, since a change makes every client ask
again (microsoft/Agents-for-js#1202).
"""

import asyncio
import logging
from collections.abc import Mapping
from http import HTTPStatus
from itertools import count
from typing import Protocol

from adapters.teams import cards
from adapters.teams.inbound import SupportChannels, author_of, place_of
from adapters.teams.pressing import is_under_text, reply_of
from adapters.teams.reading import Json, JsonObject, identifier
from adapters.teams.turns import Answer
from bot.message import Arrival
from bot.reply import Reply
from bot.standing_card import CardAsk, CardState, StandingCard
from bot.surfaces import Dialogues
from bot.wording.posts import Words

PATIENCE = 1.5
"""Seconds in which a press that is worked quickly is shown at once."""
MOST = 20
"""People who wait for that at the same time; whoever comes when so many do is answered with what is known at once."""
AT_ONCE = 8
"""Cards that are read at the same time, so that a channel full of viewers leaves room for everything else."""
_PAUSES = (0.05, 0.1, 0.15, 0.2)
"""Seconds between two looks; the last is repeated."""
_ENOUGH: Mapping[str, frozenset[CardState]] = {
    "press": frozenset({"stands"}),
    "look": frozenset({"stands", "waits"}),
}
log = logging.getLogger(__name__)


class StandingCards(Protocol):
    """Tells which card stands."""

    async def card(self, ask: CardAsk) -> StandingCard | None:
        """Return the card under a post as it stands; None when what is named does not stand there."""
        ...


class TeamsSurfaces(Dialogues, StandingCards, Protocol):
    """What Teams asks while a person waits."""


class Refreshing:
    """Answers presses that have been stored, and clients that ask for a card anew."""

    def __init__(
        self,
        surfaces: StandingCards,
        support: SupportChannels,
        words: Words,
        *,
        patience: float = PATIENCE,
        most: int = MOST,
    ) -> None:
        """`patience` is in seconds; at most `most` people wait for their press to be worked."""
        self._surfaces = surfaces
        self._support = support
        self._words = words
        self._patience = patience
        self._most = most
        self._waiting = 0
        self._reading = asyncio.Semaphore(AT_ONCE)

    async def look(self, activity: Json) -> Answer:
        """Answer a client that asks for a card anew: with the card, or with a line where it cannot be told."""
        who, place = author_of(activity), place_of(activity, self._support)
        reply, post = reply_of(activity), identifier(activity, "replyToId")
        shown = None
        if who is not None and place is not None and reply and post:
            ask = CardAsk(reply=reply, place=place, who=who, post=post)
            shown = await self._in_time(ask, _ENOUGH["look"])
        return self._card(shown, activity) or _line(self._words.unchanged)

    async def pressed(self, activity: Json, arrival: Arrival) -> Answer:
        """Answer a press that has been stored: with the card that it led to, if that comes soon, else with a line."""
        press, reply = arrival.message.press, reply_of(activity)
        shown = None
        if press is not None and reply and press.post:
            place, deed = arrival.conversation, arrival.message.id
            ask = CardAsk(reply=reply, place=place, who=arrival.author, post=press.post, deed=deed)
            shown = await self._in_time(ask, _ENOUGH["press"])
        return self._card(shown, activity) or _line(self._words.noted)

    async def _in_time(self, ask: CardAsk, enough: frozenset[CardState]) -> Reply | None:
        try:
            async with asyncio.timeout(self._patience):
                return await self._once_known(ask, enough)
        except TimeoutError:
            return None
        except Exception as error:  # noqa: BLE001 -- a line says enough, and what was pressed is stored
            log.warning("A card could not be shown as it stands: %s: %s", type(error).__name__, error)
            return None

    async def _once_known(self, ask: CardAsk, enough: frozenset[CardState]) -> Reply | None:
        found = await self._read(ask)
        if found is None or found.state in enough or self._waiting >= self._most:
            return found.reply if found is not None and found.state in enough else None
        self._waiting += 1
        try:
            for looks in count():
                await asyncio.sleep(_PAUSES[min(looks, len(_PAUSES) - 1)])
                found = await self._read(ask)
                if found is None or found.state in enough:
                    break
        finally:
            self._waiting -= 1
        return found.reply if found is not None else None

    async def _read(self, ask: CardAsk) -> StandingCard | None:
        async with self._reading:
            return await self._surfaces.card(ask)

    def _card(self, reply: Reply | None, activity: Json) -> Answer | None:
        if reply is None:
            return None
        shown = cards.below if is_under_text(activity) else cards.card
        return HTTPStatus.OK, {"statusCode": 200, "type": cards.CARD, "value": shown(reply, self._words)}


def _line(sentence: str) -> Answer:
    body: JsonObject = {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": sentence}
    return HTTPStatus.OK, body
