"""E-mails link accounts to persons only within the tenants that are trusted."""

from dataclasses import replace

import pytest

from bot.desk.desk import Desk
from bot.desk.people import link_person
from bot.errors import TemporaryError
from bot.ids import WorkspaceId
from bot.person import Identity, Person
from bot.ports import Profile, UnitOfWork
from tests.fakes.desk import RunningDesk, running
from tests.fakes.scripted import ScriptedModel
from tests.fakes.workforce import account, said_profile


async def linked(running_desk: RunningDesk, desk: Desk, said: Profile | None) -> Person:
    async def work(uow: UnitOfWork) -> Person:
        identity = account("sam")
        if await uow.get(Identity, identity.id) is None:
            await uow.add(identity)
        return await link_person(uow, desk, identity.id, said)

    return await running_desk.plain.transact(work)


async def test_an_agents_e_mail_from_elsewhere_gives_no_authority() -> None:
    """Anybody can set up a team and give themselves any address in it."""
    desk = await running(ScriptedModel(script={}))
    wary = replace(desk.desk, trusted=lambda _platform, _tenant: False)

    stranger = await linked(desk, wary, said_profile("sam"))

    assert (None, False) == (stranger.email, wary.is_agent(stranger, WorkspaceId("it-support")))
    assert stranger.id != "sam"


@pytest.mark.parametrize("said", [said_profile("sam"), None])
async def test_a_tenant_that_is_no_longer_trusted_loses_its_links(said: Profile | None) -> None:
    """At once, whether its platform still answers or not; and gets them back with the trust."""
    desk = await running(ScriptedModel(script={}))
    known = await linked(desk, desk.desk, said_profile("sam"))

    stranger = await linked(desk, replace(desk.desk, trusted=lambda _platform, _tenant: False), said)
    back = await linked(desk, desk.desk, said_profile("sam"))

    assert ("sam", None, "sam") == (known.id, stranger.email, back.id)


async def test_nobody_is_linked_before_it_is_known_whom_to_trust() -> None:
    """The message is worked later."""
    desk = await running(ScriptedModel(script={}))

    def unknown(_platform: str, _tenant: str) -> bool:
        raise TemporaryError("not known yet")

    with pytest.raises(TemporaryError):
        await linked(desk, replace(desk.desk, trusted=unknown), said_profile("sam"))
