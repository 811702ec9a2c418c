"""The embedded dispatcher: each mailbox by one task, none forgotten, and room for what is more urgent."""

import asyncio
from datetime import UTC, datetime, timedelta

from adapters.dispatch.embedded import EmbeddedDispatcher
from bot.ids import MailboxId

FIRST, SECOND = MailboxId("request:1"), MailboxId("request:2")


async def test_a_wake_up_during_the_work_has_the_mailbox_looked_at_once_more() -> None:
    """Never by two tasks at a time."""
    dispatcher, worked, at_once = EmbeddedDispatcher(), [], []

    async def work(key: MailboxId) -> datetime | None:
        at_once.append(len(dispatcher._working))
        worked.append(key)
        if len(worked) == 1:
            dispatcher.wake(FIRST)
            dispatcher.wake(FIRST)
        await asyncio.sleep(0)
        return None

    serving = asyncio.create_task(dispatcher.serve(work))
    dispatcher.wake(FIRST)
    await dispatcher.idle()
    await dispatcher.stop()
    await serving

    assert ([FIRST, FIRST], {1}) == (worked, set(at_once))


async def test_what_may_be_worked_later_is_woken_then() -> None:
    """Without anybody else's wake-up."""
    dispatcher, worked = EmbeddedDispatcher(), 0

    async def work(_: MailboxId) -> datetime | None:
        nonlocal worked
        worked += 1
        return datetime.now(UTC) + timedelta(milliseconds=5) if worked == 1 else None

    serving = asyncio.create_task(dispatcher.serve(work))
    dispatcher.wake(FIRST)
    await dispatcher.idle(within=1.0)
    await dispatcher.stop()
    await serving

    assert 2 == worked


async def test_work_is_begun_one_by_one_while_something_else_is_more_urgent() -> None:
    """The second begins only after a pause, and it does begin."""
    dispatcher, begun, first_begun = EmbeddedDispatcher(), [], asyncio.Event()
    dispatcher.make_room(lambda: True)

    async def work(key: MailboxId) -> datetime | None:
        begun.append(key)
        first_begun.set()
        return None

    serving = asyncio.create_task(dispatcher.serve(work))
    dispatcher.wake(FIRST, SECOND)
    await first_begun.wait()
    at_first = list(begun)
    await dispatcher.idle()
    await dispatcher.stop()
    await serving

    assert ([FIRST], [FIRST, SECOND]) == (at_first, begun)
