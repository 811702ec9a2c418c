"""How replies are delivered: order, waiting, looking before repeating, giving up."""

from dataclasses import replace

import pytest

from bot.conversation import Conversation
from bot.errors import LeaseLost, PermanentError, TemporaryError
from bot.labels import Visibility
from bot.mail import Lease, mailbox_id
from bot.mailroom import Bell, ring
from bot.outbox import ATTEMPTS
from bot.progress import Idle, Later
from tests.fakes.messenger import Fault
from tests.unit.desk.outbox_scene import Scene, support

PUBLIC = Visibility.PUBLIC


@pytest.fixture
async def scene() -> Scene:
    made = Scene()
    await made.open()
    return made


async def test_replies_are_posted_in_order_under_their_header(scene: Scene) -> None:
    """The header begins the thread, and what follows is posted in it."""
    for key in ("a", "b", "c"):
        await scene.queue(key, support())

    await scene.settle()

    assert scene.shown("CSUPPORT") == ["header1", "a", "b", "c"]
    assert {posted.thread for posted in scene.messenger.posts[1:]} == {"CSUPPORT-1"}
    assert {reply.state for reply in (await scene.replies()).values()} == {"sent"}


async def test_what_was_posted_is_audited_without_its_text(scene: Scene) -> None:
    """The trail says where, and holds a digest."""
    await scene.settle()

    events = await scene.events()

    assert len(events) == 1
    assert '"kind":"reply.posted"' in events[0]
    assert '"channel":"CSUPPORT"' in events[0]
    assert "text of" not in events[0]


async def test_a_retry_after_is_honoured_to_the_second(scene: Scene) -> None:
    """Nothing is tried before the moment, however often it is woken, even by another process."""
    scene.messenger.script.append(Fault(error=TemporaryError("429", delay=30)))
    (later,) = await scene.once()
    assert (later - scene.clock.now()).total_seconds() == 30

    scene.clock.advance(29.9)
    scene.start()
    await scene.queue("a", support())
    await scene.once()
    early = len(scene.messenger.tries)
    scene.clock.advance(0.1)
    await scene.once()

    assert early == 1
    assert scene.shown("CSUPPORT") == ["header1", "a"]


async def test_a_crash_after_a_retry_after_does_not_forget_it(scene: Scene) -> None:
    """The moment is stored with the reply, before the lease is given back."""
    scene.messenger.script.append(Fault(error=TemporaryError("429", delay=300)))
    scene.storage.kill_at, scene.storage.after = 3, True
    began = scene.clock.now()

    await scene.settle()

    assert [(tried.at - began).total_seconds() for tried in scene.messenger.tries] == [0, 300]


async def test_waits_grow_when_the_platform_does_not_say(scene: Scene) -> None:
    """One second, two, four … then it is parked and the admin told."""
    scene.messenger.script.extend([Fault(error=TemporaryError("500"))] * ATTEMPTS)
    began = scene.clock.now()

    await scene.settle()

    moments = [(tried.at - began).total_seconds() for tried in scene.messenger.tries if tried.reply_id == "header1"]
    assert moments == [0, 1, 3, 7, 15, 31, 63, 127]
    assert (await scene.replies())["header1"].state == "parked"
    (notice,) = [posted for posted in scene.messenger.posts if posted.channel == "DADMIN"]
    assert "IT-1" in notice.text
    assert "text of" not in notice.text


async def test_a_lost_answer_is_looked_for_and_not_repeated(scene: Scene) -> None:
    """The post stands once."""
    scene.messenger.script.append(Fault(error=TemporaryError("no answer", maybe_done=True), done=True))

    await scene.settle()

    assert scene.shown("CSUPPORT") == ["header1"]
    assert [tried.method for tried in scene.messenger.tries] == ["post", "find"]
    assert (await scene.replies())["header1"].post == "CSUPPORT-1"


async def test_a_lost_call_is_looked_for_and_made_again(scene: Scene) -> None:
    """It certainly does not stand, so it is posted."""
    scene.messenger.script.append(Fault(error=TemporaryError("no answer", maybe_done=True)))

    await scene.settle()

    assert [tried.method for tried in scene.messenger.tries] == ["post", "find", "post"]
    assert scene.shown("CSUPPORT") == ["header1"]


async def test_looking_waits_when_the_platform_cannot_be_asked(scene: Scene) -> None:
    """Nothing is posted on a guess."""
    scene.messenger.script.append(Fault(error=TemporaryError("no answer", maybe_done=True), done=True))
    scene.messenger.find_script.append(Fault(error=TemporaryError("503", delay=20)))

    await scene.settle()

    assert [tried.method for tried in scene.messenger.tries] == ["post", "find", "find"]
    assert scene.shown("CSUPPORT") == ["header1"]


async def test_where_nobody_can_tell_it_is_repeated_and_flagged() -> None:
    """A post twice is better than none, and the trail says so."""
    scene = Scene(can_tell=False)
    await scene.open()
    scene.messenger.script.append(Fault(error=TemporaryError("no answer", maybe_done=True), done=True))

    await scene.settle()

    assert scene.shown("CSUPPORT") == ["header1", "header1"]
    assert sum('"kind":"reply.repeated"' in event for event in await scene.events()) == 1


async def test_a_permanent_failure_parks_one_reply_and_the_next_goes_on(scene: Scene) -> None:
    """The admin is told once."""
    await scene.settle()
    await scene.queue("a", support())
    await scene.queue("b", support())
    scene.messenger.script.append(Fault(error=PermanentError("msg_too_long")))

    await scene.settle()

    assert scene.shown("CSUPPORT") == ["header1", "b"]
    assert (await scene.replies())["a"].problem == "msg_too_long"
    assert len(scene.shown("DADMIN")) == 1


async def test_what_came_too_soon_is_waited_out_however_often(scene: Scene) -> None:
    """A channel takes one post a second, and a hundred are before this one: that is no failure of it."""
    too_soon = Fault(error=TemporaryError("429", delay=30, too_soon=True))
    scene.messenger.script.extend([too_soon] * (3 * ATTEMPTS))

    await scene.settle()

    assert scene.shown("CSUPPORT") == ["header1"]
    assert (await scene.replies())["header1"].attempts == 1


async def test_a_header_that_is_given_up_takes_its_thread_along(scene: Scene) -> None:
    """Nothing is posted beside the thread that never began, also what comes later."""
    await scene.queue("a", support())
    scene.messenger.script.append(Fault(error=PermanentError("channel_not_found")))
    await scene.settle()
    await scene.queue("late", support())

    await scene.settle()

    assert scene.shown("CSUPPORT") == []
    assert {key: (await scene.replies())[key].state for key in ("header1", "a", "late")} == {
        "header1": "parked",
        "a": "parked",
        "late": "parked",
    }
    assert len(scene.shown("DADMIN")) == 1


async def test_a_notice_that_cannot_be_delivered_makes_no_further_notice(scene: Scene) -> None:
    """Trouble does not multiply."""
    scene.messenger.script.extend([Fault(error=PermanentError("channel_not_found"))] * 2)

    await scene.settle()

    assert sorted(reply.state for reply in (await scene.replies()).values()) == ["parked", "parked"]


async def test_a_status_is_never_repeated_nor_late(scene: Scene) -> None:
    """It fails, it is old, something else follows: dropped."""
    await scene.queue("failing", scene.own(), visibility=PUBLIC, kind="status")
    scene.messenger.script.append(Fault(error=TemporaryError("500", maybe_done=True)))
    await scene.engine.work(mailbox_id("outbox", scene.own().id))
    await scene.queue("old", scene.own(), visibility=PUBLIC, kind="status")
    scene.clock.advance(61)
    await scene.settle()
    await scene.queue("overtaken", scene.own(), visibility=PUBLIC, kind="status")
    await scene.queue("answer", scene.own(), visibility=PUBLIC)
    await scene.settle()
    await scene.queue("fresh", scene.own(), visibility=PUBLIC, kind="status")
    await scene.settle()

    assert scene.shown("D1") == ["answer", "fresh"]
    assert {key for key, reply in (await scene.replies()).items() if reply.state == "dropped"} == {
        "failing",
        "old",
        "overtaken",
    }


async def test_a_change_is_made_in_place(scene: Scene) -> None:
    """The header's card is changed where it stands, and so is the change of a change."""
    await scene.queue("card", support(), kind="card", replaces="header1")
    await scene.queue("card2", support(), kind="card", replaces="card")

    await scene.settle()

    assert [posted.text for posted in scene.messenger.posts] == ["text of card2"]
    assert {reply.post for reply in (await scene.replies()).values()} == {"CSUPPORT-1"}


async def test_a_change_whose_answer_was_lost_is_made_again(scene: Scene) -> None:
    """Changing twice to the same is harmless, so nothing is looked for."""
    await scene.queue("card", support(), kind="card", replaces="header1")
    scene.messenger.script.extend([None, Fault(error=TemporaryError("?", maybe_done=True), done=True)])

    await scene.settle()

    assert [tried.method for tried in scene.messenger.tries] == ["post", "change", "change"]
    assert (await scene.replies())["card"].state == "sent"


async def test_a_change_of_what_was_never_posted_is_posted(scene: Scene) -> None:
    """The latest content is what counts."""
    await scene.settle()
    await scene.queue("a", support())
    await scene.queue("a2", support(), replaces="a")
    scene.messenger.script.append(Fault(error=PermanentError("invalid_blocks")))

    await scene.settle()

    assert scene.shown("CSUPPORT") == ["header1", "a2"]


async def test_a_platform_that_is_not_connected_parks_with_a_sentence(scene: Scene) -> None:
    """An admin reads what to do."""
    teams = Conversation(
        id=replace(scene.own(), platform="teams").id, platform="teams", tenant="X", channel="19:x", kind="direct"
    )
    await scene.memory.transact(lambda uow: uow.put(teams))
    await scene.queue("a", teams, visibility=PUBLIC)

    await scene.settle()

    assert "teams is not connected" in (await scene.replies())["a"].problem


async def test_a_lost_lease_stops_everything(scene: Scene) -> None:
    """A worker that was stopped past its lease posts nothing more."""
    box = await scene.mailbox(support())

    with pytest.raises(LeaseLost):
        await scene.outbox.advance(box, Lease(mailbox_id=box.id, token=box.token - 1))

    assert scene.messenger.tries == []


async def test_nothing_waiting_is_idle(scene: Scene) -> None:
    """An empty queue has nothing to do, and a queue that is put off says until when."""
    await scene.memory.transact(lambda uow: ring(uow, scene.clock.now(), Bell(kind="outbox", subject=scene.own().id)))
    box = await scene.mailbox(scene.own())
    assert await scene.outbox.advance(box, Lease(mailbox_id=box.id, token=box.token)) == Idle()

    waiting = await scene.mailbox(support())
    until = scene.clock.now().replace(hour=23)
    await scene.memory.transact(lambda uow: uow.put(replace(waiting, not_before=until)))

    assert await scene.outbox.advance(waiting, Lease(mailbox_id=waiting.id, token=waiting.token)) == Later(at=until)


async def test_giving_up_parks_the_reply_whose_turn_it_is(scene: Scene) -> None:
    """What nobody foresaw ends with a human too."""
    await scene.settle()
    await scene.queue("a", support())
    await scene.queue("b", support())
    box = await scene.mailbox(support())

    await scene.outbox.give_up(box, Lease(mailbox_id=box.id, token=box.token), "it was begun 5 times")
    await scene.settle()

    assert scene.shown("CSUPPORT") == ["header1", "b"]
    assert (await scene.replies())["a"].problem == "it was begun 5 times"
