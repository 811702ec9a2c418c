"""The bot's own token, by client credentials.

One token serves all calls until shortly before it expires, and one request fetches it however many replies wait (the stock SDK
asked for a new one each turn, blocking the loop). Asking for a token posts nothing, so its failures are never `maybe_done`.
"""

import asyncio
import time
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import quote

import aiohttp

from adapters.teams.account import Account
from adapters.teams.failures import broken, failure
from adapters.teams.reading import JsonObject, parse, string
from bot.errors import PermanentError, TemporaryError

DEFAULT_LOGIN = "https://login.microsoftonline.com"
SCOPE = "https://api.botframework.com/.default"
_PATIENCE = aiohttp.ClientTimeout(total=15)


class Login:
    """Gives the token for outbound calls."""

    def __init__(
        self,
        http: Callable[[], aiohttp.ClientSession],
        account: Account,
        login_url: str = DEFAULT_LOGIN,
        *,
        scope: str = SCOPE,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http
        self._account = account
        self._url = f"{login_url.rstrip('/')}/{quote(account.login_tenant, safe='')}/oauth2/v2.0/token"
        self._scope = scope
        self._now = now
        self._token = ""
        self._until = float("-inf")
        self._asking = asyncio.Lock()

    async def token(self, *, refused: str = "") -> str:
        """Return a token that is good for a while, and that is not `refused`.

        Raises `PermanentError` when the credentials are wrong, `TemporaryError` when the login cannot be reached.
        """
        if self._good(refused):
            return self._token
        async with self._asking:
            if not self._good(refused):
                await self._ask()
            return self._token

    def _good(self, refused: str) -> bool:
        return self._now() < self._until and self._token != refused

    async def _ask(self) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._account.app_id,
            "client_secret": self._account.password,
            "scope": self._scope,
        }
        try:
            async with self._http().post(self._url, data=form, timeout=_PATIENCE, allow_redirects=False) as response:
                status, headers, answer = response.status, response.headers, parse(await response.read()) or {}
        except (aiohttp.ClientError, TimeoutError) as error:
            raise broken(error, repeatable=True) from error
        if status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            raise PermanentError(
                "Microsoft refuses the bot's login: check MICROSOFT_APP_ID, MICROSOFT_APP_PASSWORD and "
                f"MICROSOFT_APP_TENANT_ID ({_why(answer)})."
            )
        if status >= HTTPStatus.BAD_REQUEST:
            raise failure(status, headers, answer, repeatable=True)
        self._keep(answer)

    def _keep(self, answer: JsonObject) -> None:
        token, lasts = string(answer, "access_token", longest=100_000), answer.get("expires_in")
        if not token or not isinstance(lasts, (int, str)) or not str(lasts).isdecimal():
            raise TemporaryError("Microsoft's login answered without a token.", delay=5)
        seconds = float(lasts)
        self._token, self._until = token, self._now() + seconds - min(300.0, seconds / 5)


def _why(answer: JsonObject) -> str:
    description = string(answer, "error_description").partition(":")[0]
    return description if description.startswith("AADSTS") else string(answer, "error", longest=60) or "no reason given"
