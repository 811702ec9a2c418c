"""A running desk whose IT Support promises something, with its coworkers at rest."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.conversation import Conversation
from bot.desk.changing import change_status
from bot.desk.heading import Heading, heading
from bot.ids import ConversationId
from bot.labels import SYSTEM
from bot.mail import Priority
from bot.ports import UnitOfWork
from bot.reply import Reply
from bot.request import Request, Status
from bot.workspace import Target
from coworkers.profile import Workforce
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import Script, ScriptedModel, call
from tests.fakes.workforce import COWORKERS, IT, WORKFORCE, WORKSPACES

HOLD = call("set_status", status="on_hold", reason="a test")
PROMISES: dict[Priority, Target] = {
    "normal": Target(respond=timedelta(hours=1), resolve=timedelta(hours=8)),
    "urgent": Target(respond=timedelta(minutes=15)),
}


def promising() -> Workforce:
    """Return the tests' workforce, whose IT Support answers within an hour and resolves within a day's work."""
    known = next(item for item in WORKSPACES if item.id == IT)
    it = replace(known, sla=PROMISES, time_zone="Europe/London", business_hours={"mon-sun": "00:00-24:00"})
    return replace(WORKFORCE, workspaces={**WORKFORCE.workspaces, IT: it})


async def at_rest(**options: object) -> RunningDesk:
    """Return a desk with Maria's request IT-1001, which its coworker has put on hold."""
    script: Script = {str(item.id): [HOLD] for item in COWORKERS}
    desk = await running(ScriptedModel(script=script), workforce=promising(), **options)
    await desk.open()
    await desk.settle()
    return desk


async def headers(desk: RunningDesk, channel: str = "CIT") -> Sequence[Reply]:
    """Return the header of a request's thread and all its refreshments, in order."""
    threads = await desk.all(Conversation, channel=channel, kind="support")
    return await desk.all(Reply, conversation_id=[item.id for item in threads], kind="header")


async def shown(desk: RunningDesk, channel: str = "CIT") -> str:
    """Return the header that stands in a channel."""
    posts = [item for item in desk.messenger.posts if item.channel == channel and item.kind == "header"]
    assert 1 == len(posts)
    return posts[0].text


async def as_it_is(desk: RunningDesk, number: str = "IT-1001") -> Heading:
    """Return the header that a request should have now."""
    request = await desk.request(number)
    return await desk.plain.read(lambda reader: heading(reader, desk.desk, request))


async def true_headers(desk: RunningDesk) -> None:
    """Assert that in each channel each request's header says how the request is, and offers what can be done.

    One that is held, because the requester would read it, is as true when it is let go.
    """
    for request in await desk.all(Request):
        wanted = await as_it_is(desk, request.number)
        for channel in desk.desk.support_channels(desk.desk.workspace(request.workspace)).values():
            key = ConversationId(f"support:{request.id}:slack:{channel}")
            last = (await desk.all(Reply, conversation_id=key, kind="header"))[-1]
            assert (wanted.text, wanted.buttons) == (last.text, last.buttons)
            assert last.state == "held" or wanted.text in desk.shown(channel)


async def set_to(desk: RunningDesk, status: Status) -> None:
    """Change the status, as a use case does."""

    async def work(uow: UnitOfWork) -> None:
        request = await uow.get(Request, (await desk.request()).id)
        assert request is not None
        await change_status(uow, desk.desk, request, status, SYSTEM, reason="a test")

    await desk.plain.transact(work)
