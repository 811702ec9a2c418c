"""The pages of an installation against the local Slack: who gets in, who does not, and what everybody is told."""

import json
import logging
from datetime import timedelta

import aiohttp
import pytest

from tests.contract.slack.installed import Browser, Desk, path_of, serving
from tests.fakes.faults import drop_after_commit, http_error, refused
from tests.fakes.slack import CLIENT_SECRET, TOKEN, LocalSlack


@pytest.fixture
def desk() -> Desk:
    return Desk()


def two_teams(server: LocalSlack) -> None:
    server.add_team("TWO", name="Two <b>&", installed=False)
    server.add_team("TRE", name="Three", installed=False)


async def test_a_team_installs_and_is_told_what_is_next(desk: Desk) -> None:
    """Its name is escaped; its token is sealed in the database, and no log may show it."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk) as (_, url):
            status, page = await Browser(url).install(server, "TWO", "U7")

        [installation] = await desk.installations()
        [token] = server.teams.of("TWO")
        assert 200 == status
        assert "Atom is installed in Two &lt;b&gt;&amp;" in page
        assert "/invite @Atom" in page
        known = (installation.id, installation.bot_user, installation.bot_id, installation.installed_by)
        assert ("slack:TWO", "UBWO", "BWO", "U7") == known
        assert token in desk.learnt
        assert token not in repr(installation)


async def test_the_pages_load_nothing_and_are_kept_by_nobody(desk: Desk) -> None:
    """The cookie is for this server alone, and no script reads it."""
    async with (
        LocalSlack() as server,
        serving(server, desk) as (_, url),
        aiohttp.ClientSession() as http,
        http.get(f"{url}/slack/install") as answer,
    ):
        page = await answer.text()

    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "no-store" == answer.headers["Cache-Control"]
    for word in ("Secure", "HttpOnly", "SameSite=Lax", "Max-Age=600", "Path=/slack"):
        assert word in answer.headers["Set-Cookie"]
    assert '<html lang="en">' in page
    assert "<script" not in page


async def test_a_state_is_good_once(desk: Desk) -> None:
    """Also with a fresh code, and whichever request comes first."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk) as (_, url):
            browser = Browser(url)
            address = await browser.begin()
            again = Browser(url, cookies=dict(browser.cookies))
            first = await browser.get(path_of(server.oauth.agree(address, "TWO", "U1")))
            second = await again.get(path_of(server.oauth.agree(address, "TWO", "U1")))

    assert [200, 400] == [first[0], second[0]]
    assert "finished already" in second[1]
    assert 1 == len(server.calls_to("oauth.v2.access"))


@pytest.mark.parametrize("case", ["other browser", "no cookie", "too late", "forged", "of another app", "none"])
async def test_an_answer_that_was_not_asked_for_changes_nothing(desk: Desk, case: str) -> None:
    """The code is not even shown to Slack."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk) as (_, url):
            browser, other = Browser(url), Browser(url)
            back = path_of(server.oauth.agree(await browser.begin(), "TWO", "U1"))
            state = browser.cookies["deskmate-slack-install"]
            await other.begin()
            if case == "other browser":
                browser = other
            elif case == "no cookie":
                browser.cookies.clear()
            elif case == "too late":
                desk.clock.ahead = timedelta(seconds=601)
            else:
                fresh = {"forged": "x" * len(state), "of another app": state[:-4] + "AAAA", "none": ""}[case]
                back, browser.cookies = back.replace(state, fresh), {"deskmate-slack-install": fresh}

            status, page = await browser.get(back)

    assert 400 == status
    assert 'href="/slack/install"' in page
    assert ([], []) == (server.calls_to("oauth.v2.access"), await desk.installations())


async def test_ten_minutes_are_enough(desk: Desk) -> None:
    """Just before they are over it still works."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk) as (_, url):
            browser = Browser(url)
            back = path_of(server.oauth.agree(await browser.begin(), "TWO", "U1"))
            desk.clock.ahead = timedelta(seconds=590)

            assert 200 == (await browser.get(back))[0]


async def test_somebody_who_declines_is_told_that_nothing_happened(desk: Desk) -> None:
    """What Slack names as reason is shown only where it is a name."""
    async with LocalSlack() as server, serving(server, desk) as (_, url):
        browser = Browser(url)
        status, page = await browser.get(path_of(server.oauth.decline(await browser.begin())))
        address = await browser.begin()
        odd = path_of(server.oauth.decline(address)).replace("access_denied", "%3Cscript%3Ealert(1)%3C/script%3E")
        _, shown = await browser.get(odd)

    assert (200, True) == (status, "You did not allow it" in page)
    assert "<script" not in shown


async def test_a_code_that_slack_does_not_take_is_no_fault_of_ours(desk: Desk) -> None:
    """The page says what Slack said, and how to go on."""
    async with LocalSlack() as server, serving(server, desk) as (_, url):
        browser = Browser(url)
        back = path_of(server.oauth.agree(await browser.begin(), "T0DESK", "U1"))
        code = back.partition("code=")[2].partition("&")[0]

        status, page = await browser.get(back.replace(code, "stolen"))

    assert (400, True) == (status, "invalid_code" in page)


async def test_a_wrong_client_secret_is_for_the_admin(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """The browser is told that the server is not set up; the log says which error, without secrets."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk, secret="wrong-client-secret") as (_, url):
            status, page = await Browser(url).install(server, "TWO")

    assert (500, True) == (status, "not set up correctly" in page)
    assert "bad_client_secret" in caplog.text
    assert "wrong-client-secret" not in caplog.text


@pytest.mark.parametrize("fault", [http_error(503), drop_after_commit(), refused("internal_error")])
@pytest.mark.parametrize("method", ["oauth.v2.access", "auth.test"])
async def test_a_slack_that_is_away_can_be_tried_again(desk: Desk, method: str, fault: object) -> None:
    """Nothing is stored, and the page leads to the beginning."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk) as (_, url):
            server.faults.inject(method, fault)  # type: ignore[arg-type]
            status, page = await Browser(url).install(server, "TWO")

            assert (503, True) == (status, 'href="/slack/install"' in page)
            assert [] == await desk.installations()
            assert 200 == (await Browser(url).install(server, "TWO"))[0]


async def test_token_rotation_is_refused_with_what_to_do(desk: Desk) -> None:
    """Such a token would be good for half a day."""
    given = {"ok": True, "access_token": "xoxe.xoxb-1", "expires_in": 43_200, "refresh_token": "xoxe-1-r"}
    status, page = await _given(desk, given)

    assert (400, True) == (status, "Token rotation is switched on" in page)
    assert [] == await desk.installations()


async def test_a_token_of_a_person_is_refused(desk: Desk) -> None:
    """An app without a bot."""
    status, page = await _given(desk, {"ok": True, "authed_user": {"id": "U1", "access_token": "xoxp-1"}})

    assert (400, True) == (status, "no token for a bot" in page)


async def _given(desk: Desk, document: dict[str, object]) -> tuple[int, str]:
    """Install where Slack answers with `document`."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk) as (_, url):
            server.oauth.access = lambda *_: document  # type: ignore[method-assign]
            return await Browser(url).install(server, "TWO")


async def test_without_a_list_the_first_team_is_the_only_one(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """Others are told which id an admin must add, and their token is given back; the first may install again."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk) as (_, url):
            first = await Browser(url).install(server, "TWO")
            other, page = await Browser(url).install(server, "TRE")
            again = await Browser(url).install(server, "TWO")

        assert [200, 403, 200] == [first[0], other, again[0]]
        assert "<code>TRE</code>" in page
        assert "<code>SLACK_TEAM_IDS</code>" in page
        assert ["slack:TWO"] == [item.id for item in await desk.installations()]
        assert 1 == len(server.calls_to("auth.revoke"))
        assert "TRE tried to install" in caplog.text


async def test_without_a_list_the_team_of_the_token_is_the_only_one(desk: Desk) -> None:
    """It is known by asking Slack; until Slack has said it, nobody installs."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk, token=TOKEN, begun=False) as (slack, url):
            early = await Browser(url).install(server, "TWO")
            await slack.start()
            late = await Browser(url).install(server, "TWO")
            own = await Browser(url).install(server, "T0DESK")

    assert [503, 403, 200] == [early[0], late[0], own[0]]


async def test_the_list_decides(desk: Desk) -> None:
    """Whoever comes first."""
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk, team_ids=("TRE",)) as (_, url):
            statuses = [(await Browser(url).install(server, team))[0] for team in ("TWO", "TRE")]

    assert [403, 200] == statuses


async def test_pages_that_are_called_all_the_time_do_not_fill_the_database(desk: Desk) -> None:
    """After sixty answers within a minute the next is put off."""
    async with LocalSlack() as server, serving(server, desk) as (_, url):
        statuses = []
        for _ in range(62):
            browser = Browser(url)
            back = path_of(server.oauth.agree(await browser.begin(), "T0DESK", "U1"))
            statuses.append((await browser.get(back.replace("code=", "code=x")))[0])

    assert {400, 429} == set(statuses)
    assert 60 == statuses.count(400)


async def test_nothing_of_an_installation_is_logged(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """Neither code nor state nor token nor secret, at any level."""
    caplog.set_level(logging.DEBUG)
    async with LocalSlack() as server:
        two_teams(server)
        async with serving(server, desk) as (_, url):
            browser = Browser(url)
            back = path_of(server.oauth.agree(await browser.begin(), "TWO", "U1"))
            state = browser.cookies["deskmate-slack-install"]
            await browser.get(back)

        told = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("adapters"))
        code = back.partition("code=")[2].partition("&")[0]
        assert [] == [word for word in (state, code, CLIENT_SECRET, *server.teams.of("TWO")) if word in told]
        assert json.dumps(told)
