"""One call of an interface of Microsoft's with the bot's token.

Each call is made once, and no redirect is followed, since the token goes with it. The one exception is a token that is no longer
accepted: it is replaced once, since a 401 says that nothing was done.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal, Protocol

import aiohttp
from yarl import URL

from adapters.teams.failures import broken
from adapters.teams.reading import Json, JsonObject, parse

Method = Literal["GET", "POST", "PUT", "DELETE"]


class TokenSource(Protocol):
    """Whoever gives the bot's token for the calls of one interface."""

    async def token(self, *, refused: str = "") -> str:
        """Return a token that is good for a while and not `refused`; raises `TemporaryError` and `PermanentError` only."""
        ...


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What was answered, whatever it says."""

    status: int
    headers: Mapping[str, str]
    body: JsonObject
    """Empty where that is no JSON object."""

    @property
    def ok(self) -> bool:
        """Whether it was done."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES


class Calls:
    """Calls one interface."""

    def __init__(
        self, http: Callable[[], aiohttp.ClientSession], tokens: TokenSource, patience: aiohttp.ClientTimeout
    ) -> None:
        self._http = http
        self._tokens = tokens
        self._patience = patience

    async def call(self, method: Method, url: URL, body: Json | None = None, *, repeatable: bool) -> Answered:
        """Return the answer; raises what `broken` makes of none (see there for `repeatable`), and what asking for a token raises."""
        token = await self._tokens.token()
        answered = await self._once(method, url, token, body, repeatable=repeatable)
        if answered.status == HTTPStatus.UNAUTHORIZED:
            token = await self._tokens.token(refused=token)
            answered = await self._once(method, url, token, body, repeatable=repeatable)
        return answered

    async def _once(self, method: Method, url: URL, token: str, body: Json | None, *, repeatable: bool) -> Answered:
        sent = {"Authorization": f"Bearer {token}"}
        try:
            async with self._http().request(
                method, url, json=body, headers=sent, timeout=self._patience, allow_redirects=False
            ) as response:
                read = parse(await response.read()) or {}
                return Answered(status=response.status, headers=response.headers, body=read)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise broken(error, repeatable=repeatable) from error
