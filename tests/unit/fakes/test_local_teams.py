"""The local Teams checks what Teams checks, and brings activities with tokens that a strict reader accepts.

Tokens are read here with PyJWT against the published keys, and the connector is called by the Bot Framework's own
client, because the bot's adapter will do both.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import jwt
import pytest

from tests.fakes.faults import drop_after_commit, rate_limited, refused, reset
from tests.fakes.listener import listening
from tests.fakes.separate import separately
from tests.fakes.teams import LocalTeams
from tests.fakes.teams_connector import TEAMS_OWN_RATES
from tests.fakes.teams_state import APP_ID, CARD, TENANT
from tests.fakes.teams_tokens import ISSUER, PASSWORD, SigningKey

CHANNEL = "19:support@thread.tacv2"
TEAM = "19:team@thread.tacv2"
APPROVAL = {
    "type": "AdaptiveCard",
    "version": "1.5",
    "actions": [
        {"type": "Action.Execute", "verb": "approve", "title": "Approve", "data": {"approval": "7"}},
        {"type": "Action.Execute", "verb": "deny", "title": "Deny", "data": {"approval": "7"}},
    ],
}
DONE = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "Approved"}]}


@dataclass(frozen=True)
class Client:
    """A bot's calls of the connector, with a token."""

    http: aiohttp.ClientSession
    service_url: str
    token: str

    async def call(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Call and give status and document."""
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.service_url}v3/{path}"
        async with self.http.request(method, url, json=body, headers=headers) as response:
            return response.status, await response.json()

    async def post(self, conversation: str, activity: dict[str, Any] | str) -> tuple[int, Any]:
        """Post an activity, or a text."""
        body = {"type": "message", "text": activity} if isinstance(activity, str) else activity
        return await self.call("POST", f"conversations/{conversation}/activities", body)


async def log_in(http: aiohttp.ClientSession, login_url: str, **changes: str) -> tuple[int, dict[str, Any]]:
    form = {
        "grant_type": "client_credentials",
        "client_id": APP_ID,
        "client_secret": PASSWORD,
        "scope": f"{ISSUER}/.default",
    }
    async with http.post(f"{login_url}/{TENANT}/oauth2/v2.0/token", data={**form, **changes}) as response:
        return response.status, await response.json()


@pytest.fixture
async def teams() -> AsyncIterator[LocalTeams]:
    async with LocalTeams() as server:
        server.add_person("29:maria", name="Maria Chen", email="maria@example.com")
        server.add_person("29:guest", name="Gus Guest", email="gus@other.example", role="guest")
        server.add_team(TEAM, name="IT")
        server.add_channel(CHANNEL, team=TEAM, members=["29:maria", "29:guest"])
        yield server


@pytest.fixture
async def client(teams: LocalTeams) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as http:
        _, granted = await log_in(http, teams.login_url)
        yield Client(http, teams.service_url, granted["access_token"])


def read_token(token: str, metadata: dict[str, Any], *, service_url: str) -> dict[str, Any]:
    """Read an inbound token as strictly as the Bot Framework asks."""
    key = next(jwk for jwk in metadata["keys"] if jwk["kid"] == jwt.get_unverified_header(token)["kid"])
    assert "msteams" in key["endorsements"]
    public = jwt.PyJWK({name: key[name] for name in ("kty", "n", "e")}, algorithm="RS256")
    claims: dict[str, Any] = jwt.decode(
        token, public, algorithms=["RS256"], audience=APP_ID, issuer=ISSUER, options={"require": ["exp", "nbf"]}
    )
    assert claims["serviceurl"] == service_url
    return claims


async def published_keys(teams: LocalTeams) -> dict[str, Any]:
    async with aiohttp.ClientSession() as http:
        async with http.get(teams.metadata_url) as response:
            where = (await response.json())["jwks_uri"]
        async with http.get(where) as response:
            keys: dict[str, Any] = await response.json()
            return keys


async def test_a_channel_message_names_bot_team_and_tenant(teams: LocalTeams) -> None:
    """The activity has the mention, the channel data, its own thread, and a token that holds."""
    async with listening() as bot:
        teams.set_bot_url(bot.url)

        said = await teams.says("29:maria", CHANNEL, "my laptop is slow")

    sent = bot.documents[0]
    assert sent["text"] == "<at>Atom</at> my laptop is slow"
    assert sent["conversation"]["id"] == f"{CHANNEL};messageid={said['id']}"
    assert tuple(sent["channelData"][key]["id"] for key in ("team", "channel", "tenant")) == (TEAM, CHANNEL, TENANT)
    assert read_token(
        bot.headers[0]["Authorization"].removeprefix("Bearer "),
        await published_keys(teams),
        service_url=sent["serviceUrl"],
    )


async def test_bad_tokens_can_be_made_and_keys_rotate(teams: LocalTeams) -> None:
    """Any claim can be replaced or left out, and an unpublished key signs what nobody should accept."""
    keys = await published_keys(teams)
    now_late = teams.issuer.mint(teams.service_url, exp=1)
    elsewhere = teams.issuer.mint(teams.service_url, aud="another-app")
    forged = teams.issuer.mint(teams.service_url, key=SigningKey(kid=teams.issuer.key.kid))
    endless = teams.issuer.mint(teams.service_url, exp=None)

    with pytest.raises(jwt.ExpiredSignatureError):
        read_token(now_late, keys, service_url=teams.service_url)
    with pytest.raises(jwt.InvalidAudienceError):
        read_token(elsewhere, keys, service_url=teams.service_url)
    with pytest.raises(jwt.InvalidSignatureError):
        read_token(forged, keys, service_url=teams.service_url)
    with pytest.raises(jwt.MissingRequiredClaimError):
        read_token(endless, keys, service_url=teams.service_url)
    teams.rotate_keys()
    rotated = teams.issuer.mint(teams.service_url)
    assert rotated != now_late
    assert [jwt.get_unverified_header(rotated)["kid"]] == [key["kid"] for key in (await published_keys(teams))["keys"]]


async def test_the_connector_wants_its_own_token(teams: LocalTeams, client: Client) -> None:
    """A wrong secret gets none; a call without a good one is a 401, also after all were revoked."""
    refused_login = await log_in(client.http, teams.login_url, client_secret="wrong")
    before = await client.post(CHANNEL, "hello")
    teams.issuer.revoke_all()
    after = await client.post(CHANNEL, "hello")

    assert (refused_login[0], refused_login[1]["error"]) == (401, "invalid_client")
    assert [before[0], after[0]] == [201, 401]
    assert len(teams.posts()) == 1


async def test_the_conversation_id_decides_the_thread(teams: LocalTeams, client: Client) -> None:
    """A post to the channel begins a thread, one to the thread's id stays in it, and replyToId moves nothing."""
    body = {
        "isGroup": True,
        "channelData": {"channel": {"id": CHANNEL}},
        "activity": {"type": "message", "text": "IT-1042"},
    }
    _, created = await client.call("POST", "conversations", body)

    await client.post(created["id"], "in the thread")
    await client.post(CHANNEL, {"type": "message", "text": "beside it", "replyToId": created["activityId"]})

    assert created["id"] == f"{CHANNEL};messageid={created['activityId']}"
    assert [one["text"] for one in teams.thread(created["id"])] == ["IT-1042", "in the thread"]
    assert await client.post(f"{CHANNEL};messageid=1", "lost") == (
        404,
        {"error": {"code": "ConversationNotFound", "message": "Conversation not found."}},
    )


async def test_personal_chats_open_for_whom_the_app_is_installed(teams: LocalTeams, client: Client) -> None:
    """A proactive message reaches Maria and is refused for who does not have the app."""
    teams.add_person("29:new", name="New", installed=False)

    opened = await client.call("POST", "conversations", {"members": [{"id": "29:maria"}], "tenantId": TENANT})
    closed = await client.call("POST", "conversations", {"members": [{"id": "29:new"}], "tenantId": TENANT})
    await client.post(opened[1]["id"], "hello")

    assert (opened[0], closed[0]) == (201, 403)
    assert [one["text"] for one in teams.posts(teams.open_personal("29:maria"))] == ["hello"]


async def test_rosters_tell_guests_apart_and_come_in_pages(teams: LocalTeams, client: Client) -> None:
    """The audience of a channel is read page by page; a guest says so."""
    teams.connector.page_size = 1

    _, first = await client.call("GET", f"conversations/{CHANNEL}/pagedmembers")
    more = f"pagedmembers?continuationToken={first['continuationToken']}"
    _, second = await client.call("GET", f"conversations/{CHANNEL}/{more}")
    missing, _ = await client.call("GET", f"conversations/{CHANNEL}/members/29:nobody")

    assert [first["members"][0]["userRole"], second["members"][0]["userRole"]] == ["user", "guest"]
    assert "continuationToken" not in second
    assert missing == 404


async def test_faults_happen_in_order_and_a_dropped_post_is_kept(teams: LocalTeams, client: Client) -> None:
    """429, the random 412, a blocked bot, a reset, and an answer that was lost after the post was made."""
    faults = [rate_limited(), refused("PreconditionFailed", status=412), refused("BotDisabledByAdmin"), reset()]
    teams.faults.inject("post", *faults, drop_after_commit())

    statuses = [(await client.post(CHANNEL, "x"))[0] for _ in range(3)]
    with pytest.raises(aiohttp.ClientError):
        await client.post(CHANNEL, "reset")
    with pytest.raises(aiohttp.ClientError):
        await client.post(CHANNEL, "dropped")
    big, _ = await client.post(CHANNEL, "x" * 60_000)

    assert statuses == [429, 412, 403]
    assert [one["text"] for one in teams.posts()] == ["dropped"]
    assert big == 413


async def test_teams_own_rates_hold_per_conversation(teams: LocalTeams, client: Client) -> None:
    """The eighth post within a second is refused."""
    teams.connector.rates = TEAMS_OWN_RATES

    statuses = [(await client.post(CHANNEL, "x"))[0] for _ in range(8)]

    assert statuses == [201] * 7 + [429]


async def test_own_posts_change_and_go_and_others_do_not(teams: LocalTeams, client: Client) -> None:
    """A bot updates and deletes what it posted, and nothing else."""
    async with listening() as bot:
        teams.set_bot_url(bot.url)
        theirs = await teams.says("29:maria", CHANNEL, "mine")
    _, posted = await client.post(CHANNEL, "first")
    path = f"conversations/{CHANNEL}/activities"

    await client.call("PUT", f"{path}/{posted['id']}", {"type": "message", "text": "second"})
    changed = [one["text"] for one in teams.posts()]
    await client.call("DELETE", f"{path}/{posted['id']}")
    foreign, _ = await client.call("DELETE", f"{path}/{theirs['id']}")

    assert changed == ["second"]
    assert not teams.posts()
    assert foreign == 403


async def test_a_pressed_button_is_an_invoke_and_its_answer_replaces_the_card(
    teams: LocalTeams, client: Client
) -> None:
    """The bot is told verb and data, and the card that it answers takes the place of the old one."""
    card = {"type": "message", "attachments": [{"contentType": CARD, "content": APPROVAL}]}
    _, posted = await client.post(CHANNEL, card)
    async with listening(answer={"statusCode": 200, "type": CARD, "value": DONE}) as bot:
        teams.set_bot_url(bot.url)
        with pytest.raises(LookupError, match="approve, deny"):
            await teams.views.press("29:maria", CHANNEL, posted["id"], {"approval": "8"})

        answered = await teams.views.press("29:maria", CHANNEL, posted["id"], {"approval": "7"}, verb="approve")
    sent = bot.documents[0]
    assert (sent["type"], sent["name"]) == ("invoke", "adaptiveCard/action")
    assert (sent["value"]["action"]["verb"], sent["value"]["action"]["data"]) == ("approve", {"approval": "7"})
    assert answered["body"]["value"] == DONE
    assert teams.views.looks("29:maria", CHANNEL, posted["id"]) == DONE
    assert teams.posts()[0]["attachments"][0]["content"] == APPROVAL


async def test_an_unanswered_activity_comes_once_more(teams: LocalTeams) -> None:
    """Teams waits, then sends the same activity again, once."""
    teams.delivery.answer_within = 0.2
    async with listening(hang_first=True) as bot:
        teams.set_bot_url(bot.url)

        said = await teams.says("29:maria", "29:maria", "hello")

    assert [said["id"], said["id"]] == [activity["id"] for activity in bot.documents]
    assert [attempt.status for attempt in teams.attempts] == [None, 202]


async def test_it_runs_as_a_process_of_its_own() -> None:
    """Another process sets it up, lets somebody speak, and sees what was posted."""
    async with listening() as bot, separately("tests.fakes.teams", "--bot-url", bot.url) as remote:
        await remote.do("add_person", id="29:maria", name="Maria Chen", email="maria@example.com")
        said = await remote.do("says", person="29:maria", conversation="29:maria", text="hello")
        async with aiohttp.ClientSession() as http:
            _, granted = await log_in(http, remote.url)
            client = Client(http, bot.documents[0]["serviceUrl"], granted["access_token"])

            await client.post(said["conversation"]["id"], "hi")

        posts = await remote.do("posts")
    assert [post["text"] for post in posts] == ["hi"]
    assert json.dumps(said["conversation"]) == json.dumps(bot.documents[0]["conversation"])
