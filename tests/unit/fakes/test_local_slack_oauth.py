"""Installations as Slack's guide to OAuth describes them: a page, a code that is good once, a token per team, and the end of it."""

from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest

from tests.fakes.slack import CLIENT_ID, CLIENT_SECRET, LocalSlack
from tests.fakes.slack_oauth import OAuth
from tests.unit.fakes.local_slack_rooms import client_of, furnished, refusal_of, with_bot

BACK = "http://127.0.0.1:9/slack/oauth_redirect"


def page(slack: LocalSlack, **changed: str) -> str:
    """Give the address to which an app sends a browser."""
    asked = {"client_id": CLIENT_ID, "scope": "chat:write", "state": "s1", "redirect_uri": BACK, **changed}
    return f"{slack.url}/oauth/v2/authorize?{urlencode(asked)}"


def code_in(location: str) -> str:
    """Give the code with which Slack sends a browser back."""
    return parse_qs(urlsplit(location).query)["code"][0]


async def test_two_teams_install_and_each_has_its_own_token() -> None:
    """Each token opens its own team, with a bot of its own, and neither the other's channels."""
    async with furnished() as slack, client_of(slack, "") as nobody:
        slack.add_team("T0TWO", name="Two", enterprise="E0GRID", installed=False)
        slack.add_user("U9", name="Vera", team="T0TWO")
        slack.add_channel("C9", team="T0TWO", members=["U9"])
        location = slack.agrees(page(slack), "T0TWO", "U9")

        basic = {"Authorization": aiohttp.encode_basic_auth(CLIENT_ID, CLIENT_SECRET)}
        given = {"code": code_in(location), "redirect_uri": BACK}
        answer = await nobody.api_call("oauth.v2.access", data=given, headers=basic)
        async with client_of(slack, answer["access_token"]) as two:
            who = await two.auth_test()
            await two.chat_postMessage(channel="C9", text="hello")
            elsewhere = await refusal_of(two, "chat.postMessage", channel="C1", text="hello")

    assert "s1" == parse_qs(urlsplit(location).query)["state"][0]
    assert ("T0TWO", "E0GRID") == (answer["team"]["id"], answer["enterprise"]["id"])
    assert (answer["bot_user_id"], "T0TWO") == (who["user_id"], who["team_id"])
    assert "channel_not_found" == elsewhere
    assert ["C9"] == [post["channel"] for post in slack.posts()]


async def test_a_code_is_good_once_and_for_one_address_and_secret() -> None:
    """Everything else is refused by the name that Slack gives it."""
    async with furnished() as slack, client_of(slack, "") as nobody:
        code = code_in(slack.agrees(page(slack), slack.workspace.team, "U1"))
        client = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}

        strangers = [
            await refusal_of(nobody, "oauth.v2.access", **{**client, "client_id": "9.9"}, code=code),
            await refusal_of(nobody, "oauth.v2.access", **{**client, "client_secret": "guess"}, code=code),
            await refusal_of(nobody, "oauth.v2.access", **client, code="guess"),
        ]
        await nobody.api_call("oauth.v2.access", data={**client, "code": code})
        again = await refusal_of(nobody, "oauth.v2.access", **client, code=code)

    assert ["invalid_client_id", "bad_client_secret", "invalid_code"] == strangers
    assert "code_already_used" == again


async def test_a_browser_is_sent_back() -> None:
    """Who agrees comes back with a code, who declines with access_denied; an unknown app is shown an error."""
    async with furnished() as slack, aiohttp.ClientSession() as browser:
        async with browser.get(page(slack), allow_redirects=False) as answer:
            location = answer.headers["Location"]
        async with browser.get(page(slack, client_id="9.9"), allow_redirects=False) as answer:
            stranger = answer.status, await answer.text()

    assert location.startswith(f"{BACK}?code=")
    assert "error=access_denied" in OAuth.decline(page(slack))
    assert (400, "invalid_client_id") == stranger


async def test_the_apps_settings_name_where_browsers_go() -> None:
    """The first address where the app asks for none, and no other than those that are named."""
    async with furnished() as slack:
        slack.set_redirect_urls([BACK])

        location = slack.agrees(page(slack, redirect_uri=""), slack.workspace.team)
        with pytest.raises(ValueError, match="bad_redirect_uri"):
            slack.agrees(page(slack, redirect_uri="http://127.0.0.1:9/elsewhere"), slack.workspace.team)

    assert location.startswith(f"{BACK}?code=")


async def test_a_team_throws_the_app_out() -> None:
    """Two events tell of it, the token is refused, and a new installation has another one."""
    async with furnished() as slack, with_bot(slack) as bot:
        token = slack.add_team("T0TWO")
        await slack.uninstalls("T0TWO")
        async with client_of(slack, token) as gone:
            refused = await refusal_of(gone, "auth.test")

        again = slack.teams.issue("T0TWO")
        async with client_of(slack, again) as back:
            who = await back.auth_test()

    assert {"tokens_revoked", "app_uninstalled"} == {event["type"] for event in bot.events()}
    assert {"T0TWO"} == {body["team_id"] for body in bot.heard}
    assert ("account_inactive", "T0TWO") == (refused, who["team_id"])


async def test_a_revoked_token_is_good_no_more() -> None:
    """auth.revoke ends the token that it was called with."""
    async with furnished() as slack, client_of(slack) as client:
        await client.auth_revoke()

        assert "token_revoked" == await refusal_of(client, "auth.test")


async def test_teams_are_told_apart_by_who_speaks() -> None:
    """An event names the team in which it happened and that team's bot."""
    async with furnished() as slack, with_bot(slack) as bot:
        slack.add_team("T0TWO")
        slack.add_user("U9", name="Vera", team="T0TWO")
        await slack.says("U9", "U9", "hello")
        await slack.command("U9", "U9", "mine")

    event, command = bot.heard
    assert ("T0TWO", "UB0TWO") == (event["team_id"], event["authorizations"][0]["user_id"])
    assert "T0TWO" == command["team_id"]


@pytest.mark.parametrize("changed", [{"scope": ""}, {"redirect_uri": "http://evil.example/"}])
async def test_slacks_page_checks_what_the_app_asks(changed: dict[str, str]) -> None:
    """No scope, or an address that is not secure: nobody is sent anywhere."""
    async with furnished() as slack:
        with pytest.raises(ValueError, match=r"invalid_scope|bad_redirect_uri"):
            slack.agrees(page(slack, **changed), slack.workspace.team)
