"""Killed at every transaction, failing in every way: each reply is posted once, in order, and nothing private where it must not be."""

import asyncio
from collections import defaultdict
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.conversation import Conversation
from bot.errors import PermanentError, TemporaryError
from bot.labels import Visibility
from bot.ports import Readers
from bot.reply import Reply
from tests.fakes.audience import COLLEAGUES
from tests.fakes.messenger import Fault, Killed, RecordingMessenger
from tests.unit.desk.outbox_scene import MARIA, Scene, support

PUBLIC = Visibility.PUBLIC

FAULTS = (
    Fault(error=TemporaryError("429", delay=30)),
    Fault(error=TemporaryError("500")),
    Fault(error=TemporaryError("answer lost", maybe_done=True), done=True),
    Fault(error=TemporaryError("call lost", maybe_done=True)),
    Fault(error=PermanentError("msg_too_long")),
    Fault(error=Killed()),
    Fault(error=Killed(), done=True),
)


async def story(scene: Scene) -> None:
    await scene.open()
    for key in ("a", "b"):
        await scene.queue(key, support())
        await scene.queue(f"{key}-public", scene.own(), visibility=PUBLIC)
    await scene.queue("card", support(), kind="card", replaces="header1")


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("kill_at", range(1, 17))
async def test_killed_at_any_transaction_each_reply_is_posted_once(kill_at: int, *, after: bool) -> None:
    """Before it is durable or just after, the story ends the same."""
    scene = Scene()
    await story(scene)
    scene.storage.kill_at, scene.storage.after = kill_at, after

    await scene.settle()

    assert scene.storage.count >= kill_at
    assert scene.shown("CSUPPORT") == ["header1", "a", "b"]
    assert scene.shown("D1") == ["a-public", "b-public"]
    assert {reply.state for reply in (await scene.replies()).values()} == {"sent"}
    assert {posted.thread for posted in scene.messenger.posts if posted.channel == "CSUPPORT"} == {None, "CSUPPORT-1"}


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("call", range(5))
async def test_killed_in_the_middle_of_a_call_each_reply_is_posted_once(call: int, *, done: bool) -> None:
    """Whether the platform did it or not."""
    scene = Scene()
    await story(scene)
    scene.messenger.script.extend([*[None] * call, Fault(error=Killed(), done=done)])

    await scene.settle()

    assert scene.shown("CSUPPORT") == ["header1", "a", "b"]
    assert scene.shown("D1") == ["a-public", "b-public"]


@pytest.mark.parametrize("kill_at", range(1, 14))
@pytest.mark.parametrize("after", [False, True])
async def test_killed_while_a_note_is_held_the_admin_is_told_once(kill_at: int, *, after: bool) -> None:
    """The hold and its notice are one transaction."""
    scene = Scene()
    await scene.open()
    await scene.settle()
    scene.audience.places["CSUPPORT"] = MARIA
    await scene.queue("a", support())
    scene.storage.count, scene.storage.kill_at, scene.storage.after = 0, kill_at, after

    await scene.settle(hours=0.3)

    assert len(scene.shown("DADMIN")) == 1
    assert scene.shown("CSUPPORT") == ["header1"]


class Watching(RecordingMessenger):
    """Notes each private post that the requester could read at that moment, and each call that came too early."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene.clock.now)
        self._scene = scene
        self._not_before: dict[str, tuple[datetime, int]] = {}
        self.wrong: list[str] = []

    async def post(self, reply: Reply, conversation: Conversation) -> str:
        readers = self._scene.audience.places.get(conversation.channel)
        harmless = reply.visibility is PUBLIC or reply.kind == "notice"
        if not harmless and (readers is None or readers.outsiders or "slack:T1:UMARIA" in readers.identities):
            self.wrong.append(f"{reply.id} leaked in {conversation.channel}")
        moment, forgot = self._not_before.get(conversation.id, (self._scene.clock.now(), 0))
        if self._scene.clock.now() < moment and forgot == self._scene.storage.forgot:
            self.wrong.append(f"{reply.id} came before {moment}")
        try:
            return await super().post(reply, conversation)
        except TemporaryError as error:
            moment = self._scene.clock.now() + timedelta(seconds=error.delay)
            self._not_before[conversation.id] = (moment, self._scene.storage.forgot)
            raise


AUDIENCES = (COLLEAGUES, COLLEAGUES, MARIA, None, Readers(identities=frozenset(), emails=frozenset(), outsiders=True))
QUEUED = st.tuples(st.integers(1, 3), st.sampled_from(["own", "mirror", "private"]))


@given(
    queued=st.lists(QUEUED, max_size=10),
    more=st.lists(QUEUED, max_size=5),
    faults=st.lists(st.none() | st.sampled_from(FAULTS), max_size=14),
    finds=st.lists(st.none() | st.just(Fault(error=TemporaryError("503", delay=9))), max_size=4),
    audiences=st.lists(st.sampled_from(AUDIENCES), max_size=4),
    kills=st.lists(st.tuples(st.integers(1, 25), st.booleans()), max_size=3),
)
@settings(deadline=None, max_examples=100)
def test_whatever_fails_nothing_is_lost_repeated_disordered_early_or_leaked(
    queued: list[tuple[int, str]],
    more: list[tuple[int, str]],
    faults: list[Fault | None],
    finds: list[Fault | None],
    audiences: list[Readers | None],
    kills: list[tuple[int, bool]],
) -> None:
    """Random failures, deaths and members who come and go, over the threads of three requests."""

    async def play() -> None:
        scene = Scene()
        home: dict[str, str] = {}
        watching = Watching(scene)
        scene.messengers["slack"] = scene.messenger = watching
        for number in (1, 2, 3):
            await scene.open(number)
        await fill(scene, queued, home, "q")
        watching.script.extend(faults)
        watching.find_script.extend(finds)
        for readers in audiences:
            scene.audience.places["CSUPPORT"] = readers
            if kills:
                scene.storage.count = 0
                scene.storage.kill_at, scene.storage.after = kills.pop()
            await scene.settle(hours=0.01)
        await fill(scene, more, home, "m")
        scene.audience.places["CSUPPORT"] = COLLEAGUES
        await scene.settle(hours=3)
        await check(scene, watching, home)

    asyncio.run(play())


async def fill(scene: Scene, queued: list[tuple[int, str]], home: dict[str, str], prefix: str) -> None:
    for index, (number, what) in enumerate(queued):
        conversation = scene.own(number) if what == "own" else support(number)
        key = f"{prefix}{index:02}"
        visibility = Visibility.PRIVATE if what == "private" else PUBLIC
        home[key] = f"{conversation.id}/{visibility}"
        await scene.queue(key, conversation, visibility=visibility, number=number)


async def check(scene: Scene, watching: Watching, home: dict[str, str]) -> None:
    replies = await scene.replies()
    posted = [post.reply_id for post in watching.posts]
    lanes: dict[str, list[str]] = defaultdict(list)
    for key in posted:
        if key in home:
            lanes[home[key]].append(key)

    assert watching.wrong == []
    assert len(set(posted)) == len(posted), "posted twice"
    assert {reply.state for reply in replies.values()} <= {"sent", "parked"}, "lost"
    assert {key for key, reply in replies.items() if reply.state == "sent"} <= set(posted)
    for lane in lanes.values():
        in_order = [key for key in home if key in set(lane)]
        assert in_order == lane, "out of order"
    for post in watching.posts:
        assert post.channel != "CSUPPORT" or post.thread is not None or post.kind == "header", "beside its thread"
