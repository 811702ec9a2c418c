"""Whoever joins a private channel later reads what stands there: admins are told at once, and what is held is looked at anew."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.audience_changes import AudienceChanges
from bot.conversation import Place
from bot.desk.notes import private_note
from bot.errors import TemporaryError
from bot.labels import SYSTEM, Visibility
from bot.mail import Mailbox
from bot.person import Identity, Person, Role
from bot.ports import Readers, UnitOfWork
from bot.readership import AudienceChange, What
from bot.remembered import RememberedAudience
from bot.reply import Reply
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel
from tests.fakes.workforce import IT, STAFF, account, person, said_profile

SUPPORT = Place(platform="slack", tenant="T1", channel="CIT", kind="support")
GUEST = Identity(id=account("guest").id, platform="slack", tenant="T1", user="UGUEST", name="Gus [Guest](http://x)")


async def office(*, serving: bool = True) -> tuple[RunningDesk, AudienceChanges, RememberedAudience]:
    """Return a desk with one request whose private note stands in IT Support's channel, and an admin who is known."""
    desk = await running(ScriptedModel(script={}))
    root = person("root", Role(name="workspace_admin", workspace=IT))
    await desk.plain.transact(lambda uow: _introduce(uow, root))
    desk.desk = replace(desk.desk, admins_of=lambda _: ["root@example.com"])
    await desk.open()
    await note(desk, "The disk is failing.")
    await deliver(desk)
    audience = RememberedAudience(desk.audience, desk.clock, seconds=3_600)
    changes = AudienceChanges(desk.plain)
    if serving:
        changes.serve(desk.desk, audience)
    return desk, changes, audience


async def _introduce(uow: UnitOfWork, root: Person) -> None:
    await uow.add(root)
    await uow.add(replace(account("root"), email="root@example.com", person_id=root.id))


async def note(desk: RunningDesk, text: str) -> None:
    request = await desk.request()
    await desk.plain.transact(lambda uow: private_note(uow, desk.desk, request, text, SYSTEM, cause=text))


async def deliver(desk: RunningDesk) -> None:
    """Post what waits, without letting any coworker work."""
    for key in [box.id for box in await desk.all(Mailbox, due=True) if box.kind == "outbox"]:
        await desk.engine.work(key)


def change(
    what: What, who: Identity | None = None, *, key: str = "Ev1", place: Place | None = SUPPORT
) -> AudienceChange:
    return AudienceChange(key=key, what=what, place=place, identity=who)


async def notices(desk: RunningDesk) -> list[str]:
    return [item.text for item in await desk.all(Reply, conversation_id=f"admin:{account('root').id}")]


async def test_a_requester_who_joins_is_told_of_with_their_own_requests() -> None:
    """The admins learn who can now read which request's notes, and nothing of what they say; the audit learns it too."""
    desk, changes, _ = await office()

    await changes.noticed(change("joined", account("maria")))

    told = await notices(desk)
    assert 1 == len(told)
    assert told[0].startswith(
        "Maria has joined the private channel of IT Support and can now read the private notes of"
    )
    assert "IT-1001" in told[0]
    assert "disk" not in told[0]
    assert 1 == len(await desk.events("audience.widened"))


async def test_a_requester_known_from_another_platform_is_recognised_by_e_mail() -> None:
    """Their new account was never met here; the verified address is the same."""
    desk, changes, _ = await office()
    other = replace(account("maria"), id=account("mc").id, user="UMC")
    desk.audience.people[other.id] = replace(said_profile("maria"), identity=replace(other, email="MARIA@example.com"))

    await changes.noticed(change("joined", other))

    assert 1 == len(await notices(desk))


async def test_a_colleague_who_joins_is_nobodys_business() -> None:
    """Only the requester of a request that stands there, and outsiders, matter."""
    desk, changes, _ = await office()

    await changes.noticed(change("joined", account("ida")))

    assert [] == await notices(desk)
    assert [] == await desk.events("audience.widened")


@pytest.mark.parametrize("known", [True, False])
async def test_a_guest_or_a_stranger_who_joins_is_told_of_with_all_that_stands_there(*, known: bool) -> None:
    """What the platform does not say counts as an outsider."""
    desk, changes, _ = await office()
    if known:
        desk.audience.people[GUEST.id] = replace(said_profile("bo"), identity=replace(GUEST, guest=True))

    await changes.noticed(change("joined", GUEST))

    told = await notices(desk)
    assert 1 == len(told)
    assert "IT-1001" in told[0]
    assert ("from another organisation or an app" in told[0]) is known


async def test_a_platform_that_does_not_answer_in_time_counts_as_saying_nothing() -> None:
    """The platform itself waits for our answer."""
    desk, changes, _ = await office()
    desk.audience.gate = asyncio.Event()

    await changes.noticed(change("joined", GUEST))

    assert "does not say who that is" in (await notices(desk))[0]


async def test_the_same_announcement_again_tells_nothing_twice() -> None:
    """It comes again whenever our answer was lost; another one is news."""
    desk, changes, _ = await office()

    for _ in range(5):
        await changes.noticed(change("joined", account("maria")))
    await changes.noticed(change("joined", account("maria"), key="Ev2"))

    assert 2 == len(await notices(desk))
    assert 2 == len(await desk.events("audience.widened"))


async def test_a_channel_without_private_notes_changes_nothing() -> None:
    """Most channels are none of ours; their members come and go all day."""
    desk, changes, _ = await office()
    elsewhere = replace(SUPPORT, channel="CRANDOM")

    await changes.noticed(change("joined", GUEST, place=elsewhere))

    assert [] == await notices(desk)
    assert [GUEST.id] != desk.audience.asked


@pytest.mark.parametrize(
    ("what", "words", "kind"),
    [
        ("shared", "shared with another organisation", "audience.widened"),
        ("made_public", "was made public", "audience.widened"),
        ("archived", "was archived", "audience.lost"),
        ("deleted", "was deleted", "audience.lost"),
        ("atom_left", "Atom was removed", "audience.lost"),
    ],
)
async def test_what_happens_to_the_channel_itself_is_told(what: What, words: str, kind: str) -> None:
    """Whether more can read it, or nobody is reached through it."""
    desk, changes, _ = await office()

    await changes.noticed(change(what))

    assert words in (await notices(desk))[0]
    assert 1 == len(await desk.events(kind))


async def test_a_member_who_becomes_a_guest_is_told_of_once_and_loses_their_authority() -> None:
    """Platforms announce each change of a person again, such as a new picture."""
    desk, changes, _ = await office()
    sam = account("sam")
    await desk.plain.transact(lambda uow: uow.add(replace(sam, email="sam@example.com", person_id=person("sam").id)))
    desk.audience.people[sam.id] = said_profile("sam", guest=True)

    for number in range(3):
        await changes.noticed(change("guest", sam, key=f"Ev{number}", place=None))

    assert ["Sam is a guest now, and still in the private channel of IT Support"] == [
        text.partition(", with")[0] for text in await notices(desk) if "IT Support" in text
    ]
    known = (await desk.all(Identity, id=sam.id))[0]
    assert known.guest
    assert person("sam").id != known.person_id


async def test_a_guest_elsewhere_is_no_alarm() -> None:
    """They are in none of the private channels."""
    desk, changes, _ = await office()
    desk.audience.people[GUEST.id] = replace(said_profile("bo"), identity=replace(GUEST, guest=True))

    await changes.noticed(change("guest", GUEST, place=None))

    assert [] == await notices(desk)


async def test_who_is_in_a_channel_is_asked_again_when_that_was_not_to_be_learnt() -> None:
    """An alarm must not be lost: the announcement is refused, so that it comes again."""
    desk, changes, _ = await office()
    desk.audience.people[GUEST.id] = replace(said_profile("bo"), identity=replace(GUEST, guest=True))
    desk.audience.places["CIT"] = replace(STAFF, identities=STAFF.identities | {GUEST.id}, outsiders=True)
    desk.audience.failures.extend([TemporaryError("busy")] * 4)

    with pytest.raises(TemporaryError):
        await changes.noticed(change("guest", GUEST, place=None))
    desk.audience.failures.clear()
    await changes.noticed(change("guest", GUEST, place=None))

    assert "is a guest now" in (await notices(desk))[0]


async def test_what_was_remembered_of_the_channel_is_forgotten() -> None:
    """The next note asks anew, even of an answer that was good for an hour."""
    desk, changes, audience = await office()
    await audience.readers(SUPPORT)
    desk.audience.places["CIT"] = Readers(identities=frozenset(), emails=frozenset(), outsiders=True)

    await changes.noticed(change("joined", account("ida")))

    found = await audience.readers(SUPPORT)
    assert found is not None
    assert found.outsiders


async def test_a_held_note_goes_as_soon_as_the_outsider_has_left() -> None:
    """It does not wait for the next look, minutes later."""
    desk, changes, _ = await office()
    desk.audience.places["CIT"] = replace(STAFF, outsiders=True)
    await note(desk, "Wipe it.")
    await deliver(desk)
    held = [item.state for item in await desk.all(Reply, visibility=Visibility.PRIVATE) if item.text == "Wipe it."]
    desk.audience.places["CIT"] = STAFF
    before = desk.clock.now()

    await changes.noticed(change("left", GUEST))
    await deliver(desk)

    assert ["held"] == held
    assert "Wipe it." in desk.shown("CIT")
    assert desk.clock.now() - before < timedelta(seconds=1)


async def test_before_the_desk_is_open_announcements_are_refused() -> None:
    """They come again."""
    _, changes, _ = await office(serving=False)

    with pytest.raises(TemporaryError):
        await changes.noticed(change("joined", account("maria")))
