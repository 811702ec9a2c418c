"""What becomes of replies that the wrong people could read at the moment of delivery."""

from dataclasses import replace

import pytest

from bot.errors import PermanentError, TemporaryError
from bot.labels import Visibility
from bot.mail import Lease
from bot.outbox import ATTEMPTS
from bot.ports import Readers
from bot.progress import Later
from tests.fakes.audience import COLLEAGUES
from tests.unit.desk.outbox_scene import ADMIN, IT, MARIA, Scene, support

PUBLIC = Visibility.PUBLIC
RESTRICTED = replace(IT, restricted_channels={"slack": "CRESTRICTED"})


@pytest.fixture
async def scene() -> Scene:
    made = Scene()
    await made.open()
    await made.settle()
    return made


async def states(scene: Scene, *keys: str) -> list[str]:
    replies = await scene.replies()
    return [replies[key].state for key in keys]


@pytest.mark.parametrize(
    "readers", [MARIA, None, replace(COLLEAGUES, outsiders=True), replace(COLLEAGUES, certain=False)]
)
async def test_a_withheld_note_is_held_and_the_admin_told_once(scene: Scene, readers: Readers | None) -> None:
    """Nothing is tried, the notice holds nothing of the note, and the trail says why."""
    scene.audience.places["CSUPPORT"] = readers
    for key in ("a", "b", "c"):
        await scene.queue(key, support())

    await scene.settle()

    assert scene.shown("CSUPPORT") == ["header1"]
    assert await states(scene, "a", "b", "c") == ["held", "queued", "queued"]
    (notice,) = [posted for posted in scene.messenger.posts if posted.channel == "DADMIN"]
    assert "IT-1" in notice.text
    assert "text of" not in notice.text
    assert sum('"kind":"note.withheld"' in event for event in await scene.events()) == 1


async def test_a_held_note_goes_in_order_once_it_may(scene: Scene) -> None:
    """The admin mends the channel; within five minutes everything is there."""
    scene.audience.places["CSUPPORT"] = MARIA
    for key in ("a", "b", "c"):
        await scene.queue(key, support())
    await scene.settle(hours=0.2)

    scene.audience.places["CSUPPORT"] = COLLEAGUES
    await scene.settle()

    assert scene.shown("CSUPPORT") == ["header1", "a", "b", "c"]
    assert len(scene.shown("DADMIN")) == 1


async def test_a_mirror_passes_a_held_note(scene: Scene) -> None:
    """The requester may read what is public anyway."""
    scene.audience.places["CSUPPORT"] = MARIA
    await scene.queue("private", support())
    await scene.queue("mirror", support(), visibility=PUBLIC)

    await scene.settle()

    assert scene.shown("CSUPPORT") == ["header1", "mirror"]


async def test_a_held_note_is_looked_at_again_in_five_minutes_or_when_something_comes(scene: Scene) -> None:
    """The moment is not firm."""
    scene.audience.places["CSUPPORT"] = None
    await scene.queue("a", support())
    box = await scene.mailbox(support())

    progress = await scene.outbox.advance(box, Lease(mailbox_id=box.id, token=box.token))

    assert isinstance(progress, Later)
    assert ((progress.at - scene.clock.now()).total_seconds(), progress.firm) == (300, False)


async def test_a_held_header_holds_all_of_its_thread() -> None:
    """Not even a mirror is posted beside a thread that has not begun."""
    scene = Scene()
    scene.audience.places["CSUPPORT"] = MARIA
    await scene.open()
    await scene.queue("mirror", support(), visibility=PUBLIC)

    await scene.settle()

    assert scene.shown("CSUPPORT") == []
    assert await states(scene, "header1", "mirror") == ["held", "queued"]


async def test_a_note_never_goes_to_the_requesters_thread(scene: Scene) -> None:
    """Whoever queued it there."""
    await scene.queue("private", scene.own())

    await scene.settle()

    assert scene.shown("D1") == []
    assert await states(scene, "private") == ["held"]


async def test_somebody_elses_thread_gets_no_public_note(scene: Scene) -> None:
    """Public is public to the requester only."""
    await scene.open(2)
    await scene.queue("stray", scene.own(2), visibility=PUBLIC, number=1)

    await scene.settle()

    assert scene.shown("D1") == []


async def test_a_restricted_channel_takes_what_the_support_channel_may_not_have() -> None:
    """The thread begins there under its own header, in order; mirrors stay where the thread stands."""
    scene = Scene(workspace=RESTRICTED)
    await scene.open()
    await scene.queue("before", support())
    await scene.settle()
    scene.audience.places["CSUPPORT"] = MARIA
    await scene.queue("a", support())
    await scene.queue("mirror", support(), visibility=PUBLIC)
    await scene.queue("b", support())

    await scene.settle()
    await scene.queue("c", support())
    await scene.settle()

    assert scene.shown("CSUPPORT") == ["header1", "before", "mirror"]
    assert scene.shown("CRESTRICTED") == ["restricted-header-r1", "a", "b", "c"]
    assert scene.shown("DADMIN") == []


async def test_a_thread_that_had_not_begun_moves_as_a_whole() -> None:
    """Its header is dropped, and mirrors go with it."""
    scene = Scene(workspace=RESTRICTED)
    scene.audience.places["CSUPPORT"] = MARIA
    await scene.open()
    await scene.queue("a", support())
    await scene.queue("mirror", support(), visibility=PUBLIC)
    await scene.settle()
    scene.audience.places["CSUPPORT"] = COLLEAGUES
    await scene.queue("later", support())
    await scene.queue("later mirror", support(), visibility=PUBLIC)

    await scene.settle()

    assert scene.shown("CSUPPORT") == []
    assert scene.shown("CRESTRICTED") == ["restricted-header-r1", "a", "mirror", "later", "later mirror"]


async def test_a_restricted_channel_that_the_requester_reads_too_is_no_way_out() -> None:
    """Then it is held, as if there were none."""
    scene = Scene(workspace=RESTRICTED)
    await scene.open()
    await scene.settle()
    scene.audience.places.update({"CSUPPORT": MARIA, "CRESTRICTED": MARIA})
    await scene.queue("a", support())

    await scene.settle()

    assert await states(scene, "a") == ["held"]
    assert scene.shown("CRESTRICTED") == []


async def test_an_intended_note_is_looked_for_before_it_is_judged(scene: Scene) -> None:
    """Sent before the requester joined: it stands, and is not sent again; not sent: it is held."""
    scene.audience.places["CSUPPORT"] = MARIA
    await scene.queue("stands", support())
    await scene.queue("does not", support())
    replies = await scene.replies()
    await scene.memory.transact(lambda uow: uow.put(replace(replies["stands"], state="sending", attempts=1)))
    await scene.messenger.post(replies["stands"], support())

    await scene.settle()

    assert scene.shown("CSUPPORT") == ["header1", "stands"]
    assert await states(scene, "stands", "does not") == ["sent", "held"]


async def test_an_audience_that_cannot_be_asked_is_waited_for_then_unknown(scene: Scene) -> None:
    """Some failures wait; when they go on, the note is held and the admin told."""
    await scene.queue("waits", support())
    scene.audience.failures.extend([TemporaryError("busy", delay=7)] * 2)
    began = scene.clock.now()
    await scene.settle()
    first = (scene.clock.now() - began).total_seconds()
    await scene.queue("held", support())
    scene.audience.failures.extend([TemporaryError("busy")] * ATTEMPTS)

    await scene.settle(hours=0.04)

    assert first == 14
    assert await states(scene, "waits", "held") == ["sent", "held"]
    assert len(scene.shown("DADMIN")) == 1


async def test_an_audience_that_is_never_told_is_unknown(scene: Scene) -> None:
    """A missing permission is not waited for."""
    scene.audience.failures.append(PermanentError("missing_scope"))
    await scene.queue("a", support())
    await scene.once()

    assert await states(scene, "a") == ["held"]


async def test_a_notice_goes_to_an_admin_even_about_the_admins_own_request(scene: Scene) -> None:
    """It holds nothing private; only strangers must not read it."""
    scene.audience.places["CSUPPORT"] = None
    scene.audience.places[ADMIN.channel] = MARIA
    await scene.queue("a", support())

    await scene.settle()

    assert len(scene.shown("DADMIN")) == 1


async def test_a_withheld_status_is_dropped(scene: Scene) -> None:
    """Nobody waits for it."""
    scene.audience.places["CSUPPORT"] = MARIA
    await scene.queue("working", support(), kind="status")

    await scene.settle()

    assert await states(scene, "working") == ["dropped"]
    assert scene.shown("DADMIN") == []


async def test_everything_held_in_one_thread_is_one_notice(scene: Scene) -> None:
    """A mirror that is held too adds nothing, nor does another reason for the same."""
    scene.audience.places["CSUPPORT"] = None
    await scene.queue("private", support())
    await scene.queue("mirror", support(), visibility=PUBLIC)
    await scene.settle(hours=0.2)
    scene.audience.places["CSUPPORT"] = replace(COLLEAGUES, outsiders=True)

    await scene.settle()

    assert await states(scene, "private", "mirror") == ["held", "held"]
    assert len(scene.shown("DADMIN")) == 1


async def test_a_held_notice_makes_no_further_notice(scene: Scene) -> None:
    """It waits until the admin's chat can be trusted."""
    scene.audience.places.update({"CSUPPORT": None, "DADMIN": None})
    await scene.queue("a", support())
    await scene.settle(hours=0.5)
    waiting = await scene.replies()

    scene.audience.places["DADMIN"] = COLLEAGUES
    await scene.settle()

    assert sorted(reply.state for reply in waiting.values()) == ["held", "held", "sent"]
    assert len(scene.shown("DADMIN")) == 1


async def test_failures_of_asking_do_not_use_up_the_attempts_of_posting(scene: Scene) -> None:
    """A note that was held for hours is posted with all its attempts before it."""
    scene.audience.places["CSUPPORT"] = None
    await scene.queue("a", support())
    await scene.settle(hours=0.2)
    scene.audience.failures.extend([TemporaryError("busy")] * ATTEMPTS)

    await scene.settle(hours=0.2)

    assert (await scene.replies())["a"].attempts == 0


async def test_without_a_request_only_strangers_are_ruled_out(scene: Scene) -> None:
    """An answer to support staff in their channel belongs to no requester."""
    await scene.queue("goes", support(), number=None)
    await scene.settle()
    scene.audience.places["CSUPPORT"] = replace(COLLEAGUES, outsiders=True)
    await scene.queue("held", support(), number=None)
    await scene.queue("stray", scene.own(), number=None)

    await scene.settle()

    assert await states(scene, "goes", "held", "stray") == ["sent", "held", "held"]
