"""Whoever is shown that work goes on is not left with that, whatever becomes of their words."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.conversation import Conversation
from bot.errors import PermanentError, TemporaryError
from bot.mail import mailbox_id
from bot.reply import Reply
from tests.fakes.desk import RunningDesk, running
from tests.fakes.fuse import Fuse
from tests.fakes.messenger import Fault
from tests.fakes.scripted import Script, ScriptedModel, call, silent
from tests.fakes.workforce import direct
from tests.unit.requester_side.arranging import HOLD, RESOLVE, heard, looks, signs_left, signs_seen, town, worked

Path = Callable[[RunningDesk], Awaitable[None]]

AWAY = TemporaryError("away", delay=0.1)
ELSEWHERE = direct("maria", "2")
ROOM = Conversation(id=direct("town", "9").id, platform="slack", tenant="T1", channel="CIT", thread="9", kind="support")


async def small_talk(desk: RunningDesk) -> None:
    """Be answered by Atom."""
    desk.model.script = {"atom": [call("say", text="Hello!")]}
    await heard(desk, "maria", "hi", ELSEWHERE)


async def nothing_said(desk: RunningDesk) -> None:
    """Let the model end without a word, twice."""
    desk.model.script = {"atom": [silent(), silent()]}
    await heard(desk, "maria", "hi", ELSEWHERE)


async def reply_in_thread(desk: RunningDesk) -> None:
    """Write in the request's thread; nothing is posted for it, since the coworker has nothing to say."""
    desk.model.script = {"hardware-engineer": [silent(), silent()]}
    await heard(desk, "maria", "Any news?")


async def continued_elsewhere(desk: RunningDesk) -> None:
    """Write about a request whose thread is another one."""
    go_on = call("continue_request", number="IT-1001", text="More of it")
    desk.model.script = {"atom": [go_on], "hardware-engineer": [HOLD]}
    await heard(desk, "maria", "About IT-1001: more of it", ELSEWHERE)


async def a_private_thread(desk: RunningDesk) -> None:
    """Let a colleague address Atom: the note stands in the request's own record of the thread."""
    desk.model.script = {"hardware-engineer": [silent(), silent()]}
    await heard(desk, "sam", "Atom, look at it again", await desk.thread())


async def no_thread_of_ours(desk: RunningDesk) -> None:
    """Let a colleague address Atom in a thread of no request."""
    await heard(desk, "sam", "Atom, are you there?", ROOM)


async def given_up(desk: RunningDesk) -> None:
    """Let the model be away, with no other to take its place."""
    desk.model.script = {"atom": [AWAY] * 20}
    await heard(desk, "maria", "hi", ELSEWHERE)


async def given_up_at_once(desk: RunningDesk) -> None:
    """Let the model fail for good."""
    desk.model.script = {"atom": [PermanentError("broken")]}
    await heard(desk, "maria", "hi", ELSEWHERE)


async def stopped(desk: RunningDesk) -> None:
    """Let Maria change her mind."""
    desk.model.script = {"atom": [call("say", text="Hello!")]}

    async def stop() -> None:
        await desk.press("maria", "stop", "", where=ELSEWHERE)

    desk.model.meanwhile = stop
    await heard(desk, "maria", "hi", ELSEWHERE)


async def not_posted(desk: RunningDesk) -> None:
    """Let the platform refuse the answer."""
    desk.model.script = {"atom": [call("say", text="Hello!")]}
    await heard(desk, "maria", "hi", ELSEWHERE)
    desk.messenger.script.append(Fault(error=PermanentError("no such chat")))


async def rated_by_word(desk: RunningDesk) -> None:
    """Answer the survey by a bare score, which changes it in place and posts nothing."""
    desk.model.script = {"hardware-engineer": [RESOLVE]}
    await desk.say("maria", "Try again", to_atom=False)
    await desk.settle()
    await heard(desk, "maria", "5")


async def a_bystander(desk: RunningDesk) -> None:
    """Let somebody mention Atom in the thread of another person's request, in a channel."""
    request = await desk.request()
    place = replace(town(), request_ids=(request.id,))
    await desk.plain.transact(lambda uow: uow.add(place))
    await desk.plain.transact(lambda uow: uow.put(replace(request, conversation_id=place.id)))
    await heard(desk, "bo", "@Atom mine is slow too", place)


PATHS: list[Path] = [
    small_talk,
    nothing_said,
    reply_in_thread,
    continued_elsewhere,
    a_private_thread,
    given_up,
    given_up_at_once,
    stopped,
    not_posted,
    rated_by_word,
    a_bystander,
]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
async def test_nobody_is_left_with_the_sign_that_work_goes_on(path: Path) -> None:
    """They were shown it, and it ended."""
    desk = await worked(HOLD)

    await path(desk)
    await desk.settle()

    assert (1, []) == (signs_seen(desk), signs_left(desk))


async def test_where_the_sign_may_not_be_shown_none_is_left() -> None:
    """Nothing is known of a private channel's thread that is no request's, so nothing is shown there."""
    desk = await worked(HOLD)

    await no_thread_of_ours(desk)
    await desk.settle()

    assert (0, []) == (signs_seen(desk), signs_left(desk))


async def test_while_work_goes_on_the_sign_stands() -> None:
    """It ends with the work and not before."""
    desk = await running(
        ScriptedModel(script={"atom": [call("search_knowledge", query="x"), call("say", text="Hello!")]})
    )
    seen: list[list[str]] = []

    async def look() -> None:
        seen.append(signs_left(desk))

    desk.model.meanwhile = look
    await heard(desk, "maria", "hi")
    await desk.settle()

    assert [["DMARIA"]] == seen


async def test_an_answer_ends_the_sign_by_itself() -> None:
    """Nothing more is sent for it."""
    desk = await worked(HOLD)

    await small_talk(desk)
    await desk.settle()

    assert 1 == len(await desk.all(Reply, conversation_id=ELSEWHERE.id, kind="status"))


async def test_the_end_of_a_sign_is_told_however_late() -> None:
    """Signs grow stale, their ends do not."""
    desk = await worked(HOLD)
    desk.model.script = {"hardware-engineer": [silent(), silent()]}
    await heard(desk, "maria", "Any news?")
    await desk.engine.work(mailbox_id("conversation", direct().id))
    desk.clock.advance(600)
    await desk.settle()

    assert [] == signs_left(desk)


async def test_looking_shows_no_sign() -> None:
    """Nobody has asked for anything."""
    desk = await running(ScriptedModel(script={}))

    await looks(desk, "maria", event="E-look")
    await desk.settle()

    assert 0 == signs_seen(desk)


SILENT: Script = {"hardware-engineer:assigned": [HOLD], "hardware-engineer": [silent(), silent()]}


async def interrupted(at: int | None) -> RunningDesk:
    """Return a desk whose process died at the n-th moment after Maria was shown that she is heard."""
    desk = await running(ScriptedModel(script=SILENT), fuse=Fuse())
    await desk.open()
    await desk.settle()
    await heard(desk, "maria", "Any news?")
    desk.fuse.count, desk.fuse.at = 0, at
    await desk.settle()
    return desk


async def test_wherever_the_process_dies_the_sign_ends() -> None:
    """The mailbox stays due until it has come to rest."""
    moments = (await interrupted(None)).fuse.count
    assert moments > 10

    left = {at: signs_left(await interrupted(at)) for at in range(1, moments + 1)}

    assert {at: [] for at in left} == left
