"""Dialogues: a form is shown at once, what was sent is checked, stored and only then confirmed.

Teams waits about five seconds and repeats nothing. What only shows something leaves no trace when it fails. A form that cannot be
taken is shown again with what was typed in it, and with the sentence that says why; where even that fails, the answer is 503, at
which Teams keeps the dialogue open. A refusal is shown in place of the form.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TypeAlias

from adapters.teams.asking import FormWish, Sent, sent_of, wish_of
from adapters.teams.connector import is_channel
from adapters.teams.dialogs import dialog, last_words, problem
from adapters.teams.inbound import SupportChannels
from adapters.teams.reading import Json, JsonObject
from adapters.teams.turns import Answer
from bot.conversation import Conversation
from bot.errors import Refused, TemporaryError
from bot.form import Form
from bot.ids import new_id
from bot.message import Arrival
from bot.person import Identity
from bot.surfaces import Dialogues
from bot.wording import surfaces as wording
from bot.wording.commands import refused

Reachable: TypeAlias = Callable[[Conversation], Awaitable[bool]]
"""Tells whether Atom can write in a channel; may raise whatever asking Teams raises."""
Seen: TypeAlias = Callable[[Conversation, Identity], None]
"""Remembers where a validated activity came from, and from whom."""
PATIENCE = 4.0
"""Seconds for making and checking a form, of Teams' five."""
_LOOK_UP = 1.0
"""Seconds of them for what a form can do without."""
log = logging.getLogger(__name__)


class Doorways:
    """Answers the invokes of dialogues."""

    def __init__(
        self,
        *,
        store: Callable[[Arrival], Awaitable[None]],
        support: SupportChannels,
        surfaces: Dialogues,
        reachable: Reachable,
        seen: Seen,
        patience: float = PATIENCE,
    ) -> None:
        """Make it from plain values; `store` returns once an arrival is durable, `patience` is in seconds."""
        self._store = store
        self._support = support
        self._surfaces = surfaces
        self._reachable = reachable
        self._seen = seen
        self._patience = patience

    async def fetch(self, activity: Json) -> Answer:
        """Show the form that somebody asks for, or why there is none."""
        wish = wish_of(activity, self._support)
        if wish is None:
            return _answer(problem(wording.UNKNOWN_FORM))
        self._seen(wish.place, wish.who)
        try:
            async with asyncio.timeout(self._patience):
                return _answer(dialog(await self._form(wish), nonce=new_id()))
        except Refused as refusal:
            return _answer(problem(refused(str(refusal))))
        except (TimeoutError, TemporaryError) as error:
            log.warning("A form could not be opened in time: %s", error)
            return _answer(problem(wording.TRY_AGAIN))
        except Exception:
            log.exception("a form could not be made")
            return _answer(problem(wording.FAILED))

    async def submit(self, activity: Json) -> Answer:
        """Store a form that was sent and say so, or show what is wrong with it; `TemporaryError` where neither can be done."""
        sent = sent_of(activity, self._support, datetime.now(UTC))
        if sent is None:
            return _answer(problem(wording.UNKNOWN_FORM))
        self._seen(sent.place, sent.arrival.author)
        try:
            async with asyncio.timeout(self._patience):
                wrong = await self._surfaces.check(sent.form, sent.arrival.author, sent.arrival.others)
                if not wrong:
                    await self._store(sent.arrival)
                    return _answer(last_words(wording.TAKEN))
                return _answer(await self._again(sent, wrong))
        except Refused as refusal:
            return _answer(problem(refused(str(refusal))))
        except Exception as error:  # noqa: BLE001  # whatever it was, nothing is confirmed, and what was typed is kept
            log.warning("A form that was sent could not be taken: %s: %s", type(error).__name__, error)
        return await self._not_taken(sent)

    async def _not_taken(self, sent: Sent) -> Answer:
        try:
            async with asyncio.timeout(self._patience / 4):
                return _answer(await self._again(sent, {"": wording.NOT_TAKEN}))
        except Refused as refusal:
            return _answer(problem(refused(str(refusal))))
        except Exception as error:
            raise TemporaryError("A form that was sent can neither be stored nor shown again.") from error

    async def _form(self, wish: FormWish) -> Form:
        context = wish.context
        if context.get("thread") and await self._can_write(wish.place):
            context = {**context, "reachable": "yes"}
        wish = replace(wish, context=context)
        return await self._surfaces.form(
            wish.kind, wish.who, subject=wish.subject, context=wish.context, others=wish.others
        )

    async def _can_write(self, place: Conversation) -> bool:
        if not is_channel(place.channel):
            return False
        try:
            async with asyncio.timeout(min(_LOOK_UP, self._patience / 3)):
                return await self._reachable(place)
        except Exception as error:  # noqa: BLE001  # the requester is then told in their own chat
            log.info("Teams did not tell whether Atom can write in a channel: %s", error)
            return False

    async def _again(self, sent: Sent, wrong: dict[str, str]) -> JsonObject:
        form = await self._surfaces.form(
            sent.form.kind,
            sent.arrival.author,
            subject=sent.form.subject,
            context=sent.form.context,
            others=sent.arrival.others,
        )
        return dialog(form, nonce=sent.nonce, typed=sent.form.values, wrong=wrong)


def _answer(body: JsonObject) -> Answer:
    return HTTPStatus.OK, body
