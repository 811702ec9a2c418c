"""Many requests at once, several workers on one storage: each is worked by one, in order, and all are finished."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from bot.desk.assigning import assign
from bot.desk.opening import Wish, open_request
from bot.ids import PersonId
from bot.labels import SYSTEM, Visibility
from bot.mail import Mailbox
from bot.ports import UnitOfWork
from bot.request import Assignee, Request
from bot.run import Step
from bot.work import Engine, due_mailboxes
from tests.fakes.databases import AnyStorage
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel, call, calls
from tests.fakes.workforce import IT, direct
from tests.unit.coworkers_core.test_core_story import story, told

HANDED = {
    "hardware-engineer": [
        calls(("post_private_note", {"text": "Looking."}), ("jumpcloud__lock_device", {"device": "L1"})),
        call("ask_requester", question="Which one?"),
    ]
}

WORKERS = [
    "atom",
    "it-triage",
    "hardware-engineer",
    "security-specialist",
    "security-specialist",
    "global-triage",
    "it-triage",
    "software-engineer",
]
"""Who works in the story, in order."""


async def opened(desk: RunningDesk, count: int) -> None:
    """Open so many requests of Maria's for the hardware engineer."""
    await desk.open()

    async def work(uow: UnitOfWork) -> None:
        for n in range(count - 1):
            wish = Wish(
                title=f"Laptop {n}",
                description="slow",
                workspace=IT,
                requester=PersonId("maria"),
                author=PersonId("maria"),
                conversation_id=direct().id,
            )
            request = await open_request(uow, desk.desk, wish, SYSTEM, cause=f"many-{n}")
            await assign(uow, desk.desk, request, Assignee(kind="coworker", id="hardware-engineer"), SYSTEM, cause="x")

    await desk.plain.transact(work)


async def test_two_workers_share_many_requests() -> None:
    """Both wake for everything; every lease is held by one, every effect happens once."""
    desk = await running(ScriptedModel(script=HANDED))
    await opened(desk, 30)
    first = desk.engine
    desk.start()
    second: Engine = desk.engine

    for _ in range(20):
        due = await due_mailboxes(desk.storage)
        await asyncio.gather(*(engine.work(key) for key in due for engine in (first, second)))
        if not await desk.all(Mailbox, due=True):
            break

    assert {"pending": 30} == Counter(request.status for request in await desk.all(Request))
    assert 30 == len(desk.servers.made) == len({made.key for made in desk.servers.made})
    assert 30 == len(await desk.runs())
    posts = [posted.reply_id for posted in desk.messenger.posts]
    assert len(posts) == len(set(posts))


async def test_a_worker_that_was_stopped_past_its_lease_changes_nothing() -> None:
    """While it thought, another took the request and finished it; what it brings back is refused."""
    desk = await running(ScriptedModel(script=HANDED))
    request = await desk.open()
    stopped = desk.engine
    model = desk.model

    async def overtaken() -> None:
        desk.clock.advance(timedelta(seconds=31).total_seconds())
        desk.start()
        await desk.settle()

    model.meanwhile = overtaken
    await stopped.work((await due_mailboxes(desk.storage))[-1])
    await desk.settle()

    steps = await desk.all(Step)
    assert [step.seq for step in steps] == list(range(len(steps)))
    assert 1 == len(desk.servers.made)
    assert ["Which one?"] == await desk.notes(Visibility.PUBLIC)
    assert "pending" == (await desk.request(request.number)).status


@pytest.mark.parametrize("again", [False, True])
async def test_the_story_is_the_same_on_every_storage(storage: AnyStorage, again: bool) -> None:  # noqa: FBT001
    """In memory, on SQLite and on PostgreSQL; also when the process begins anew in the middle."""
    desk = RunningDesk(model=story(), plain=storage)
    await desk.employ_people()
    if again:
        desk.fuse.at = 60

    await told(desk)

    request = await desk.request()
    assert ("pending", "software-engineer") == (request.status, request.assignee.id)
    assert WORKERS == [run.coworker for run in await desk.runs(state="done")]
    assert "Is it faster now?" == desk.shown("DMARIA")[-1]
