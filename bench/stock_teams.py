"""The reference for Teams: a stock botbuilder-core adapter that answers each activity with one reply, as its samples do.

Tokens are checked against the metadata of the local Teams. `botbuilder-integration-aiohttp` is not among our dependencies, so
`CloudAdapterBase` is given here what that package adds to it: reading the body, the header and the answer. The bot's own token is
asked for once and kept, which is kinder than the original: that asks for a new one each turn and waits for it.
Run as `python -m bench.stock_teams TEAMS_URL APP_ID PASSWORD TENANT`; it prints its address first.
"""

import argparse
import asyncio
import functools

import requests
from aiohttp import web
from botbuilder.core import ActivityHandler, CloudAdapterBase, MessageFactory, TurnContext
from botbuilder.schema import Activity
from botframework.connector import HttpClientFactory
from botframework.connector.auth import (
    AuthenticationConfiguration,
    BotFrameworkAuthenticationFactory,
    ChannelValidation,
    MicrosoftAppCredentials,
    PasswordServiceClientCredentialFactory,
)

from bench.processes import serve_app
from bench.teams_activities import ANSWER


class Echo(ActivityHandler):  # type: ignore[misc]  # the SDK is untyped
    """Answers every message with the same words."""

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        """Send the answer."""
        await turn_context.send_activity(MessageFactory.text(ANSWER))


class Adapter(CloudAdapterBase):  # type: ignore[misc]  # the SDK is untyped
    """The stock adapter behind aiohttp."""

    def __init__(self, options: argparse.Namespace) -> None:
        ChannelValidation.open_id_metadata_endpoint = f"{options.teams}/v1/.well-known/openidconfiguration"
        login = functools.cache(functools.partial(_login, options))
        MicrosoftAppCredentials.get_access_token = lambda *_: login()
        authentication = BotFrameworkAuthenticationFactory.create(
            credential_factory=PasswordServiceClientCredentialFactory(options.app_id, options.password, options.tenant),
            auth_configuration=AuthenticationConfiguration(),
            http_client_factory=HttpClientFactory(),
        )
        super().__init__(authentication)
        self._bot = Echo()

    async def handle(self, request: web.Request) -> web.Response:
        """Take one activity; answered when the bot's reply was sent."""
        activity = Activity().deserialize(await request.json())
        await self.process_activity(request.headers.get("Authorization", ""), activity, self._bot.on_turn)
        return web.Response(status=201)


def _login(options: argparse.Namespace) -> str:
    form = {
        "grant_type": "client_credentials",
        "client_id": options.app_id,
        "client_secret": options.password,
        "scope": "https://api.botframework.com/.default",
    }
    answered = requests.post(f"{options.teams}/{options.tenant}/oauth2/v2.0/token", data=form, timeout=10)
    token: str = answered.json()["access_token"]
    return token


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("teams", "app_id", "password", "tenant"):
        parser.add_argument(name)
    asyncio.run(serve_app([web.post("/api/messages", Adapter(parser.parse_args()).handle)]))
