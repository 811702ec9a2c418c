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

from adapters.teams.calls import Calls, TokenSource
from adapters.teams.failures import failure
from adapters.teams.reading import Json, JsonObject, objects, string
from bot.errors import PermanentError

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
        self._calls = Calls(http, tokens, _PATIENCE)
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
        answered = await self._calls.call("GET", url, repeatable=True)
        if answered.ok:
            return answered.body
        sentence = next((said for known, said in _SENTENCES.items() if known == answered.status), "")
        found = failure(answered.status, answered.headers, answered.body, repeatable=True)
        raise PermanentError(sentence) if sentence else found
