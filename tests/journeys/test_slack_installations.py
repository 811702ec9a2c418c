"""Two teams install the app, each is answered with its own token, and one that throws it out leaves the other untouched."""

import html
import re
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import aiohttp

from bot.installation import Installation
from bot.ports import Reader
from tests.fakes.databases import sqlite_url
from tests.fakes.faults import JsonObject
from tests.fakes.separate import Remote
from tests.fakes.slack import CLIENT_ID, CLIENT_SECRET, TEAM
from tests.journeys import slack_town as town
from tests.journeys.deskmate import Place, running
from tests.journeys.looking import auditor

SECOND, OMAR = "T0SECOND", "U0OMAR"


async def test_two_teams_install_and_one_leaves(tmp_path: Path) -> None:
    """No token at the start; a token for each afterwards, never in the database as it is; none for who has left."""

    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(town.slack_town())
        await slack.do("add_team", id=SECOND, name="Second", installed=False)
        await slack.do("add_team", id="T0STRANGER", installed=False)
        await slack.do("add_user", id=OMAR, name="Omar Haddad", email="omar@example.com", team=SECOND)
        place = _place(town.place_for(slack, tmp_path, sqlite_url(tmp_path)))
        await stack.enter_async_context(running(place))
        looking = await stack.enter_async_context(auditor(place))
        await town.connect(slack, place)
        await slack.do("set_redirect_urls", urls=[f"{place.url}/slack/oauth_redirect"])
        pages = [await _installed(slack, place, team) for team in (TEAM, SECOND, "T0STRANGER")]
        for user in (town.JUNE, OMAR):
            await slack.do("says", user=user, channel=user, text="How do I connect to the VPN?")
            direct = await slack.do("open_direct", user=user)
            await slack.do("wait_for_posts", channel=direct, containing="VPN", seconds=20)
        await slack.do("uninstalls", team=SECOND)
        await slack.do("says", user=OMAR, channel=OMAR, text="Where is my badge?")
        await slack.do("says", user=town.JUNE, channel=town.JUNE, text="How do I reset my password?")
        await slack.do("wait_for_posts", channel=await town.direct_chat(slack), containing="assword", seconds=20)
        gone = [post["text"] for post in await slack.do("posts", channel=await slack.do("open_direct", user=OMAR))]
        state = await slack.state()
        installations = await looking.read(_installations)
        stored = b"".join(path.read_bytes() for path in tmp_path.glob("desk.db*"))

    assert [200, 200, 403] == pages
    assert 1 == len(gone)
    assert [] == [token for token in _tokens(state) if token.encode() in stored]
    assert {TEAM, SECOND} == {item.tenant for item in installations}
    assert {SECOND} == {item.tenant for item in installations if item.revoked_at}


def _place(place: Place) -> Place:
    """Return the place with OAuth instead of a token; both teams may install."""
    kept = {name: value for name, value in place.environment.items() if name != "SLACK_BOT_TOKEN"}
    oauth = {"SLACK_CLIENT_ID": CLIENT_ID, "SLACK_CLIENT_SECRET": CLIENT_SECRET, "SLACK_TEAM_IDS": f"{TEAM},{SECOND}"}
    return replace(place, environment={**kept, **oauth})


async def _installed(slack: Remote, place: Place, team: str) -> int:
    """Let somebody of a team install the app as a browser does; the status of the last page."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as browser:
        async with browser.get(f"{place.url}/slack/install") as page:
            link = re.search(r'href="([^"]+/oauth/v2/authorize[^"]*)"', await page.text())
            cookies = {name: item.value for name, item in page.cookies.items()}
        assert link is not None
        location = await slack.do("agrees", address=html.unescape(link[1]), team=team, user="U0INSTALLER")
        async with browser.get(location, headers={"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())}) as page:
            return page.status


async def _installations(reader: Reader) -> list[Installation]:
    return list(await reader.find(Installation))


def _tokens(state: JsonObject) -> list[str]:
    """Return every token that Slack gave out."""
    return [call["answer"]["access_token"] for call in state["calls"] if call["method"] == "oauth.v2.access"]
