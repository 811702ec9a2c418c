"""Who somebody is: the platform's verified e-mail links accounts to one person, guests to nobody."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.desk.people import link_person, needs_profile
from bot.person import Identity, Person, Role
from bot.ports import Profile, UnitOfWork
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel
from tests.fakes.workforce import account, said_profile


async def linked(desk: RunningDesk, identity: Identity, said: Profile | None) -> Person:
    async def work(uow: UnitOfWork) -> Person:
        if await uow.get(Identity, identity.id) is None:
            await uow.add(identity)
        return await link_person(uow, desk.desk, identity.id, said)

    return await desk.plain.transact(work)


async def test_the_same_e_mail_on_two_platforms_is_one_person() -> None:
    """Slack's and Teams' Maria are the Maria whom the organisation knows."""
    desk = await running(ScriptedModel(script={}))

    first = await linked(desk, account("maria"), said_profile("maria"))
    second = await linked(desk, account("maria", "teams"), said_profile("maria", "teams"))

    assert first.id == second.id == "maria"


async def test_the_case_of_an_e_mail_does_not_count() -> None:
    """A platform may write it in capitals."""
    desk = await running(ScriptedModel(script={}))
    shouted = Profile(identity=replace(account("maria"), email="Maria@Example.COM"))

    assert (await linked(desk, account("maria"), shouted)).id == "maria"


async def test_a_guest_is_never_linked() -> None:
    """A guest with an agent's e-mail is a person of its own, without an e-mail and so without authority."""
    desk = await running(ScriptedModel(script={}))

    guest = await linked(desk, account("sam"), said_profile("sam", guest=True))

    assert ("sam" != guest.id, None, (Role(name="employee"),)) == (True, guest.email, guest.roles)


async def test_somebody_of_whom_nothing_is_said_is_linked_later() -> None:
    """A first message without a profile gives a person without e-mail; the next one with a profile the right person."""
    desk = await running(ScriptedModel(script={}))

    unknown = await linked(desk, account("maria"), None)
    known = await linked(desk, account("maria"), said_profile("maria"))
    stays = await linked(desk, account("maria"), None)

    assert (None, "maria", "maria") == (unknown.email, known.id, stays.id)


@given(linked_to=st.booleans(), email=st.booleans(), guest=st.booleans())
def test_a_platform_is_asked_until_it_has_said_who_somebody_is(linked_to: bool, email: bool, guest: bool) -> None:  # noqa: FBT001
    """Not again once the e-mail is known, or that there is none."""
    identity = replace(
        account("maria"),
        person_id="maria" if linked_to else None,  # type: ignore[arg-type]
        email="maria@example.com" if email else None,
        guest=guest,
    )

    assert needs_profile(identity) == (not linked_to or not (email or guest))


def test_roles_hold_where_they_were_given() -> None:
    """An agent of one workspace is none elsewhere; organisation admins may do everything."""
    agent = Person(id="a", name="A", roles=(Role(name="agent", workspace="it"),))  # type: ignore[arg-type]
    admin = Person(id="b", name="B", roles=(Role(name="organisation_admin"),))  # type: ignore[arg-type]

    assert [True, False, False] == [
        agent.has_role("agent", "it"),
        agent.has_role("agent", "hr"),
        agent.has_role("auditor"),
    ]
    assert admin.has_role("agent", "hr")
