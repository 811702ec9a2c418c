"""Several teams at once: each has its token and its bot, and loses them when its admins say so, without harm to the others."""

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from adapters.slack.connect import Slack
from adapters.slack.installations import Seal
from bot.conversation import Place
from bot.errors import PermanentError, TemporaryError
from bot.installation import Installation
from bot.ports import UnitOfWork
from tests.contract.slack.connected import place, reply
from tests.contract.slack.installed import BOTH, Browser, Desk, installed, post_in, serving, two_teams, until, who
from tests.fakes.slack import CLIENT_SECRET, TOKEN, LocalSlack
from tests.fakes.slack_announced import uninstalled

Result = TypeVar("Result")


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_each_team_is_served_by_its_own_token(desk: Desk) -> None:
    """What is said arrives, who somebody is and who reads is asked, and answers are posted, each in its team."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk, team_ids=BOTH) as (slack, url):
            await installed(server, url, *BOTH)
            for team in BOTH:
                await server.says(f"U{team}", f"U{team}", f"from {team}")
                await post_in(slack, team, f"to {team}")

            assert ["from TWO", "from TRE"] == await desk.texts()
            assert [["to TWO"], ["to TRE"]] == [[post["text"] for post in server.posts(f"C{team}")] for team in BOTH]
            profiles = [await slack.audience.profile(who(team)) for team in BOTH]
            assert ["Maria of TWO", "Maria of TRE"] == [profile.identity.name for profile in profiles if profile]
            readers = await slack.audience.readers(
                Place(platform="slack", tenant="TRE", channel="CTRE", kind="channel")
            )
            assert readers is not None
            assert ("TWO", True, True) == (slack.clients.tenant(), *map(slack.clients.trusted, BOTH))


async def test_installations_outlive_the_process(desk: Desk) -> None:
    """They are read before anything is accepted, and their tokens are kept out of the logs again."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk, team_ids=BOTH) as (_, url):
            await installed(server, url, *BOTH)
        desk.learnt.clear()

        async with serving(server, desk, team_ids=BOTH) as (slack, _):
            await post_in(slack, "TRE", "hello again")

            assert "TWO" == slack.clients.tenant()
            assert {token for team in BOTH for token in server.teams.of(team)} == set(desk.learnt)


async def test_a_copy_of_the_database_speaks_for_nobody(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """With another client secret no token can be read; the admin is told which one is needed, and the server goes on."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk) as (_, url):
            await installed(server, url, "TWO")

        async with serving(server, desk, secret="another-secret") as (slack, _):
            with pytest.raises(PermanentError, match=r"not installed in the team TWO.*/slack/install"):
                await post_in(slack, "TWO", "hello")

    assert "cannot be read with this SLACK_CLIENT_SECRET" in caplog.text
    assert CLIENT_SECRET not in caplog.text


async def test_no_row_lends_its_token_to_another(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """A token that was put into another team's row is not used."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk, team_ids=BOTH) as (_, url):
            await installed(server, url, *BOTH)
        two, three = await desk.installations()

        async def swap(uow: UnitOfWork) -> None:
            await uow.put(replace(two, sealed_token=three.sealed_token))

        await desk.storage.transact(swap)
        async with serving(server, desk, team_ids=BOTH) as (slack, _):
            with pytest.raises(PermanentError, match="not installed"):
                await post_in(slack, "TWO", "hello")

    assert "Team TWO cannot be read" in caplog.text


async def test_the_environments_token_serves_its_team_and_installations_the_others(desk: Desk) -> None:
    """Its team is the home team, also where it is not in the list."""
    async with LocalSlack() as server:
        two_teams(server)
        server.add_user("U1", name="Maria Chen")
        server.add_channel("CT0DESK", members=["U1"])
        async with serving(server, desk, token=TOKEN, team_ids=("TWO",)) as (slack, url):
            await installed(server, url, "TWO")
            await server.says("U1", "U1", "from home")
            await server.says("UTWO", "UTWO", "from two")
            for team in ("T0DESK", "TWO", ""):
                await slack.messenger.post(reply(), replace(place(f"C{team or 'T0DESK'}"), tenant=team))

            assert ["from home", "from two"] == await desk.texts()
            assert ("T0DESK", True, True, False) == (
                slack.clients.tenant(),
                *map(slack.clients.trusted, ("T0DESK", "TWO", "TRE")),
            )
            assert [2, 1] == [len(server.posts(channel)) for channel in ("CT0DESK", "CTWO")]


async def test_a_team_that_is_taken_off_the_list_is_not_served_any_more(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """Its installation is kept, in case it comes back; nothing of it is believed."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk, team_ids=BOTH) as (_, url):
            await installed(server, url, *BOTH)

        async with serving(server, desk, team_ids=("TWO",)) as (slack, _):
            await server.says("UTRE", "UTRE", "hello")

            assert [] == await desk.texts()
            assert not slack.clients.trusted("TRE")
            with pytest.raises(PermanentError, match="not installed"):
                await post_in(slack, "TRE", "hello")

    assert "TRE is installed but not in SLACK_TEAM_IDS" in caplog.text


async def test_whom_to_trust_is_not_guessed_before_the_home_team_is_known(desk: Desk) -> None:
    """Who asks comes back later."""
    async with LocalSlack() as server, serving(server, desk, token=TOKEN, begun=False) as (slack, _):
        with pytest.raises(TemporaryError, match="SLACK_BOT_TOKEN"):
            slack.clients.trusted("T0DESK")
        await slack.start()

        assert (True, False) == (slack.clients.trusted("T0DESK"), slack.clients.trusted("TWO"))


async def whole_organisation(desk: Desk, slack: Slack, token: str) -> None:
    """Store an installation for all of the organisation E0GRID, as Slack's page of it would."""
    grid = Installation(
        id="slack:E0GRID",
        platform="slack",
        tenant="E0GRID",
        enterprise="E0GRID",
        name="Grid",
        bot_user="UBWO",
        bot_id="BWO",
        sealed_token=Seal(CLIENT_SECRET).close("slack:E0GRID", token),
        at=datetime.now(UTC) - timedelta(days=1),
    )
    await desk.storage.transact(lambda uow: uow.add(grid))
    await slack.load()


async def test_an_organisations_installation_serves_its_teams(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """A team of it is learnt from what it sends, and is still known after a restart."""
    caplog.set_level(logging.WARNING)
    async with LocalSlack() as server:
        token = server.add_team("TWO", name="Two", enterprise="E0GRID")
        server.add_user("UTWO", name="Maria", team="TWO")
        server.add_channel("CTWO", members=["UTWO"], team="TWO")
        async with serving(server, desk, team_ids=("E0GRID",)) as (slack, _):
            await whole_organisation(desk, slack, token)
            assert "" == slack.clients.tenant()

            await server.says("UTWO", "UTWO", "hello")

            assert ["hello"] == await desk.texts()
        async with serving(server, desk, team_ids=("E0GRID",)) as (slack, _):
            await post_in(slack, "TWO", "hello")

            assert ("TWO", True) == (slack.clients.tenant(), slack.clients.trusted("TWO"))
            kept = {item.id: bool(item.sealed_token) for item in await desk.installations()}
            assert {"slack:E0GRID": True, "slack:TWO": False} == kept


async def test_one_team_that_leaves_does_not_end_the_organisations_installation(desk: Desk) -> None:
    """Slack is asked whether its token still holds; once it does not, it is over for all."""
    async with LocalSlack() as server:
        token = server.add_team("TWO", name="Two", enterprise="E0GRID")
        server.add_user("UTWO", name="Maria", team="TWO")
        server.add_channel("CTWO", members=["UTWO"], team="TWO")
        async with serving(server, desk, team_ids=("E0GRID",)) as (slack, _):
            await whole_organisation(desk, slack, token)
            await server.says("UTWO", "UTWO", "hello")

            await server.send_event(uninstalled(), "TWO")
            await until(lambda: len(server.calls_to("auth.test")) == 1)
            await post_in(slack, "TWO", "still here")
            server.teams.revoke(token)
            await server.send_event(uninstalled(), "TWO")

            await until(lambda: slack.clients.tenant() == "")
            with pytest.raises(PermanentError, match="not installed"):
                await post_in(slack, "TWO", "hello")


async def test_what_another_process_installed_is_found(desk: Desk) -> None:
    """Behind a load balancer the page comes to one process and the first message to another; it is not dropped."""
    async with LocalSlack() as server:
        two_teams(server)
        async with (
            serving(server, desk, team_ids=BOTH) as (first, url),
            serving(server, desk, team_ids=BOTH) as (other, _),
        ):
            await asyncio.sleep(1.0)
            await installed(server, url, *BOTH)

            await server.says("UTWO", "UTWO", "hello")
            await post_in(other, "TRE", "hello")

            assert ["hello"] == await desk.texts()
            assert ["hello"] == [post["text"] for post in server.posts("CTRE")]
            await server.uninstalls("TRE")
            for slack in (first, other):
                with pytest.raises(PermanentError):
                    await post_in(slack, "TRE", "gone")
                with pytest.raises(PermanentError, match="not installed"):
                    await post_in(slack, "TRE", "gone")


async def test_a_newer_token_that_another_process_stored_replaces_ours(desk: Desk) -> None:
    """The first call with the old one is refused, and the next is made with the new one."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk) as (_, url):
            await installed(server, url, "TWO")
            async with serving(server, desk) as (other, _):
                server.teams.remove("TWO")
                await installed(server, url, "TWO")

                with pytest.raises(PermanentError, match="account_inactive"):
                    await post_in(other, "TWO", "hello")
                await post_in(other, "TWO", "hello again")


async def test_of_two_teams_that_install_first_at_once_one_is_the_first(desk: Desk) -> None:
    """Whichever; the other is told what an admin must do."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk) as (_, url), serving(server, desk) as (_, other):
            answers = await asyncio.gather(Browser(url).install(server, "TWO"), Browser(other).install(server, "TRE"))

    assert [200, 403] == sorted(status for status, _ in answers)
    assert 1 == len(await desk.installations())
