"""What admins decide about chat accounts: whose one is holds against its e-mail, and never for anybody from outside."""

import json
from dataclasses import replace

import pytest

from bot.desk.accounts import link_account
from bot.desk.people import link_person
from bot.errors import Refused
from bot.person import Identity, Person
from bot.ports import Profile, UnitOfWork
from bot.request import Request
from tests.fakes.workforce import PEOPLE, account, said_profile
from tests.unit.chat_commands.chat import Chat, chatting, place

OTHER = "maria.rossi@example.com"
"""What Teams calls Maria."""
TEAMS = account("maria", "teams")


def in_teams(email: str | None = OTHER, *, guest: bool = False) -> Profile:
    return Profile(identity=replace(TEAMS, email=email, guest=guest))


async def linked(desk: Chat, identity: Identity, said: Profile | None) -> Person:
    """Let somebody be looked up, as when they write."""

    async def work(uow: UnitOfWork) -> Person:
        if await uow.get(Identity, identity.id) is None:
            await uow.add(identity)
        return await link_person(uow, desk.desk, identity.id, said)

    return await desk.plain.transact(work)


async def known(desk: Chat, key: str = TEAMS.id) -> Identity:
    found = await desk.plain.read(lambda reader: reader.get(Identity, key))
    assert found is not None
    return found


async def audited(desk: Chat, kind: str) -> list[dict[str, object]]:
    return [json.loads(entry)["data"] for entry in await desk.events(kind)]


async def test_it_says_who_somebody_is() -> None:
    """By part of a name, by e-mail, by another address of theirs, and by account; with roles and how each account is linked."""
    desk = await chatting()
    await linked(desk, TEAMS, in_teams())
    await desk.ask("oda", f"link-account {TEAMS.id} to maria@example.com")
    await linked(desk, account("maria"), said_profile("maria"))

    told = [
        await desk.ask("lea", f"who-is {wish}") for wish in ("mARi", "maria@example.com", OTHER, "@UMARIA", TEAMS.id)
    ]

    assert 5 == len(told)
    for answer in told:
        assert "- **Maria** (maria@example.com): employee\n" in answer
        assert "`slack:T1:UMARIA` Maria (maria@example.com, linked by its e-mail)" in answer
        assert f"`{TEAMS.id}` Maria ({OTHER}, linked by an admin)" in answer
    assert "agent of it-support" in await desk.ask("lea", "who-is Sam")
    assert "I know nobody called `zebra`" in await desk.ask("lea", "who-is zebra")


async def test_a_linked_account_has_the_persons_roles_and_keeps_them() -> None:
    """Against its own e-mail, at the next message too; what was asked for with it moves along, and the audit names the admin."""
    desk = await chatting()
    stranger = await linked(
        desk,
        account("sam", "teams"),
        replace(said_profile("sam", "teams"), identity=replace(account("sam", "teams"), email="s.okafor@example.com")),
    )

    told = await desk.ask("oda", "link-account S.Okafor@example.com to Sam@Example.com")
    later = await linked(desk, account("sam", "teams"), None)
    asked_again = await linked(
        desk, account("sam", "teams"), Profile(identity=replace(account("sam", "teams"), email="s.okafor@example.com"))
    )

    assert "is Sam (sam@example.com) now" in told
    assert ("sam", "sam") == (later.id, asked_again.id)
    assert stranger.id != later.id
    events = [event for event in await audited(desk, "identity.linked") if event["by"] == "admin"]
    assert [{"identity": "teams:T1:USAM", "person": "sam", "from": stranger.id, "by": "admin"}] == events
    assert "already" in await desk.ask("oda", "link-account teams:T1:USAM to sam@example.com")


async def test_what_was_asked_for_while_the_account_was_nobodys_moves_along() -> None:
    """The request becomes the person's, who can then see it."""
    desk = await chatting()
    await linked(desk, TEAMS, None)
    await desk.open()
    await desk.work()
    request = (await desk.all(Request))[0]
    nameless = await linked(desk, TEAMS, None)
    await desk.plain.transact(lambda uow: uow.put(replace(request, requester=nameless.id, author=nameless.id)))
    desk.audience.people[TEAMS.id] = in_teams()
    await desk.plain.transact(lambda uow: uow.put(replace(TEAMS, person_id=nameless.id, email=OTHER)))

    await desk.ask("oda", f"link-account {TEAMS.id} to maria@example.com")

    moved = (await desk.all(Request))[0]
    assert ("maria", "maria") == (moved.requester, moved.author)
    assert [{"from": nameless.id, "to": "maria"}] == await audited(desk, "request.requester_changed")


async def test_an_unlinked_account_stays_apart() -> None:
    """Its e-mail links it neither at once nor later, not even after it was a guest; only an admin does."""
    desk = await chatting()
    before = await linked(desk, account("sam"), said_profile("sam"))

    told = await desk.ask("oda", "unlink-account sam@example.com")
    after = [
        await linked(desk, account("sam"), said)
        for said in (said_profile("sam"), said_profile("sam", guest=True), None)
    ]
    back = await linked(desk, account("sam"), said_profile("sam"))
    refused = await desk.ask("sam", "take IT-1001")

    assert "sam" == before.id
    assert "has no authority any more" in told
    assert {(back.id, None)} == {(person.id, person.email) for person in after}
    assert "agents of a workspace" in refused
    assert "apart already" in await desk.ask("oda", "unlink-account slack:T1:USAM")
    await desk.ask("oda", "link-account slack:T1:USAM to sam@example.com")
    assert "sam" == (await linked(desk, account("sam"), said_profile("sam"))).id


@pytest.mark.parametrize("said", [in_teams(guest=True), in_teams("newcomer@example.com")], ids=["guest", "new e-mail"])
async def test_a_linked_account_that_changes_loses_the_link(said: Profile) -> None:
    """It may be somebody else's by now: the admin's word was about the account as it was."""
    desk = await chatting()
    await linked(desk, TEAMS, in_teams())
    await desk.ask("oda", f"link-account {TEAMS.id} to ida@example.com")

    person = await linked(desk, TEAMS, said)

    assert "ida" != person.id
    assert ("", person.id) == ((await known(desk)).decided, (await known(desk)).person_id)


@pytest.mark.parametrize("said", [in_teams(guest=True), in_teams(None), None], ids=["guest", "no e-mail", "unknown"])
async def test_nobody_from_outside_is_linked(said: Profile | None) -> None:
    """The refusal is audited as one, and nothing changes."""
    desk = await chatting()
    await linked(desk, TEAMS, said)
    before = await known(desk)

    told = await desk.ask("oda", f"link-account {TEAMS.id} to ida@example.com")

    assert "can't be linked to anybody" in told
    assert before == await known(desk)
    assert ["link-account"] == [event["command"] for event in await audited(desk, "command.refused")]


async def test_an_account_of_another_organisation_is_not_linked() -> None:
    """Though it was linked before its tenant was no longer trusted."""
    desk = await chatting()
    await linked(desk, TEAMS, in_teams())
    at_home = replace(desk.desk, trusted=lambda platform, _: platform != "teams")
    found, (oda, ida) = await known(desk), [await desk.all(Person, id=key) for key in ("oda", "ida")]

    with pytest.raises(Refused, match="can't be linked"):
        await desk.plain.transact(lambda uow: link_account(uow, at_home, found, ida[0], oda[0]))

    assert found == await known(desk)


async def test_only_the_organisations_admins_decide_and_alone() -> None:
    """Neither a workspace's admin nor an agent; and not where others read."""
    desk = await chatting()
    await linked(desk, TEAMS, in_teams())
    before = await known(desk)

    told = [
        await desk.ask(who, f"{what} {TEAMS.id} to oda@example.com")
        for who in ("lea", "sam")
        for what in ("link-account", "unlink-account")
    ]
    looked = [await desk.ask(who, "who-is oda") for who in ("maria", "sam")]
    aloud = await desk.ask("oda", f"link-account {TEAMS.id} to ida@example.com", place("channel"))

    assert ["organisation admins" in answer for answer in told] == [True] * 4
    assert ["workspace admins" in answer for answer in looked] == [True] * 2
    assert "direct message" in aloud
    assert before == await known(desk)


async def test_nobody_changes_the_account_that_they_write_with() -> None:
    """So that the last admin is not locked out by a slip."""
    desk = await chatting()
    await desk.ask("oda", "help")

    told = [
        await desk.ask("oda", text)
        for text in ("unlink-account oda@example.com", "link-account UODA to ida@example.com")
    ]

    assert ["Ask another organisation admin" in answer for answer in told] == [True, True]
    assert "oda" == (await known(desk, "slack:T1:UODA")).person_id


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("who-is", "Write `/atom who-is <name, e-mail or account>`"),
        ("link-account", "Write `/atom link-account <account or its e-mail> to <e-mail>`"),
        ("link-account UMARIA to", "Write `/atom link-account <account or its e-mail> to <e-mail>`"),
        ("link-account UMARIA to nobody@example.com", "I know nobody with the e-mail `nobody@example.com`"),
        ("link-account slack:T1:UNOBODY to sam@example.com", "I know no account `slack:T1:UNOBODY`"),
        ("unlink-account", "Write `/atom unlink-account <account or its e-mail>`"),
        ("unlink-account UMARIA now please", "Write `/atom unlink-account <account or its e-mail>`"),
        ("unlink-account `<!channel>`", "I know no account `<!channel>`"),
    ],
)
async def test_a_mistake_is_answered_with_how_to_write_it(text: str, answer: str) -> None:
    """And changes nothing."""
    desk = await chatting()

    told = await desk.ask("oda", text)

    assert answer in told
    assert [] == await audited(desk, "identity.unlinked")


async def test_an_e_mail_with_several_accounts_is_not_guessed() -> None:
    """Each is named, so that one can be chosen."""
    desk = await chatting()
    await linked(desk, account("sam"), said_profile("sam"))
    await linked(desk, account("sam", "teams"), said_profile("sam", "teams"))

    told = await desk.ask("oda", "unlink-account sam@example.com")

    assert ("`slack:T1:USAM`" in told, "`teams:T1:USAM`" in told) == (True, True)
    assert "" == (await known(desk, "slack:T1:USAM")).decided


async def test_the_same_command_twice_is_one_decision() -> None:
    """A message that is worked again finds it done."""
    desk = await chatting()
    await linked(desk, account("sam"), said_profile("sam"))

    for _ in range(2):
        await desk.ask("oda", "unlink-account slack:T1:USAM")

    assert 1 == len(await audited(desk, "identity.unlinked"))
    assert len(PEOPLE) + 3 <= len(await desk.all(Person))
