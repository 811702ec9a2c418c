"""How installations end: announced, found out, late, or not stored; the others stay, and the team can come back."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from bot.errors import PermanentError, TemporaryError
from bot.mail import Lease
from bot.ports import Storage, UnitOfWork
from tests.contract.slack.installed import BOTH, Desk, installed, post_in, serving, two_teams, who
from tests.fakes.faults import refused
from tests.fakes.slack import LocalSlack
from tests.fakes.slack_announced import revoked, uninstalled
from tests.fakes.slack_shapes import envelope

Result = TypeVar("Result")


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_an_uninstalled_team_is_gone_at_once_and_the_others_stay(desk: Desk) -> None:
    """Its token is erased before Slack is answered; replies to it are a person's business now."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk, team_ids=BOTH) as (slack, url):
            await installed(server, url, *BOTH)

            await server.uninstalls("TWO")

            two, three = await desk.installations()
            assert ("", True, None) == (two.sealed_token, two.revoked_at is not None, three.revoked_at)
            with pytest.raises(PermanentError, match="not installed in the team TWO"):
                await post_in(slack, "TWO", "are you there?")
            assert await slack.audience.profile(who("TWO")) is None
            await post_in(slack, "TRE", "hello")
            assert [True, True] == [attempt.acknowledged for attempt in server.attempts]


async def test_what_a_team_without_the_app_sends_is_acknowledged_and_dropped(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """As after an uninstall; it is said in the log."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk, team_ids=BOTH) as (_, url):
            await installed(server, url, "TWO")

            await server.says("UTRE", "UTRE", "hello")
            answered = await server.command("UTRE", "CTRE", "mine")

            assert [True, True] == [attempt.acknowledged for attempt in server.attempts]
            assert {"status": 200, "body": ""} == answered
            assert [] == await desk.texts()
            assert "the team TRE, where the app is not installed" in caplog.text


async def test_a_team_that_installs_again_is_served_again(desk: Desk) -> None:
    """With its new token, at once."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk, team_ids=BOTH) as (slack, url):
            await installed(server, url, *BOTH)
            await server.uninstalls("TWO")
            desk.clock.ahead += timedelta(seconds=2)

            await installed(server, url, "TWO")
            await post_in(slack, "TWO", "back")

            two, _ = await desk.installations()
            assert two.revoked_at is None
            assert ["back"] == [post["text"] for post in server.posts("CTWO")]


class Away:
    """A storage that cannot be written to for a while."""

    def __init__(self, inner: Storage) -> None:
        self.times = 0
        self.read = inner.read
        self._inner = inner

    async def transact(self, work: Callable[[UnitOfWork], Awaitable[Result]], *, under: Lease | None = None) -> Result:
        """Fail as often as was said."""
        if self.times:
            self.times -= 1
            raise TemporaryError("The database is away.")
        return await self._inner.transact(work, under=under)


async def test_an_uninstall_that_cannot_be_stored_is_repeated_by_slack(desk: Desk) -> None:
    """It is not acknowledged before that."""
    away = Away(desk.storage)
    desk.storage = away
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk) as (_, url):
            await installed(server, url, "TWO")
            away.times = 3
            server.teams.remove("TWO")

            await server.send_event(uninstalled(), "TWO")

            assert [503, 503, 503, 200] == [attempt.status for attempt in server.attempts]
            assert [True] == [item.revoked_at is not None for item in await desk.installations()]


async def test_an_announcement_older_than_the_installation_ends_nothing(desk: Desk) -> None:
    """Slack repeats for minutes what it could not deliver; meanwhile the team may have installed again."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk) as (slack, url):
            await installed(server, url, "TWO")
            late = envelope(server.teams.workspaces["TWO"], uninstalled())
            late["event_time"] = int(datetime.now(UTC).timestamp()) - 60

            await server.delivery.event(late)
            await post_in(slack, "TWO", "still here")

            assert [None] == [item.revoked_at for item in await desk.installations()]


@pytest.mark.parametrize("tokens", [{"oauth": ["U1"], "bot": []}, {"oauth": ["U1"]}, {}, None, "all", {"bot": "UB"}])
async def test_a_person_who_revokes_their_own_token_ends_nothing(desk: Desk, tokens: object) -> None:
    """Only the bot's token is ours, and an odd announcement is none."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk) as (slack, url):
            await installed(server, url, "TWO")

            await server.send_event({"type": "tokens_revoked", "tokens": tokens}, "TWO")
            await post_in(slack, "TWO", "still here")


async def test_the_bots_token_that_is_revoked_ends_the_installation(desk: Desk) -> None:
    """As if the app had been removed."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk) as (_, url):
            await installed(server, url, "TWO")

            await server.send_event(revoked(server.teams.workspaces["TWO"]), "TWO")

            assert [""] == [item.sealed_token for item in await desk.installations()]


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive", "invalid_auth"])
@pytest.mark.parametrize("method", ["chat.postMessage", "users.info"])
async def test_a_call_whose_token_is_refused_ends_the_installation(desk: Desk, error: str, method: str) -> None:
    """Announcements can be lost. The process goes on, and serves the other team."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk, team_ids=BOTH) as (slack, url):
            await installed(server, url, *BOTH)
            server.faults.inject(method, refused(error))

            if method == "users.info":
                assert await slack.audience.profile(who("TWO")) is None
            else:
                with pytest.raises(PermanentError, match=error):
                    await post_in(slack, "TWO", "hello")

            two, _ = await desk.installations()
            assert two.revoked_at is not None
            await post_in(slack, "TRE", "hello")


async def test_a_refusal_of_the_old_token_leaves_the_new_one_alone(desk: Desk) -> None:
    """The call was made before the team installed again."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk) as (slack, url):
            await installed(server, url, "TWO")
            old = slack.clients.calls("TWO")
            server.teams.remove("TWO")
            await installed(server, url, "TWO")

            with pytest.raises(PermanentError, match="account_inactive"):
                await old.tell("auth.test")

            assert [None] == [item.revoked_at for item in await desk.installations()]
            await post_in(slack, "TWO", "hello")
