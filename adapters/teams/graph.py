"""Microsoft Graph, read only: what a bot may know of the teams and chats that have installed it.

Which of it may be read is what the app's manifest asks of a team or chat when it is installed there (resource-specific consent), and
nothing of the rest of the tenant. The address is fixed by the settings and never comes from an activity.
"""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import quote

import aiohttp
from yarl import URL

from adapters.teams.failures import broken, failure
from adapters.teams.login import Login
from adapters.teams.reading import JsonObject, parse

DEFAULT_GRAPH = "https://graph.microsoft.com"
_PATIENCE = aiohttp.ClientTimeout(total=10, sock_connect=5)


def scope_of(base: str) -> str:
    """Return the scope of tokens for the Graph at `base`; each national cloud has its own (learn.microsoft.com/graph/deployments)."""
    return f"{base.rstrip('/')}/.default"


class Graph:
    """Reads. Raises `TemporaryError` and `PermanentError` only."""

    def __init__(self, http: Callable[[], aiohttp.ClientSession], login: Login, base: str = DEFAULT_GRAPH) -> None:
        self._http = http
        self._login = login
        self._base = base.rstrip("/")

    async def read(self, *path: str, **query: str) -> JsonObject:
        """Return what stands at `/v1.0/{path}`; `query` names are given without their dollar sign."""
        asked = {f"${name}": value for name, value in query.items()}
        url = URL("/".join((self._base, "v1.0", *(quote(part, safe="") for part in path))), encoded=True)
        token = await self._login.token()
        status, answer, error = await self._once(url.with_query(asked), token)
        if status == HTTPStatus.UNAUTHORIZED:
            token = await self._login.token(refused=token)
            status, answer, error = await self._once(url.with_query(asked), token)
        if error is not None:
            raise error
        return answer

    async def _once(self, url: URL, token: str) -> tuple[int, JsonObject, Exception | None]:
        sent = {"Authorization": f"Bearer {token}"}
        try:
            async with self._http().get(url, headers=sent, timeout=_PATIENCE, allow_redirects=False) as response:
                status, headers, answer = response.status, response.headers, parse(await response.read()) or {}
        except (aiohttp.ClientError, TimeoutError) as error:
            raise broken(error, repeatable=True) from error
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return status, answer, None
        return status, {}, failure(status, headers, answer, repeatable=True)
