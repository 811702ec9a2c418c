"""Intake: a message is stored in its conversation's mailbox before the platform is told that it arrived.

Messages that arrive while a transaction commits are stored together in the next one, so a burst costs few commits and each sender still
waits until its own message is durable. A message is known by what the platform calls it (team, channel, timestamp) and by its
event id; one that is known, or that does not concern Deskmate, is acknowledged and dropped. Nothing slow happens here.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic

from bot.conversation import Conversation
from bot.desk.amending import recognised
from bot.desk.quoting import concerns_us
from bot.errors import TemporaryError
from bot.ids import ReplyId, derived_id
from bot.labels import Visibility
from bot.mail import Said
from bot.mailroom import Bell, new_mail, ring
from bot.mentions import with_names
from bot.message import Arrival, Message
from bot.person import Identity
from bot.ports import Clock, Reader, Storage, UnitOfWork
from bot.reply import Reply
from bot.wording import requester as wording

BATCH = 64
"""Messages in one transaction, at most."""
MANY, WHILE = 20, 0.2
"""So many messages within so many seconds are a rush."""
ALWAYS_OURS = frozenset({"press", "command", "form", "opened"})
"""Kinds of message that nobody sends to anybody else."""
GATHER = 0.0005
"""Seconds in which further messages join the first: a commit costs as much for one as for many."""


class Intake:
    """Accepts arrivals from every platform."""

    def __init__(self, storage: Storage, clock: Clock, *, settle: timedelta = timedelta()) -> None:
        """`settle`: how long a conversation waits for further quick messages before they are read together."""
        self._storage = storage
        self._clock = clock
        self._settle = settle
        self._lately: deque[float] = deque(maxlen=MANY)
        self._waiting: list[tuple[Arrival, asyncio.Future[None]]] = []
        self._storing: asyncio.Task[None] | None = None

    @property
    def pressed(self) -> bool:
        """Whether so many messages come in just now that work should make room for acknowledging them."""
        return len(self._lately) == MANY and monotonic() - self._lately[0] < WHILE

    async def accept(self, arrival: Arrival) -> None:
        """Return once `arrival` is durable (or was before); `TemporaryError` when it could not be stored."""
        self._lately.append(monotonic())
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, stored))
        if self._storing is None:
            self._storing = asyncio.create_task(self._store_waiting())
        await stored

    async def _store_waiting(self) -> None:
        try:
            while self._waiting:
                if len(self._waiting) < BATCH:
                    await asyncio.sleep(GATHER)
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                await self._store_batch(batch)
        finally:
            self._storing = None

    async def _store_batch(self, batch: list[tuple[Arrival, asyncio.Future[None]]]) -> None:
        try:
            await self._store([arrival for arrival, _ in batch])
        except TemporaryError as error:
            _settle(batch, error)
        except Exception as error:  # noqa: BLE001  # one message that cannot be stored must not take the others with it
            if len(batch) == 1:
                _settle(batch, error)
                return
            for item in batch:
                await self._store_batch([item])
        else:
            _settle(batch, None)

    async def _store(self, arrivals: Sequence[Arrival]) -> None:
        await self._storage.transact(lambda uow: store(uow, arrivals, self._clock.now(), self._settle))


def _settle(batch: list[tuple[Arrival, asyncio.Future[None]]], error: Exception | None) -> None:
    """Tell the senders that are still there how it went."""
    for _, stored in batch:
        if stored.done():
            continue
        if error is None:
            stored.set_result(None)
        else:
            stored.set_exception(error)


async def store(uow: UnitOfWork, arrivals: Sequence[Arrival], now: datetime, settle: timedelta) -> None:
    """Store what is new among `arrivals`: message, author, conversation, mail, and the sign that work goes on."""
    fresh = await _unknown(uow, await recognised(uow, arrivals))
    if not fresh:
        return
    conversations = await _conversations(uow, fresh)
    fresh = [item for item in fresh if await _concerns_us(uow, item, conversations.get(item.conversation.id))]
    if not fresh:
        return
    await _keep_surroundings(uow, fresh, conversations)
    await uow.add(*[_with_files(await with_names(uow, item.message, item.author)) for item in fresh])
    bells = {item.conversation.id: _bell(item, now, settle) for item in fresh}
    signs = [_sign(item, now) for item in fresh if item.message.kind == "text" and item.message.addresses_atom]
    outboxes = [Bell(kind="outbox", subject=sign.conversation_id) for sign in signs]
    await ring(uow, now, *bells.values(), *outboxes)
    await uow.add(
        *(
            new_mail(bells[item.conversation.id], Said(message_id=item.message.id), now, cause=item.message.id)
            for item in fresh
        )
    )
    if signs:
        await uow.add(*{sign.id: sign for sign in signs}.values())


async def _unknown(uow: UnitOfWork, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Return the arrivals that were not stored before, each once.

    A mention comes twice, as a message and as a mention; the one that addresses Atom counts.
    """
    first: dict[str, Arrival] = {}
    for item in arrivals:
        known_as = first.get(item.message.id)
        if known_as is None or (item.message.addresses_atom and not known_as.message.addresses_atom):
            first[item.message.id] = item
    events = [item.message.event_id for item in arrivals if item.message.event_id]
    known = {message.id for message in await uow.find(Message, id=list(first))}
    delivered = {message.event_id for message in await uow.find(Message, event_id=events)} if events else set()
    return [
        item
        for key, item in first.items()
        if key not in known and (not item.message.event_id or item.message.event_id not in delivered)
    ]


async def _conversations(uow: UnitOfWork, arrivals: Sequence[Arrival]) -> dict[str, Conversation]:
    keys = list({item.conversation.id for item in arrivals})
    return {known.id: known for known in await uow.find(Conversation, id=keys)}


async def _concerns_us(reader: Reader, arrival: Arrival, known: Conversation | None) -> bool:
    """Tell whether a message is for Deskmate: addressed to Atom, in a support channel, or in a thread that it takes part in.

    A chat of several people that has no threads is theirs; see `bot/desk/quoting.py` for what is heard there.
    """
    message = arrival.message
    if message.kind in ALWAYS_OURS or message.addresses_atom or arrival.conversation.kind == "support":
        return True
    return known is not None and bool(known.request_ids) and await concerns_us(reader, known, message)


async def _keep_surroundings(uow: UnitOfWork, arrivals: Sequence[Arrival], known: dict[str, Conversation]) -> None:
    """Store authors and conversations that are new, and the newest validated address of those that are not."""
    authors = {who.id: who for item in arrivals for who in (item.author, *item.others)}
    met = {author.id for author in await uow.find(Identity, id=list(authors))}
    new_authors = [author for key, author in authors.items() if key not in met]
    if new_authors:
        await uow.add(*new_authors)
    seen = {item.conversation.id: item.conversation for item in arrivals}
    new_places = [place for key, place in seen.items() if key not in known]
    if new_places:
        await uow.add(*new_places)
    changed = [
        replace(known[key], address=place.address)
        for key, place in seen.items()
        if key in known and place.address and place.address != known[key].address
    ]
    if changed:
        await uow.put(*changed)


def _with_files(message: Message) -> Message:
    """Return the message as it is stored: attached files are named in its text, so that whoever works it knows of them."""
    if message.kind != "text" or not message.files:
        return message
    return replace(message, text=wording.with_files(message.text, [file.name for file in message.files]))


def _bell(arrival: Arrival, now: datetime, settle: timedelta) -> Bell:
    quick = arrival.message.kind == "text" and settle > timedelta()
    return Bell(kind="conversation", subject=arrival.conversation.id, not_before=now + settle if quick else None)


def _sign(arrival: Arrival, now: datetime) -> Reply:
    """Return the sign that the message was received and is worked on."""
    return Reply(
        id=ReplyId(derived_id("reply", arrival.conversation.id, "working", arrival.message.id)),
        conversation_id=arrival.conversation.id,
        visibility=Visibility.PUBLIC,
        kind="status",
        text=wording.WORKING,
        at=now,
    )
