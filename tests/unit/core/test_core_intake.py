"""What arrives is stored once, quickly, and without taking anything else with it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from bot.conversation import Conversation
from bot.errors import DeskmateError, TemporaryError
from bot.file import File
from bot.ids import MessageId, RequestId
from bot.intake import BATCH, Intake
from bot.mail import Lease, Mail, Mailbox, mailbox_id
from bot.message import Arrival, Message
from bot.ports import UnitOfWork
from bot.reply import Reply
from tests.fakes.clock import FrozenClock
from tests.fakes.memory import MemoryStorage
from tests.fakes.workforce import account, direct

Result = TypeVar("Result")
CHANNEL = replace(direct(), id=direct().id, channel="CTOWN", kind="channel")


class Counting(MemoryStorage):
    """A storage that counts its transactions, and fails for messages whose text says so."""

    def __init__(self) -> None:
        super().__init__()
        self.transactions = 0
        self.away = False

    async def transact(self, work: Callable[[UnitOfWork], Awaitable[Result]], *, under: Lease | None = None) -> Result:
        self.transactions += 1
        if self.away:
            raise TemporaryError("The database cannot be reached.")

        async def guarded(uow: UnitOfWork) -> Result:
            result = await work(uow)
            if await uow.find(Message, text="broken"):
                raise DeskmateError("This text cannot be stored.")
            return result

        return await super().transact(guarded, under=under)


def arrival(
    stamp: int,
    *,
    text: str = "hello",
    event: str = "",
    to_atom: bool = True,
    where: Conversation | None = None,
) -> Arrival:
    place = where or direct()
    message = Message(
        id=MessageId(f"slack:T1:{place.channel}:{stamp}"),
        event_id=event or f"E{stamp}",
        conversation_id=place.id,
        author_id=account("maria").id,
        text=text,
        addresses_atom=to_atom,
        at=FrozenClock().now(),
    )
    return Arrival(message=message, conversation=place, author=account("maria"))


def intake(settle: float = 0.0) -> tuple[Intake, Counting]:
    storage = Counting()
    return Intake(storage, FrozenClock(), settle=timedelta(seconds=settle)), storage


async def stored(storage: MemoryStorage) -> list[str]:
    return [item.text for item in await storage.read(lambda reader: reader.find(Message))]


async def mail(storage: MemoryStorage) -> int:
    return len(await storage.read(lambda reader: reader.find(Mail)))


async def test_the_same_message_in_one_batch_is_stored_once() -> None:
    """Eleven deliveries under eleven event ids, at the same time, are one message."""
    door, storage = intake()

    await asyncio.gather(*(door.accept(arrival(1, event=f"E{n}")) for n in range(11)))

    assert (["hello"], 1) == (await stored(storage), await mail(storage))


async def test_the_same_message_later_is_acknowledged_and_dropped() -> None:
    """Under its own event id again, and under another one."""
    door, storage = intake()

    for event in ("E1", "E1", "E2"):
        await door.accept(arrival(1, event=event))

    assert (["hello"], 1) == (await stored(storage), await mail(storage))


async def test_the_same_event_with_another_timestamp_is_known_too() -> None:
    """The event id alone is enough."""
    door, storage = intake()

    await door.accept(arrival(1, event="E1"))
    await door.accept(arrival(2, event="E1"))

    assert ["hello"] == await stored(storage)


@pytest.mark.parametrize("mention_first", [True, False])
async def test_a_mention_that_comes_as_a_message_too_is_read_once(mention_first: bool) -> None:  # noqa: FBT001
    """Both are delivered at once, in any order; the message that addresses Atom is the one that counts."""
    door, storage = intake()
    both = [arrival(1, event="E1", where=CHANNEL), arrival(1, event="E2", to_atom=False, where=CHANNEL)]

    await asyncio.gather(*(door.accept(item) for item in (both if mention_first else both[::-1])))

    found = await storage.read(lambda reader: reader.find(Message))
    assert [True] == [item.addresses_atom for item in found]


async def test_chatter_in_a_channel_is_not_kept() -> None:
    """What neither addresses Atom nor stands in a thread of ours leaves nothing behind."""
    door, storage = intake()

    await door.accept(arrival(1, to_atom=False, where=CHANNEL))

    assert [] == await stored(storage)
    assert not await storage.read(lambda reader: reader.find(Conversation))


async def test_a_reply_in_a_thread_of_ours_needs_no_mention() -> None:
    """Once a request was opened there, everything in the thread concerns Deskmate."""
    door, storage = intake()
    await storage.transact(lambda uow: uow.add(replace(CHANNEL, request_ids=(RequestId("r1"),))))

    await door.accept(arrival(1, to_atom=False, where=CHANNEL))

    assert ["hello"] == await stored(storage)


async def test_a_message_that_cannot_be_stored_takes_no_other_with_it() -> None:
    """Its sender is told, the others of the same batch are stored."""
    door, storage = intake()
    texts = ["one", "broken", "two", "three"]

    results = await asyncio.gather(
        *(door.accept(arrival(n, text=text)) for n, text in enumerate(texts)), return_exceptions=True
    )

    assert [None, DeskmateError, None, None] == [type(item) if item else None for item in results]
    assert ["one", "two", "three"] == await stored(storage)


async def test_a_database_that_is_away_is_told_to_every_sender() -> None:
    """So that each platform repeats; afterwards the same messages are stored."""
    door, storage = intake()
    storage.away = True
    failed = await asyncio.gather(*(door.accept(arrival(n)) for n in range(3)), return_exceptions=True)

    storage.away = False
    await asyncio.gather(*(door.accept(arrival(n)) for n in range(3)))

    assert [TemporaryError] * 3 == [type(item) for item in failed]
    assert ["hello"] * 3 == await stored(storage)


async def test_a_sender_that_went_away_harms_nobody() -> None:
    """A cancelled delivery is stored or not; those beside it are."""
    door, storage = intake()
    gone = asyncio.create_task(door.accept(arrival(1)))
    stays = asyncio.create_task(door.accept(arrival(2)))
    await asyncio.sleep(0)

    gone.cancel()
    await stays

    assert "hello" in await stored(storage)


async def test_a_burst_costs_few_transactions() -> None:
    """Two hundred messages at once are stored a batch at a time."""
    door, storage = intake()

    await asyncio.gather(*(door.accept(arrival(n)) for n in range(200)))

    assert len(await stored(storage)) == 200
    assert storage.transactions <= 200 // BATCH + 2


async def test_a_message_to_atom_is_answered_by_a_sign_at_once() -> None:
    """The sign that work goes on is stored with the message."""
    door, storage = intake()

    await door.accept(arrival(1))

    replies = await storage.read(lambda reader: reader.find(Reply))
    assert ["status"] == [reply.kind for reply in replies]


async def test_quick_messages_wait_for_each_other() -> None:
    """With a pause to settle, the conversation is not looked at before it is over."""
    door, storage = intake(settle=0.5)

    await door.accept(arrival(1))
    await door.accept(arrival(2))

    box = await storage.read(lambda reader: reader.get(Mailbox, mailbox_id("conversation", direct().id)))
    assert box is not None
    assert FrozenClock().now() + timedelta(seconds=0.5) == box.not_before


async def test_the_newest_address_of_a_conversation_is_kept() -> None:
    """Teams moves its service; posting there again needs the address that came last."""
    door, storage = intake()
    await door.accept(arrival(1, where=replace(direct(), address={"service_url": "https://old"})))
    await door.accept(arrival(2, where=replace(direct(), address={"service_url": "https://new"})))

    found = await storage.read(lambda reader: reader.get(Conversation, direct().id))
    assert found is not None
    assert found.address == {"service_url": "https://new"}


@pytest.mark.parametrize(
    ("text", "kept"),
    [("See this.", "See this.\n\n(attached: screen.png, log.txt)"), ("", "(attached: screen.png, log.txt)")],
)
async def test_attached_files_are_named_in_the_text(text: str, kept: str) -> None:
    """They are not fetched, but nobody works a message as if nothing had come with it."""
    desk, storage = intake()

    files = (File(name="screen.png"), File(name="log.txt"))
    came = arrival(1, text=text)
    await desk.accept(replace(came, message=replace(came.message, files=files)))

    messages = await storage.read(lambda reader: reader.find(Message))
    assert [kept] == [message.text for message in messages]


async def test_a_mention_reads_as_a_name() -> None:
    """Who was met is called by their name, wherever the text is read; a stranger keeps the platform's id."""
    desk, storage = intake()
    await desk.accept(arrival(1))
    came = arrival(2, text="Ask @UMARIA or @U0STRANGER, not mail@UMARIA or @channel.")

    await desk.accept(came)

    stored = await storage.read(lambda reader: reader.get(Message, came.message.id))
    assert stored is not None
    assert stored.text == "Ask @Maria or @U0STRANGER, not mail@UMARIA or @channel."
