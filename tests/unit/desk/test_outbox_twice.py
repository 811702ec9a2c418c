"""A post that may stand already: its readers are told, and what was begun of it is noted by whoever works it now."""

from dataclasses import replace

import pytest

from bot.delivering import begun
from bot.errors import TemporaryError
from bot.reply import ReplyState
from bot.wording import delivery
from tests.fakes.audience import COLLEAGUES
from tests.fakes.messenger import Fault
from tests.unit.desk.outbox_scene import MARIA, Scene, support


async def test_what_is_repeated_says_so_to_its_readers_as_often_as_it_is() -> None:
    """Also when the second attempt was told to wait, which makes the first no clearer; and a later post says nothing of it."""
    scene = Scene(can_tell=False)
    await scene.open()
    lost = Fault(error=TemporaryError("no answer", maybe_done=True), done=True)
    scene.messenger.script.extend([lost, Fault(error=TemporaryError("wait", too_soon=True)), None])
    await scene.queue("note", support())

    await scene.settle()

    assert [("header1", ""), ("header1", delivery.twice()), ("note", "")] == [
        (posted.reply_id, posted.footer) for posted in scene.messenger.posts
    ]
    assert "" == (await scene.replies())["header1"].footer


@pytest.mark.parametrize("can_tell", [True, False])
async def test_what_is_held_while_nobody_knows_whether_it_stands_is_no_new_post_later(*, can_tell: bool) -> None:
    """The requester is in the channel for a while: that says nothing of whether the post before stands."""
    scene = Scene(can_tell=can_tell)
    await scene.open()
    scene.messenger.script.append(Fault(error=TemporaryError("no answer", maybe_done=True), done=True))
    await scene.once()
    scene.audience.places["CSUPPORT"] = MARIA
    await scene.settle(hours=0.2)
    between = (await scene.replies())["header1"].state
    scene.audience.places["CSUPPORT"] = COLLEAGUES

    await scene.settle()

    shown = [posted.footer for posted in scene.messenger.posts if posted.reply_id == "header1"]
    assert (("sent", [""]) if can_tell else ("held", ["", delivery.twice()])) == (between, shown)


@pytest.mark.parametrize(("attempts", "state"), [(2, "sending"), (1, "queued"), (1, "sent")])
async def test_only_the_attempt_under_way_notes_what_it_has_begun(attempts: int, state: ReplyState) -> None:
    """A process that was thought dead, and comes back, changes nothing for the one that works now."""
    scene = Scene()
    await scene.open()
    mine = (await scene.replies())["header1"]
    now = replace(mine, attempts=attempts, state=state)
    await scene.memory.transact(lambda uow: uow.put(now))

    noted = await scene.memory.transact(lambda uow: begun(uow, replace(mine, attempts=1), "1"))

    assert (False, now) == (noted, (await scene.replies())["header1"])


async def test_what_was_begun_is_noted_until_it_stands_or_is_posted_anew() -> None:
    """The note is no post: nothing else that asks for what stands sees it."""
    scene = Scene()
    await scene.open()
    scene.messenger.script.append(Fault(error=TemporaryError("no answer", maybe_done=True)))
    await scene.once()
    mine = (await scene.replies())["header1"]

    noted = await scene.memory.transact(lambda uow: begun(uow, mine, "begun: 7"))
    between = (await scene.replies())["header1"]
    await scene.settle()
    after = (await scene.replies())["header1"]

    assert (True, "sending", "begun: 7") == (noted, between.state, between.post)
    assert ("sent", "CSUPPORT-1") == (after.state, after.post)
