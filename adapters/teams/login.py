"""The bot's own token, by client credentials. Asking for it posts nothing, so its failures are never `maybe_done`."""

import time
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import quote

import aiohttp

from adapters.teams.account import Account
from adapters.teams.failures import broken, failure
from adapters.teams.kept_token import KeptToken, Token
from adapters.teams.reading import JsonObject, parse, string
from bot.errors import PermanentError, TemporaryError

DEFAULT_LOGIN = "https://login.microsoftonline.com"
SCOPE = "https://api.botframework.com/.default"
_PATIENCE = aiohttp.ClientTimeout(total=15)


class Login(KeptToken):
    """Gives the token for the calls of one scope.

    Raises `PermanentError` when the credentials are wrong, `TemporaryError` when the login cannot be reached.
    """

    def __init__(
        self,
        http: Callable[[], aiohttp.ClientSession],
        account: Account,
        login_url: str = DEFAULT_LOGIN,
        *,
        scope: str = SCOPE,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(self._given, now=now)
        self._http = http
        self._account = account
        self._url = f"{login_url.rstrip('/')}/{quote(account.login_tenant, safe='')}/oauth2/v2.0/token"
        self._scope = scope

    async def _given(self) -> Token:
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
        return _token(answer)


def _token(answer: JsonObject) -> Token:
    text, lasts = string(answer, "access_token", longest=100_000), answer.get("expires_in")
    if not text or not isinstance(lasts, (int, str)) or not str(lasts).isdecimal():
        raise TemporaryError("Microsoft's login answered without a token.", delay=5)
    return Token(text=text, seconds=float(lasts))


def _why(answer: JsonObject) -> str:
    description = string(answer, "error_description").partition(":")[0]
    return description if description.startswith("AADSTS") else string(answer, "error", longest=60) or "no reason given"
