"""Microsoft Graph, read only: what a bot may know of the teams and chats that have installed it.

Which of it may be read is what the app's manifest asks of a team or chat when it is installed there (resource-specific consent), and
nothing of the rest of the tenant. The address is fixed by the settings and never comes from an activity; neither does a next page lead
anywhere else, since the token goes with the question.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from http import HTTPStatus
from urllib.parse import quote

import aiohttp
from yarl import URL

from adapters.teams.connector import TokenSource
from adapters.teams.failures import broken, failure
from adapters.teams.reading import Json, JsonObject, objects, parse, string
from bot.errors import DeskmateError, PermanentError

DEFAULT_GRAPH = "https://graph.microsoft.com"
_PATIENCE = aiohttp.ClientTimeout(total=10, sock_connect=5)
_SENTENCES = {
    HTTPStatus.UNAUTHORIZED: "Microsoft Graph does not accept the bot's token: check MICROSOFT_APP_ID and MICROSOFT_GRAPH_URL.",
    HTTPStatus.FORBIDDEN: "The app has no consent to read there: an owner installs its latest version in the team or chat again.",
    HTTPStatus.NOT_FOUND: "Microsoft Graph knows no such team, channel, chat or message.",
}


def scope_of(base: str) -> str:
    """Return the scope of tokens for the Graph at `base`; each national cloud has its own (learn.microsoft.com/graph/deployments)."""
    return f"{base.rstrip('/')}/.default"


class Graph:
    """Reads. Raises `TemporaryError` and `PermanentError` only."""

    def __init__(
        self, http: Callable[[], aiohttp.ClientSession], tokens: TokenSource, base: str = DEFAULT_GRAPH
    ) -> None:
        self._http = http
        self._tokens = tokens
        self._root = f"{base.rstrip('/')}/v1.0/"

    async def read(self, *path: str, **query: str) -> JsonObject:
        """Return what stands at `/v1.0/{path}`; `query` names are given without their dollar sign."""
        return await self._read(self._address(path, query))

    async def pages(self, *path: str, **query: str) -> AsyncIterator[list[Json]]:
        """Give what is listed at `/v1.0/{path}`, page by page to its end; half a page is a `PermanentError`."""
        url: URL | None = self._address(path, query)
        while url is not None:
            answer = await self._read(url)
            if not isinstance(answer.get("value"), list):
                raise PermanentError("Microsoft Graph answered without a list.")
            yield list(objects(answer, "value"))
            url = self._next(answer)

    def _address(self, path: tuple[str, ...], query: Mapping[str, str]) -> URL:
        asked = "&".join(f"${name}={quote(value, safe='')}" for name, value in query.items())
        where = self._root + "/".join(quote(part, safe="") for part in path)
        return URL(f"{where}?{asked}" if asked else where, encoded=True)

    def _next(self, answer: Json) -> URL | None:
        link = string(answer, "@odata.nextLink", longest=100_000)
        if not link:
            return None
        if not link.startswith(self._root) or not link.isascii() or not link.isprintable() or " " in link:
            raise PermanentError("Microsoft Graph names a next page that is somewhere else.")
        return URL(link, encoded=True)

    async def _read(self, url: URL) -> JsonObject:
        token = await self._tokens.token()
        status, answer, error = await self._once(url, token)
        if status == HTTPStatus.UNAUTHORIZED:
            token = await self._tokens.token(refused=token)
            status, answer, error = await self._once(url, token)
        if error is not None:
            raise error
        return answer

    async def _once(self, url: URL, token: str) -> tuple[int, JsonObject, DeskmateError | None]:
        sent = {"Authorization": f"Bearer {token}"}
        try:
            async with self._http().get(url, headers=sent, timeout=_PATIENCE, allow_redirects=False) as response:
                status, headers, answer = response.status, response.headers, parse(await response.read()) or {}
        except (aiohttp.ClientError, TimeoutError) as error:
            raise broken(error, repeatable=True) from error
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return status, answer, None
        found = failure(status, headers, answer, repeatable=True)
        sentence = next((said for known, said in _SENTENCES.items() if known == status), "")
        return status, {}, PermanentError(sentence) if sentence else found
