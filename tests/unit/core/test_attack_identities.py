"""Attacks on who somebody is: addresses that are used again, accounts that became guests, requesters of whom nothing is known."""

from dataclasses import replace

from bot.desk.people import link_person
from bot.ids import PersonId
from bot.person import Identity, Person
from bot.ports import Profile, UnitOfWork
from bot.request import Request
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel
from tests.fakes.workforce import account, said_profile


async def linked(desk: RunningDesk, identity: Identity, said: Profile | None) -> Person:
    async def work(uow: UnitOfWork) -> Person:
        if await uow.get(Identity, identity.id) is None:
            await uow.add(identity)
        return await link_person(uow, desk.desk, identity.id, said)

    return await desk.plain.transact(work)


def newcomer(email: str) -> tuple[Identity, Profile]:
    """Return another account of the same Slack team, with an e-mail."""
    fresh = account("newcomer")
    return fresh, Profile(identity=replace(fresh, email=email))


async def test_a_newcomer_with_a_used_address_gets_nobodys_authority() -> None:
    """Sam left and his address was given to somebody else: a second account of one tenant is not linked to him."""
    desk = await running(ScriptedModel(script={}))
    fresh, said = newcomer("sam@example.com")

    sam = await linked(desk, account("sam"), said_profile("sam"))
    second = await linked(desk, fresh, said)
    again = await linked(desk, fresh, said)
    stored = (await desk.all(Identity, id=fresh.id))[0]

    assert "sam" == sam.id
    assert ("sam" != second.id, None, second.id) == (True, second.email, again.id)
    assert "sam@example.com" == stored.email


async def test_somebody_who_became_a_guest_loses_the_authority() -> None:
    """Asked again, the platform says that Sam is a guest now."""
    desk = await running(ScriptedModel(script={}))

    await linked(desk, account("sam"), said_profile("sam"))
    now = await linked(desk, account("sam"), said_profile("sam", guest=True))

    assert ("sam" != now.id, None) == (True, now.email)


async def test_a_press_asks_who_presses_now() -> None:
    """Sam took part as an agent, is a guest now, and presses: nothing is taken over."""
    desk = await running(ScriptedModel(script={}))
    request = await desk.open()
    await linked(desk, account("sam"), said_profile("sam"))
    desk.audience.people[account("sam").id] = said_profile("sam", guest=True)

    await desk.press("sam", "take_over", request.id)
    await desk.settle()

    assert "person" != (await desk.request()).assignee.kind
    assert 1 == len(await desk.events("press.refused"))


async def test_what_a_nameless_requester_asked_for_stays_theirs() -> None:
    """Slack did not say who Sam is when he asked; once it does, the request is his, and he cannot decide about it."""
    desk = await running(ScriptedModel(script={}))
    nameless = await linked(desk, account("sam"), None)
    request = await desk.open()
    mine = replace(request, requester=nameless.id, author=nameless.id)
    await desk.plain.transact(lambda uow: uow.put(mine))

    await linked(desk, account("sam"), said_profile("sam"))
    found = (await desk.all(Request))[0]

    assert (PersonId("sam"), PersonId("sam")) == (found.requester, found.author)


async def test_a_sign_in_name_links_as_a_mailbox_does() -> None:
    """Teams gives Maria's mailbox and her sign-in name; the organisation knows her by the second."""
    desk = await running(ScriptedModel(script={}))
    in_teams = replace(account("maria", "teams"), email="maria.lopez@example.com")
    said = Profile(identity=in_teams, emails=frozenset({"maria.lopez@example.com", "maria@example.com"}))

    assert "maria" == (await linked(desk, account("maria", "teams"), said)).id
