"""The local Teams is real enough for the Bot Framework's own token reader and connector client.

Both are old and block: the token reader fetches keys with a call that stops the event loop. So the server runs as a
process of its own here, as it must for anybody who uses those parts unchanged.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from botbuilder.schema import Activity, ChannelAccount, ConversationParameters
from botframework.connector.aio import ConnectorClient
from botframework.connector.auth import JwtTokenExtractor, VerifyOptions
from msrest.authentication import BasicTokenAuthentication

from tests.fakes.listener import listening
from tests.fakes.separate import Remote, separately
from tests.fakes.teams_state import APP_ID, TENANT
from tests.fakes.teams_tokens import ISSUER, PASSWORD

CHANNEL = "19:support@thread.tacv2"


@pytest.fixture
async def teams() -> AsyncIterator[Remote]:
    async with separately("tests.fakes.teams") as remote:
        await remote.do("add_person", id="29:maria", name="Maria Chen", email="maria@example.com")
        await remote.do("add_team", id="19:team@thread.tacv2", name="IT")
        await remote.do("add_channel", id=CHANNEL, team="19:team@thread.tacv2", members=["29:maria"])
        yield remote


@pytest.fixture
async def connector(teams: Remote) -> Any:  # noqa: ANN401 -- the client is untyped
    form = {"grant_type": "client_credentials", "client_id": APP_ID, "client_secret": PASSWORD}
    url = f"{teams.url}/{TENANT}/oauth2/v2.0/token"
    async with (
        aiohttp.ClientSession() as http,
        http.post(url, data={**form, "scope": f"{ISSUER}/.default"}) as response,
    ):
        token = (await response.json())["access_token"]
    return ConnectorClient(BasicTokenAuthentication({"access_token": token}), base_url=f"{teams.url}/emea/")


async def test_the_frameworks_token_reader_accepts_an_inbound_token(teams: Remote) -> None:
    """Keys, endorsements and claims are where the framework looks for them."""
    async with listening() as bot:
        await teams.do("set_bot_url", url=bot.url)
        await teams.do("says", person="29:maria", conversation=CHANNEL, text="hello")
    options = VerifyOptions(
        issuer=[ISSUER], audience=None, clock_tolerance=timedelta(minutes=5), ignore_expiration=False
    )
    reader = JwtTokenExtractor(options, f"{teams.url}/v1/.well-known/openidconfiguration", ["RS256"])
    identity = await reader.get_identity_from_auth_header(bot.headers[0]["Authorization"], "msteams")

    assert (APP_ID, f"{teams.url}/emea/") == (identity.claims["aud"], identity.claims["serviceurl"])


async def test_the_frameworks_client_speaks_to_the_connector(teams: Remote, connector: Any) -> None:  # noqa: ANN401
    """It opens a thread and a chat, posts, changes, and reads a roster."""
    talk = connector.conversations
    first = Activity(type="message", text="IT-1042")
    thread = ConversationParameters(is_group=True, channel_data={"channel": {"id": CHANNEL}}, activity=first)
    chat = ConversationParameters(is_group=False, members=[ChannelAccount(id="29:maria")], tenant_id=TENANT)

    opened = await talk.create_conversation(thread)
    posted = await talk.send_to_conversation(opened.id, Activity(type="message", text="Looking"))
    await talk.update_activity(opened.id, posted.id, Activity(type="message", text="Looked"))
    direct = await talk.create_conversation(chat)
    member = await talk.get_conversation_member(CHANNEL, "29:maria")

    said = await teams.do("thread", conversation=opened.id)
    assert [activity["text"] for activity in said] == ["IT-1042", "Looked"]
    assert direct.id == await teams.do("open_personal", person="29:maria")
    assert member.name == "Maria Chen"


async def test_waiting_from_another_process(teams: Remote, connector: Any) -> None:  # noqa: ANN401
    """A test that steers from outside waits for a post without looking again and again."""
    waiting = asyncio.create_task(teams.do("wait_for_posts", containing="Done"))

    await connector.conversations.send_to_conversation(CHANNEL, Activity(type="message", text="Done."))

    assert [post["text"] for post in await waiting] == ["Done."]
