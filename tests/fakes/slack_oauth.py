"""Installing the app: Slack's page on which somebody agrees, the code that it sends back, and the token for that code.

A code is good once, for ten minutes, and for the redirect address that it was made for. Who has the wrong secret gets
nothing. Source: Slack's reference page of oauth.v2.access.
"""

import secrets
import time
from base64 import b64decode
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from aiohttp import web

from tests.fakes.faults import JsonObject
from tests.fakes.slack_state import APP, RefusalError
from tests.fakes.slack_teams import Teams

CLIENT_ID, CLIENT_SECRET = "111.222", "local-client-secret"
GOOD_FOR = 600.0


@dataclass(frozen=True, kw_only=True)
class Code:
    """What a code is good for."""

    team: str
    user: str
    redirect_uri: str
    until: float
    """On the monotonic clock."""


class OAuth:
    """Slack's side of an installation."""

    def __init__(self, teams: Teams) -> None:
        self.consenting: tuple[str, str] = (teams.home.team, "")
        """The team and the user who agree when a browser comes to the page."""
        self.redirect_urls: list[str] = []
        """What the app's settings name; the first is used where the app asks for none. Nothing: any secure one may be asked for."""
        self._teams = teams
        self._codes: dict[str, Code] = {}
        self._used: set[str] = set()

    def agree(self, address: str, team: str, user: str) -> str:
        """Let a user of a team agree on the page at `address`; where Slack sends the browser. ValueError: Slack shows an error."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        back = asked.get("redirect_uri") or next(iter(self.redirect_urls), "")
        if asked.get("client_id") != CLIENT_ID:
            raise ValueError("invalid_client_id")
        if not asked.get("scope"):
            raise ValueError("invalid_scope")
        if not back.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("bad_redirect_uri")
        if self.redirect_urls and not any(back.startswith(known) for known in self.redirect_urls):
            raise ValueError("bad_redirect_uri")
        code = secrets.token_hex(8)
        self._codes[code] = Code(team=team, user=user, redirect_uri=back, until=time.monotonic() + GOOD_FOR)
        return f"{back}?{urlencode({'code': code, 'state': asked.get('state', '')})}"

    @staticmethod
    def decline(address: str) -> str:
        """Let somebody say no on the page; where Slack sends the browser."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        return f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': asked.get('state', '')})}"

    async def page(self, request: web.Request) -> web.Response:
        """Answer a browser that comes to the page, as if whoever `consenting` names had pressed Allow."""
        try:
            location = self.agree(str(request.url), *self.consenting)
        except ValueError as error:
            return web.Response(status=400, text=str(error))
        return web.Response(status=302, headers={"Location": location})

    def access(self, arguments: JsonObject, authorization: str) -> JsonObject:
        """oauth.v2.access: the client's id and secret come as arguments or as HTTP Basic."""
        client, secret = str(arguments.get("client_id", "")), str(arguments.get("client_secret", ""))
        if authorization.startswith("Basic "):
            client, _, secret = b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        if client != CLIENT_ID:
            raise RefusalError("invalid_client_id")
        if not secrets.compare_digest(secret, CLIENT_SECRET):
            raise RefusalError("bad_client_secret")
        key = str(arguments.get("code", ""))
        if key in self._used:
            raise RefusalError("code_already_used")
        code = self._codes.pop(key, None)
        if code is None or code.until < time.monotonic():
            raise RefusalError("invalid_code")
        self._used.add(key)
        if arguments.get("redirect_uri", code.redirect_uri) != code.redirect_uri:
            raise RefusalError("bad_redirect_uri")
        token = self._teams.issue(code.team)
        return {"app_id": APP, **self._teams.as_installed(code.team, token, code.user)}
