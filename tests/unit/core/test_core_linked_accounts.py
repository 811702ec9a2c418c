"""Whatever a platform says and admins decide, in any order: nobody from outside gets anybody's roles, and what was set apart stays so."""

import asyncio
from dataclasses import replace
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.accounts import link_account, unlink_account
from bot.desk.desk import Desk
from bot.desk.people import link_person
from bot.errors import Refused
from bot.person import Identity, Person
from bot.ports import Profile, Reader, UnitOfWork
from tests.fakes.desk import running
from tests.fakes.scripted import ScriptedModel
from tests.fakes.workforce import account

ACCOUNT = account("sam", "teams")

SAID = st.none() | st.builds(
    lambda email, guest: Profile(identity=replace(ACCOUNT, email=email, guest=guest)),
    st.none() | st.sampled_from(["sam@example.com", "SAM@example.com", "ida@example.com", "new@example.com"]),
    st.booleans(),
)
DECIDED = st.sampled_from(["sam", "ida", "apart"])
STEPS = st.lists(st.tuples(st.just("said"), SAID) | st.tuples(st.just("decided"), DECIDED), max_size=10)


@settings(deadline=None, max_examples=150)
@given(steps=STEPS, trusted=st.booleans())
def test_no_order_of_events_lends_authority_to_an_outsider(
    steps: list[tuple[str, Profile | str | None]],
    trusted: bool,  # noqa: FBT001
) -> None:
    """A guest, and an account of another organisation, is a person without e-mail and roles; so is one that was set apart."""

    async def play() -> None:
        desk = await running(ScriptedModel(script={}))
        at = replace(desk.desk, trusted=lambda _platform, _tenant: trusted)
        await desk.plain.transact(lambda uow: uow.add(ACCOUNT))
        apart = False
        for _, what in steps:
            apart = await desk.plain.transact(partial(_happens, desk=at, what=what, apart=apart))
            known, person = await desk.plain.read(_known)
            outside = known.guest or not trusted or (isinstance(what, Profile) and what.identity.guest)
            if person is not None and (outside or apart):
                assert (None, ("employee",)) == (person.email, tuple(role.name for role in person.roles))
            assert apart == (known.decided == "apart")
            assert known.decided != "linked" or (known.email is not None and not known.guest and trusted)

    asyncio.run(play())


async def _happens(uow: UnitOfWork, desk: Desk, what: Profile | str | None, *, apart: bool) -> bool:
    """Let the platform say something, or an admin decide what is allowed; return whether the account is apart then."""
    if not isinstance(what, str):
        await link_person(uow, desk, ACCOUNT.id, what)
        return apart
    known, admin, person = await uow.get(Identity, ACCOUNT.id), await uow.get(Person, "bo"), await uow.get(Person, what)
    assert known is not None
    assert admin is not None
    if person is None:
        await unlink_account(uow, desk, known, admin)
        return True
    try:
        await link_account(uow, desk, known, person, admin)
    except Refused:
        return apart
    return False


async def _known(reader: Reader) -> tuple[Identity, Person | None]:
    known = await reader.get(Identity, ACCOUNT.id)
    assert known is not None
    return known, await reader.get(Person, known.person_id) if known.person_id else None
