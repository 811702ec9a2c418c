"""The Bot Framework's REST interface, over one pool of connections.

Each call is made once (see `Calls`); whether it may be made again is the outbox's decision, from the error. The token goes to allowed
hosts only.
"""

from collections.abc import Callable, Mapping
from urllib.parse import quote

import aiohttp
from yarl import URL

from adapters.teams.account import ServiceHosts
from adapters.teams.calls import Calls, Method, TokenSource
from adapters.teams.failures import failure
from adapters.teams.reading import Json, JsonObject, identifier
from bot.errors import PermanentError, TemporaryError

MARK = ";messageid="
"""What stands between a channel and a thread's first message in the id of a conversation."""
_PATIENCE = aiohttp.ClientTimeout(total=20, sock_connect=5)


class Connector:
    """Posts, changes and reads in Teams. Raises `TemporaryError` and `PermanentError` only."""

    def __init__(self, http: Callable[[], aiohttp.ClientSession], tokens: TokenSource, hosts: ServiceHosts) -> None:
        self._calls = Calls(http, tokens, _PATIENCE)
        self._hosts = hosts

    async def post(self, service_url: str, conversation: str, activity: Json) -> str:
        """Post in a conversation (a thread: `channel;messageid=root`) and return the activity's id, if Teams gives one."""
        answer = await self._call("POST", service_url, ("conversations", conversation, "activities"), activity)
        return identifier(answer, "id")

    async def create(self, service_url: str, parameters: Json) -> tuple[str, str]:
        """Open a conversation and return its id and that of its first activity (empty when none was given).

        Opening a chat without an activity may be repeated: the same chat is given again and nobody sees anything.
        """
        harmless = "activity" not in parameters
        answer = await self._call("POST", service_url, ("conversations",), parameters, repeatable=harmless)
        return identifier(answer, "id"), identifier(answer, "activityId")

    async def update(self, service_url: str, conversation: str, activity_id: str, activity: Json) -> None:
        """Give an activity of ours another content."""
        path = ("conversations", conversation, "activities", activity_id)
        await self._call("PUT", service_url, path, {**activity, "id": activity_id})

    async def delete(self, service_url: str, conversation: str, activity_id: str) -> None:
        """Take an activity of ours away."""
        await self._call("DELETE", service_url, ("conversations", conversation, "activities", activity_id))

    async def read(self, service_url: str, *path: str, **query: str) -> JsonObject:
        """Return what stands at `/v3/{path}`."""
        return await self._call("GET", service_url, path, query=query)

    async def _call(
        self,
        method: Method,
        service_url: str,
        path: tuple[str, ...],
        body: Json | None = None,
        query: Mapping[str, str] | None = None,
        *,
        repeatable: bool | None = None,
    ) -> JsonObject:
        repeatable = method != "POST" if repeatable is None else repeatable
        if not self._hosts.allows(service_url):
            raise PermanentError("The service URL is not on an allowed host: see MICROSOFT_SERVICE_HOSTS.")
        base = service_url.rstrip("/")
        url = URL("/".join((base, "v3", *(quote(part, safe="") for part in path))), encoded=True).with_query(query)
        answered = await self._calls.call(method, url, body, repeatable=repeatable)
        if not answered.ok:
            raise failure(answered.status, answered.headers, answered.body, repeatable=repeatable)
        return answered.body


def is_channel(conversation: str) -> bool:
    """Tell a channel's id, where posts form threads, from a chat's; old teams have ids of the second kind."""
    return conversation.endswith(("@thread.tacv2", "@thread.skype"))


def conversation_of(channel: str, thread: str | None) -> str:
    """Return the conversation id of a thread, or of the chat itself."""
    return f"{channel}{MARK}{thread}" if thread else channel


def lost(what: str) -> TemporaryError:
    """Return the failure of a post that was taken without its id."""
    return TemporaryError(f"Teams took {what} without saying its id.", delay=5, maybe_done=True)
