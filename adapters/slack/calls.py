"""Every call to Slack's Web API, and the one place where the SDK's exceptions become ours.

The SDK repeats nothing here: its default handler posts twice when only the answer was lost. Whoever calls is told whether to
try again, after how long, and whether Slack may have done it already. No call is made faster than Slack takes it, and after
a 429 none at all before Retry-After has passed: `pace` keeps account for everybody who calls through one `Calls`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.pace import Pace
from adapters.slack.payload import Json, part, text
from adapters.slack.refusals import LIMITED, SlackRefusal, refusal
from bot.errors import PermanentError, TemporaryError

TokenRefused = Callable[[str], Awaitable[None]]
"""Told Slack's reason when it refuses a token for good."""

_ENDED = frozenset({"token_revoked", "account_inactive", "invalid_auth"})
"""What Slack says to a token that is good for nothing any more."""
_PAUSE = 5.0
"""Seconds until the next try when Slack names none."""
_LONGEST_PAUSE = 86_400.0
_PAGE = 200
_TOO_MANY, _TIMED_OUT, _SERVER_ERROR, _OK = 429, 408, 500, 200
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
_UNANSWERED = (aiohttp.ClientError, OSError, TimeoutError, ValueError, TypeError, AttributeError)
"""The connection broke or timed out, or (the last three) the SDK was given an answer that is no JSON object."""


class Calls:
    """Slack's Web API; raises `TemporaryError` or `PermanentError` (`SlackRefusal`, with Slack's reason) and nothing else."""

    def __init__(self, client: AsyncWebClient, pace: Pace, refused: TokenRefused | None = None) -> None:
        """`refused` is told when Slack refuses the token itself."""
        self._client = client
        self.pace = pace
        self._refused = refused

    @property
    def token(self) -> str:
        """The token that these calls are made with, for what Slack gives outside of its Web API."""
        return self._client.token or ""

    async def ask(self, method: str, **arguments: str | int | bool) -> Json:
        """Read something."""
        return await self._call(method, params=arguments)

    async def tell(self, method: str, **arguments: object) -> Json:
        """Change something; a `TemporaryError` tells whether it may have been done."""
        return await self._call(method, json=arguments)

    async def exchange(self, method: str, **fields: str) -> Json:
        """Change something by a form, which is all that some methods take."""
        return await self._call(method, json={}, form=fields)

    async def pages(self, method: str, **arguments: str | int | bool) -> AsyncIterator[Json]:
        """Read page after page until Slack says that there are no more."""
        cursor = ""
        while True:
            page = await self.ask(method, limit=_PAGE, **arguments, **({"cursor": cursor} if cursor else {}))
            yield page
            following = text(part(page, "response_metadata"), "next_cursor", 1_000)
            if not following:
                return
            if following == cursor:
                raise TemporaryError(f"Slack gave the same page of {method} twice; it is tried again.", delay=_PAUSE)
            cursor = following

    async def _call(
        self,
        method: str,
        *,
        params: dict[str, str | int | bool] | None = None,
        json: dict[str, object] | None = None,
        form: dict[str, str] | None = None,
    ) -> Json:
        changes = json is not None
        await self.pace.admit(method, *_whose(json or {}))
        try:
            verb = "POST" if changes else "GET"
            body = None if form is not None else json
            answer = await self._client.api_call(method, http_verb=verb, params=params, json=body, data=form)
            document: object = answer.data
        except SlackApiError as error:
            answered = self._answered(method, error, changes=changes)
            if self._refused is not None and isinstance(answered, SlackRefusal) and answered.error in _ENDED:
                await self._refused(answered.error)
            raise answered from error
        except (SlackClientError, aiohttp.InvalidURL) as error:
            raise PermanentError(f"Slack cannot be asked for {method}; check SLACK_API_URL: {error}") from error
        except _NOT_SENT as error:
            raise TemporaryError(f"Slack cannot be reached for {method}; it is tried again.", delay=_PAUSE) from error
        except _UNANSWERED as error:
            sentence = f"Slack gave no answer to {method}; it is looked into and tried again."
            raise TemporaryError(sentence, delay=_PAUSE, maybe_done=changes) from error
        return document if isinstance(document, Mapping) else {}

    def _answered(self, method: str, error: SlackApiError, *, changes: bool) -> TemporaryError | PermanentError:
        answer: object = error.response
        given: object = getattr(answer, "status_code", None) or getattr(answer, "status", 0)
        status = given if isinstance(given, int) else 0
        delay = retry_after(getattr(answer, "headers", {}), most=_LONGEST_PAUSE)
        if status == _TOO_MANY:
            self.pace.hold(method, delay)
            return TemporaryError(f"Slack asks to wait {delay:g} s before {method}.", delay=delay, too_soon=True)
        if status >= _SERVER_ERROR or status == _TIMED_OUT:
            return TemporaryError(f"Slack failed at {method} (HTTP {status}).", delay=delay, maybe_done=changes)
        document = getattr(answer, "data", None)
        reason = text(document, "error", 100) if isinstance(document, Mapping) else ""
        if reason:
            if reason in LIMITED:
                self.pace.hold(method, delay)
            return refusal(method, reason, delay)
        if status == _OK:
            return TemporaryError(f"Slack's answer to {method} makes no sense.", delay=delay, maybe_done=changes)
        return PermanentError(f"What SLACK_API_URL names answers {method} with HTTP {status}; check the address.")


def _whose(arguments: Mapping[str, object]) -> tuple[str, str]:
    """Return the channel that is posted in, and what tells this post from others: the id that it carries."""
    channel = arguments.get("channel")
    carried = part(part(arguments, "metadata"), "event_payload")
    return channel if isinstance(channel, str) else "", text(carried, "reply_id", 100)


def retry_after(headers: Mapping[str, str], *, least: float = 0.0, most: float) -> float:
    """Return for how many seconds Slack asks to be left alone, within bounds; a pause of our own when it does not say."""
    try:
        return min(most, max(least, float(headers.get("Retry-After", _PAUSE))))
    except ValueError:
        return _PAUSE
