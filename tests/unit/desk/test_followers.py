"""Followers are told what the requester is told, each in a thread of their own, and nothing else."""

from dataclasses import replace

from bot.desk.desk import person_actor
from bot.desk.following import follow
from bot.desk.notes import human_public_note, private_note, requester_note
from bot.ids import PersonId
from bot.labels import SYSTEM
from bot.person import Person
from bot.ports import UnitOfWork
from bot.reply import Reply
from bot.request import Request
from bot.wording.following import following
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel
from tests.fakes.workforce import account

SECRET = "The disk of MX-4471 was wiped after the leaver's audit."


async def followed() -> tuple[RunningDesk, Request, Person]:
    """Return a desk with Maria's request, which Sam follows."""
    desk = await running(ScriptedModel(script={}))
    request = await desk.open()

    async def work(uow: UnitOfWork) -> tuple[Request, Person]:
        sam = await uow.get(Person, "sam")
        assert sam is not None
        await uow.add(replace(account("sam"), email="sam@example.com", person_id=PersonId("sam")))
        current = await uow.get(Request, request.id)
        assert current is not None
        return await follow(uow, desk.desk, current, sam, SYSTEM), sam

    stored, sam = await desk.plain.transact(work)
    return desk, stored, sam


async def threads_of(desk: RunningDesk) -> list[str]:
    """Return what is queued for Sam, oldest first."""
    return [reply.text for reply in await desk.all(Reply) if reply.conversation_id.startswith("request:")]


async def test_a_follower_is_told_every_public_note_in_a_thread_of_their_own() -> None:
    """The thread begins with what it is about; the requester's own words belong to it as well."""
    desk, request, _ = await followed()
    maria = (await desk.all(Person, id="maria"))[0]

    async def work(uow: UnitOfWork) -> None:
        await human_public_note(uow, desk.desk, request, "It is on its way.", SYSTEM, cause="one")
        await requester_note(uow, desk.desk, request, "Thank you!", person_actor(maria), cause="two")

    await desk.plain.transact(work)

    told = await threads_of(desk)
    assert told[0].startswith("You follow **IT-1001**")
    assert ["It is on its way.", "Thank you!"] == told[1:]


async def test_a_follower_is_never_told_a_private_note() -> None:
    """Nothing private has a way into a follower's thread, nor does it begin one."""
    desk, request, _ = await followed()

    await desk.plain.transact(lambda uow: private_note(uow, desk.desk, request, SECRET, SYSTEM, cause="one"))

    assert [] == await threads_of(desk)


async def test_a_follower_is_not_told_their_own_words() -> None:
    """Whoever wrote a note knows what it says."""
    desk, request, sam = await followed()

    await desk.plain.transact(
        lambda uow: human_public_note(uow, desk.desk, request, "I ordered it.", person_actor(sam), cause="one")
    )

    assert [] == await threads_of(desk)


async def test_following_twice_or_an_own_request_changes_nothing() -> None:
    """The requester is told everything anyway."""
    desk, request, sam = await followed()
    maria = (await desk.all(Person, id="maria"))[0]

    again = await desk.plain.transact(lambda uow: follow(uow, desk.desk, request, sam, SYSTEM))
    own = await desk.plain.transact(lambda uow: follow(uow, desk.desk, request, maria, SYSTEM))

    assert (request, request) == (again, own)


async def test_a_follower_is_told_how_to_answer_where_they_are() -> None:
    """A personal chat in Teams has no threads, so there a reply has to say by a quote what it is about."""
    _, request, _ = await followed()

    assert "What you write here is read by all" in following(request, threaded=True)
    assert "with a quote of one of these messages is read by all" in following(request, threaded=False)
