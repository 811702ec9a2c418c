"""What one person alone is shown where others talk: the answer to a slash command.

Slack gives an address with each command, good for half an hour and five answers. After that, or when Slack does not take the
address any more, the answer goes to that person as a direct message. It is said at most once: an answer whose
fate is unknown is not repeated, because nothing can be looked up that only one person was shown.
An address is called only on Slack's own host, whatever was stored.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import aiohttp

from adapters.slack.blocks import content
from adapters.slack.calls import Calls, retry_after
from adapters.slack.payload import ts
from bot.conversation import Conversation
from bot.errors import PermanentError, TemporaryError
from bot.ports import Clock
from bot.reply import Reply

SAID = "aside"
"""What stands for the id of a post that only one person saw."""
_GOOD_FOR, _USES = timedelta(minutes=29), 5
_KEPT = 5_000
_PAUSE, _LONGEST_PAUSE = 5.0, 3_600.0
_OK, _TIMED_OUT, _TOO_MANY, _SERVER_ERROR = 200, 408, 429, 500
_HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)


def answerable(address: str, api_url: str) -> bool:
    """Tell whether `address` is one of Slack's for answers; one beside `api_url` counts where that is not Slack's own."""
    try:
        given, api = urlsplit(address), urlsplit(api_url)
        host, port, home = given.hostname or "", given.port, api.hostname or ""
        own = not home.endswith(("slack.com", "slack-gov.com")) and (host, port) == (home, api.port)
    except ValueError:
        return False
    if own:
        return given.scheme == api.scheme and given.username is None
    return given.scheme == "https" and host in _HOSTS and port in {None, 443} and given.username is None


@dataclass(kw_only=True)
class _Use:
    """What has been done with an address."""

    since: datetime
    times: int = 0
    over: bool = False


class Asides:
    """Posts what only one person sees; `api_url` is where Slack's methods are called."""

    def __init__(self, *, calls: Calls, http: aiohttp.ClientSession, clock: Clock, api_url: str) -> None:
        self._calls = calls
        self._http = http
        self._clock = clock
        self._api_url = api_url
        self._uses: OrderedDict[str, _Use] = OrderedDict()

    async def post(self, reply: Reply, conversation: Conversation) -> str:
        """Say it and return the post's id, `SAID` where it has none."""
        address = conversation.address.get("response_url", "")
        if answerable(address, self._api_url) and self._usable(address, reply) and await self._answer(address, reply):
            return SAID
        user = conversation.address.get("user", "")
        if not user:
            raise PermanentError("Slack has not said whom to answer. Ask the person to send the command again.")
        posted = await self._calls.tell("chat.postMessage", channel=user, **content(reply))
        return ts(posted, "ts") or SAID

    def _usable(self, address: str, reply: Reply) -> bool:
        now = self._clock.now()
        use = self._uses.setdefault(address, _Use(since=min(now, reply.at)))
        while len(self._uses) > _KEPT:
            self._uses.popitem(last=False)
        return not use.over and use.times < _USES and now - use.since < _GOOD_FOR

    async def _answer(self, address: str, reply: Reply) -> bool:
        """Call the address; False when Slack certainly did not take it."""
        use = self._uses[address]
        said = {key: value for key, value in content(reply).items() if key != "metadata"}
        document = {"response_type": "ephemeral", "replace_original": False, **said}
        use.times += 1
        try:
            async with self._http.post(address, json=document, allow_redirects=False) as answer:
                status, headers = answer.status, answer.headers
        except _NOT_SENT as error:
            use.times -= 1
            raise TemporaryError("Slack cannot be reached to answer a command.", delay=_PAUSE) from error
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise TemporaryError("Slack gave no answer to an answer.", delay=_PAUSE, maybe_done=True) from error
        if status == _TOO_MANY:
            use.times -= 1
            raise TemporaryError(
                "Slack asks to wait before a command is answered.",
                delay=retry_after(headers, least=_PAUSE, most=_LONGEST_PAUSE),
            )
        if status >= _SERVER_ERROR or status == _TIMED_OUT:
            raise TemporaryError(f"Slack failed at an answer (HTTP {status}).", delay=_PAUSE, maybe_done=True)
        use.over = status != _OK
        return status == _OK
