"""Slack does not always say whose message was deleted: then our own store does, or the deletion is none of ours."""

from datetime import timedelta

from adapters.slack.arrivals import Ignored
from adapters.slack.inbound import NOBODY, arrival
from bot.intake import store
from bot.message import Arrival, Message
from tests.fakes.clock import FrozenClock
from tests.fakes.memory import MemoryStorage
from tests.unit.slack.payloads import TS, Payload, event, nowhere

LATER = "1700000099.000100"


def came(body: Payload) -> Arrival:
    found = arrival(body, support=nowhere, bot_user="U0ATOM")
    assert not isinstance(found, Ignored)
    return found


def deletion() -> Payload:
    """Give a deletion without `previous_message`."""
    gone = event(subtype="message_deleted", deleted_ts=TS, ts=LATER, event_ts=LATER, user=None, text=None)
    return {**gone, "event_id": "Ev9"}


async def stored(*arrivals: Arrival) -> list[Message]:
    """Return what is stored of these, one delivery after the other."""
    storage = MemoryStorage()
    for item in arrivals:
        await storage.transact(lambda uow, item=item: store(uow, [item], FrozenClock().now(), timedelta()))  # type: ignore[misc]
    return list(await storage.read(lambda reader: reader.find(Message)))


def test_a_deletion_without_a_name_is_nobodys() -> None:
    """It is known by the message that it is about."""
    found = came(deletion())

    assert (NOBODY, "deleted", TS) == (found.message.author_id, found.message.kind, found.message.post)


async def test_the_stored_message_says_whose_it_was_and_in_which_thread() -> None:
    """A reply in a thread, which the deletion does not name either."""
    said = came(event(channel_type="im", channel="D1", thread_ts="1600000000.000001"))
    gone = came({**deletion(), "event": {**deletion()["event"], "channel_type": "im", "channel": "D1"}})

    messages = await stored(said, gone)

    assert ["text", "deleted"] == [item.kind for item in messages]
    assert {said.author.id} == {item.author_id for item in messages}
    assert {said.conversation.id} == {item.conversation_id for item in messages}


async def test_the_deletion_of_what_was_never_ours_is_dropped() -> None:
    """Most deleted messages of a channel were never stored."""
    assert [] == await stored(came(deletion()))
