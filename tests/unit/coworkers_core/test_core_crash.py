"""The process dies at every moment of a small case; whoever goes on brings it to the same end.

A moment is before and after each transaction, each model call and each tool call. Reads may be repeated, what acts and may not be
repeated takes effect at most once, and every note and post stands once.
"""

from collections.abc import Sequence

import pytest

from bot.approval import Approval
from bot.labels import Visibility
from bot.note import Note
from bot.reply import Reply
from bot.wording.requester import resolved
from bot.wording.survey import asked
from tests.fakes.desk import RunningDesk, running
from tests.fakes.fuse import Fuse
from tests.fakes.messenger import Killed
from tests.fakes.scripted import ScriptedModel, call, calls

SCRIPT = {
    "atom": [call("open_request", title="Slow laptop", description="It is slow.", workspace="it-support")],
    "it-triage": [call("hand_off", to="hardware-engineer", reason="A device.")],
    "hardware-engineer:assigned": [
        calls(("read_skill", {"name": "slow-laptop-diagnosis"}), ("jumpcloud__get_device_logs", {"device": "L1"})),
        calls(
            ("post_private_note", {"text": "Blocks in the logs."}),
            ("jumpcloud__tag_device", {"device": "L1"}),
            ("post_public_note", {"text": "I am on it."}),
        ),
        call("ask_requester", question="Shall I reset the password?"),
    ],
    "hardware-engineer:requester_replied": [call("jumpcloud__reset_password", device="L1")],
    "hardware-engineer:approval_decided": [call("resolve", summary="It is done.")],
}
TELLS = [
    "I've opened **IT-1001** with IT Support: Slow laptop. I'll reply here; add anything that helps.",
    "I am on it.",
    "Shall I reset the password?",
    "It is done.",
    asked(resolved("IT-1001")),
]
REPEATABLE = {"jumpcloud__get_device_logs", "jumpcloud__tag_device"}


async def told(fuse: Fuse) -> RunningDesk:
    """Let the case be worked, dying where the fuse says; return the desk at its end."""
    desk = await running(ScriptedModel(script=SCRIPT), fuse=fuse)
    await desk.say("maria", "My laptop is slow.")
    await desk.settle()
    await desk.say("maria", "Yes, please.", to_atom=False)
    await desk.settle()
    for item in await desk.all(Approval, state="waiting"):
        await desk.press("sam", "approve", item.id)
    await desk.settle()
    return desk


async def ending(desk: RunningDesk) -> tuple[str, Sequence[str], Sequence[str]]:
    """Return status, what the requester's channel shows, and the private notes."""
    return (await desk.request()).status, desk.shown("DMARIA"), await desk.notes(Visibility.PRIVATE)


async def check(desk: RunningDesk, *, doubtful: bool) -> None:
    """Compare the end of a case with what it must be; `doubtful`: it died between intent and result of what may not be repeated."""
    acting = [name for name in desk.servers.names() if name not in REPEATABLE]
    keys = [made.key for made in desk.servers.made if made.name in REPEATABLE]
    if doubtful:
        assert len(acting) <= 1
        assert (await desk.request()).assignee.id == "it-support/agents"
        assert any("not known whether" in text for text in desk.shown("CIT"))
    else:
        assert ["jumpcloud__reset_password"] == acting
        assert ("resolved", TELLS, ["Blocks in the logs."]) == await ending(desk)
    assert len(set(keys)) == 2
    posts = [posted.reply_id for posted in desk.messenger.posts]
    assert len(posts) == len(set(posts))
    notes = [(note.visibility, note.text) for note in await desk.all(Note)]
    assert len(notes) == len(set(notes))
    assert all(reply.state in {"sent", "dropped"} for reply in await desk.all(Reply))
    assert "running" not in {run.state for run in await desk.runs()}


async def moments() -> tuple[int, range]:
    """Return how many moments the case has when nothing happens to it, and which lie between the intent and the result of the reset."""
    desk = await told(Fuse())
    await check(desk, doubtful=False)
    called = desk.fuse.moments.index("before jumpcloud__reset_password") + 1
    return desk.fuse.count, range(called - 1, called + 3)


async def test_the_case_without_a_crash() -> None:
    """The end that every other way must come to; there are many moments to die at."""
    count, _ = await moments()

    assert count > 80


@pytest.mark.parametrize("part", range(6))
async def test_the_case_ends_the_same_wherever_the_process_dies(part: int) -> None:
    """A sixth of all moments, one death each."""
    count, between = await moments()
    for at in range(1 + part, count + 1, 6):
        desk = await told(Fuse(at=at))
        assert desk.fuse.where
        try:
            await check(desk, doubtful=at in between)
        except AssertionError as wrong:
            raise AssertionError(f"died at moment {at}, {desk.fuse.where}: {wrong}") from wrong


class Relentless(Fuse):
    """Ends the process every so many moments, again and again."""

    def burn(self, moment: str) -> None:
        """Die at each multiple of `at`, except around the call that may not be repeated."""
        if "reset_password" in moment:
            return
        self.at = self.every * (self.count // self.every + 1)
        super().burn(moment)

    every = 7


@pytest.mark.parametrize("every", [11, 13, 17, 23])
async def test_a_case_whose_worker_dies_again_and_again_ends_the_same(every: int) -> None:
    """Progress between deaths is progress: nothing is given up."""
    fuse = Relentless()
    fuse.every = every

    desk = await told(fuse)

    assert ("resolved", TELLS, ["Blocks in the logs."]) == await ending(desk)
    assert ["jumpcloud__reset_password"] == [name for name in desk.servers.names() if name not in REPEATABLE]


async def test_a_call_that_cannot_be_repeated_now_is_not_said_to_be_undone() -> None:
    """It may be repeated, but its server is away after the crash: a human must look."""
    script = {"hardware-engineer": [call("jumpcloud__tag_device", device="L1")]}
    desk = await running(ScriptedModel(script=script))
    await desk.open()

    def die(moment: str) -> None:
        if moment == "after jumpcloud__tag_device":
            desk.servers.away.add("jumpcloud")
            raise Killed

    desk.servers.around = die
    await desk.settle()

    assert ["unknown"] == [step.state for step in await desk.steps(kind="tool")]
    assert "it-support/agents" == (await desk.request()).assignee.id
