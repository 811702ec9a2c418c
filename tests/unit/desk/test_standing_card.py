"""The card as it stands: shown only where it stands already, only as it was confirmed, and without a trace."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import Conversation
from bot.errors import PermanentError, TemporaryError
from bot.ids import ConversationId, MessageId, ReplyId
from bot.labels import Visibility
from bot.ports import UnitOfWork
from bot.reply import Button, Reply, ReplyState
from bot.standing_card import CardAsk, StandingCard, standing_card
from tests.fakes.clock import FrozenClock
from tests.fakes.desk import RunningDesk
from tests.fakes.memory import MemoryStorage
from tests.fakes.messenger import Fault, Killed
from tests.fakes.scripted import call
from tests.fakes.workforce import account
from tests.unit.desk.outbox_scene import MARIA, Scene, support
from tests.unit.requester_side.arranging import HOLD, worked

NOTE = call("post_public_note", text="I am on it.")
POST = "CSUPPORT-1"
THREAD = replace(support(), id=ConversationId("as it came"), thread=POST, request_ids=())
"""Where the header stands, as a platform names it."""
ASK = CardAsk(reply=ReplyId("header1"), place=THREAD, who=account("sam"), post=POST)


@pytest.fixture
async def scene() -> Scene:
    made = Scene()
    await made.open()
    await made.settle()
    return made


async def looked(scene: Scene, ask: CardAsk = ASK) -> StandingCard | None:
    """Return what somebody who looks is shown."""
    return await scene.memory.read(lambda reader: standing_card(reader, scene.desk, ask))


async def shown(scene: Scene, ask: CardAsk = ASK) -> tuple[str, str] | None:
    """Return what is shown, and whether it lasts."""
    found = await looked(scene, ask)
    return (found.reply.id, found.state) if found else None


async def changed(scene: Scene, key: str = "newer", replaces: str = "header1") -> None:
    """Queue a newer version of the header."""
    await scene.queue(key, support(), kind="header", replaces=replaces)


async def test_the_version_that_was_confirmed_last_stands(scene: Scene) -> None:
    """Whichever of them is named: an old card names an old one."""
    await changed(scene)
    await scene.settle()
    await changed(scene, "newest")
    await scene.settle()

    asked = [await shown(scene, replace(ASK, reply=ReplyId(key))) for key in ("header1", "newer", "newest")]

    assert [("newest", "stands")] * 3 == asked


async def test_what_waits_is_not_shown_before_it_was_delivered(scene: Scene) -> None:
    """The old one stands until the platform has the new one."""
    await changed(scene)

    assert ("header1", "waits") == await shown(scene)


async def test_another_cards_change_is_none_of_this_one(scene: Scene) -> None:
    """Each post of a thread is told apart."""
    await scene.queue("note", support())
    await scene.settle()
    await changed(scene, "newer note", replaces="note")

    assert ("header1", "stands") == await shown(scene)


async def test_what_is_withheld_is_not_shown(scene: Scene) -> None:
    """Somebody has joined who must not read it; what they see already is all that they are shown."""
    scene.audience.places["CSUPPORT"] = MARIA
    await changed(scene)
    await scene.settle(hours=0.1)

    held = (await scene.replies())["newer"].state

    assert ("held", ("header1", "stands")) == (held, await shown(scene))


@pytest.mark.parametrize("error", [TemporaryError("502", delay=30), Killed()])
async def test_while_nobody_knows_which_stands_none_is_sure(scene: Scene, error: TemporaryError | Killed) -> None:
    """The platform may have changed the post before the answer was lost, or the process died."""
    scene.messenger.script.append(Fault(error=error, done=True))
    await changed(scene)
    if isinstance(error, Killed):
        with pytest.raises(Killed):
            await scene.once()
    else:
        await scene.once()

    assert ("header1", "moving") == await shown(scene)


async def test_what_was_given_up_leaves_the_old_one(scene: Scene) -> None:
    """A change that the platform refuses has changed nothing."""
    scene.messenger.script.append(Fault(error=PermanentError("gone")))
    await changed(scene)
    await scene.settle()

    assert ("header1", "stands") == await shown(scene)


@pytest.mark.parametrize(
    "forged",
    [
        replace(ASK, reply=ReplyId("note")),
        replace(ASK, reply=ReplyId("nonsense")),
        replace(ASK, post="CSUPPORT-2"),
        replace(ASK, post=""),
        replace(ASK, place=replace(THREAD, thread="CSUPPORT-2")),
        replace(ASK, place=replace(THREAD, tenant="T2")),
        replace(ASK, place=replace(THREAD, platform="teams")),
        replace(ASK, place=replace(THREAD, channel="D1", thread="1", kind="direct")),
        replace(ASK, place=replace(THREAD, channel="D1", thread=None, kind="direct")),
        replace(ASK, place=replace(THREAD, kind="direct", channel="DSAM")),
    ],
)
async def test_nothing_is_shown_where_it_does_not_stand(scene: Scene, forged: CardAsk) -> None:
    """Another reply, another post, another thread, another organisation, or the requester's own chat."""
    await scene.queue("note", support())
    await scene.settle()

    assert await looked(scene, forged) is None


async def test_what_one_person_alone_was_told_is_shown_to_them_alone() -> None:
    """It is addressed to their account; the platform names their chat."""
    scene = Scene()
    aside = Conversation(
        id=ConversationId("slack:T1:USAM:aside:USAM"), platform="slack", tenant="T1", channel="USAM", kind="aside"
    )
    await scene.memory.transact(lambda uow: uow.add(aside))
    await scene.queue("told", aside, visibility=Visibility.PUBLIC, kind="talk", number=None)
    await scene.settle()
    chat = replace(aside, id=ConversationId("chat"), channel="a:1sam", kind="direct")
    ask = CardAsk(reply=ReplyId("told"), place=chat, who=account("sam"), post="USAM-1")

    assert ("told", "stands") == await shown(scene, ask)
    assert await looked(scene, replace(ask, who=account("bo"))) is None
    assert await looked(scene, replace(ask, place=replace(chat, kind="group"))) is None


async def test_looking_changes_nothing(scene: Scene) -> None:
    """Not a record, not an event."""
    before = await rows(scene)

    await looked(scene)
    await looked(scene, replace(ASK, who=account("stranger"), reply=ReplyId("forged")))

    assert before == await rows(scene)


async def rows(scene: Scene) -> object:
    assert isinstance(scene.memory, MemoryStorage)
    return {kind: dict(found) for kind, found in scene.memory._rows.items()}, len(await scene.events())


STATES = st.sampled_from(["queued", "sending", "sent", "held", "parked", "dropped"])
VERSIONS = st.lists(st.tuples(STATES, st.integers(0, 5), st.booleans(), st.integers(0, 2)), max_size=5)


@given(versions=VERSIONS, named=st.integers(0, 5), post=st.sampled_from(["P", "Q"]), thread=st.sampled_from(["P", "Q"]))
async def test_whatever_is_stored_only_what_stands_there_is_shown(
    versions: list[tuple[ReplyState, int, bool, int]], named: int, post: str, thread: str
) -> None:
    """In any mixture of versions and states, of a post or of another beside it."""
    memory, clock, order = MemoryStorage(), FrozenClock(), count(1)
    place = replace(THREAD, thread="P")
    made = [_version(0, "sent", None, "P", clock)]
    for state, replaces, here, attempts in versions:
        target = made[min(replaces, len(made) - 1)]
        version = _version(next(order), state, target.id, "P" if here else "Q", clock)
        made.append(replace(version, attempts=attempts))

    async def store(uow: UnitOfWork) -> None:
        await uow.add(replace(place, workspace=None))
        for reply in made:
            await uow.add(reply)

    await memory.transact(store)
    ask = CardAsk(reply=ReplyId(f"r{named}"), place=replace(place, thread=thread), who=account("sam"), post=post)
    found = await memory.read(lambda reader: standing_card(reader, Scene().desk, ask))

    if found is not None:
        assert ("sent", post, "P") == (found.reply.state, found.reply.post, thread)
        later = [reply for reply in made if (reply.state, reply.post) == ("sent", post) and reply.sent_at]
        assert max(reply.sent_at for reply in later if reply.sent_at) == found.reply.sent_at
        if found.state == "stands":
            assert not [reply for reply in made if reply.state == "sending" and _target(made, reply) == post]


def _version(number: int, state: ReplyState, replaces: ReplyId | None, post: str, clock: FrozenClock) -> Reply:
    at = clock.now() + timedelta(seconds=number)
    return Reply(
        id=ReplyId(f"r{number}"),
        conversation_id=THREAD.id,
        visibility=Visibility.PRIVATE,
        kind="card",
        text="x",
        replaces=replaces,
        state=state,
        post=post if state == "sent" else None,
        at=at,
        sent_at=at if state == "sent" else None,
    )


def _target(made: list[Reply], reply: Reply) -> str | None:
    known = {item.id: item for item in made}
    while reply.replaces is not None:
        reply = known[reply.replaces]
        if reply.state == "sent":
            return reply.post
    return None


async def seen_by_maria(desk: RunningDesk, key: ReplyId, deed: MessageId | None = None) -> StandingCard | None:
    """Return what Maria is shown of a card in her own conversation."""
    reply = (await desk.all(Reply, id=key))[0]
    place = (await desk.all(Conversation, id=reply.conversation_id))[0]
    ask = CardAsk(reply=key, place=place, who=account("maria"), post=reply.post or "", deed=deed)
    return await desk.plain.read(lambda reader: standing_card(reader, desk.desk, ask))


async def noted(desk: RunningDesk) -> Reply:
    """Return the first public note that Maria was told with buttons under it."""
    return next(reply for reply in await desk.all(Reply) if reply.footer and reply.buttons)


async def test_what_stands_under_a_note_is_told_as_it_is_now() -> None:
    """Its buttons go with the request's end; the press is not answered before it was worked."""
    desk = await worked(NOTE, HOLD)
    note = await noted(desk)
    deed = await desk.press("maria", "solved", (await desk.request()).id)
    early = await seen_by_maria(desk, note.id, deed)
    await desk.settle()
    late = await seen_by_maria(desk, note.id, deed)

    assert early is not None
    assert late is not None
    assert ("waits", "stands") == (early.state, late.state)
    assert (True, False) == (bool(early.reply.buttons), bool(late.reply.buttons))
    assert "esolved" in late.reply.footer


async def test_a_press_that_was_never_stored_is_never_worked() -> None:
    """So nothing is shown as its result."""
    desk = await worked(NOTE, HOLD)
    note = await noted(desk)

    found = await seen_by_maria(desk, note.id, MessageId("forged"))

    assert found is not None
    assert "waits" == found.state


async def test_where_a_request_is_told_of_no_more_an_old_note_stays_as_it_was() -> None:
    """Its status is news that goes to the requester's conversation only."""
    desk = await worked(NOTE, HOLD)
    note = await noted(desk)
    elsewhere = Conversation(
        id=ConversationId("slack:T1:C9:1"), platform="slack", tenant="T1", channel="C9", thread="1", kind="channel"
    )
    stale = replace(
        note,
        id=ReplyId("elsewhere"),
        conversation_id=elsewhere.id,
        post="1",
        footer="as it was",
        buttons=(Button(action="help", subject="r", label="Help"),),
    )

    async def work(uow: UnitOfWork) -> None:
        await uow.add(elsewhere)
        await uow.add(stale)

    await desk.plain.transact(work)

    found = await seen_by_maria(desk, stale.id)

    assert found is not None
    assert (stale.footer, stale.buttons) == (found.reply.footer, found.reply.buttons)
