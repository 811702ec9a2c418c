"""What goes wrong when Microsoft is called, in the desk's two words.

The one place where aiohttp's exceptions and HTTP statuses are read. The question that matters is whether the call may have been done:
429 and 412 say that it was not, a 5xx or a lost answer says nothing (a POST is not idempotent in Teams), and for reads and
changes in place it makes no difference, since doing them again gives the same.
Sources: learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit and the status table in MicrosoftDocs/msteams-docs#6335.
"""

import random
from collections.abc import Mapping
from http import HTTPStatus

import aiohttp

from adapters.teams.reading import Json, identifier, inside, string
from bot.errors import DeskmateError, PermanentError, TemporaryError

_LIMITED = frozenset({HTTPStatus.PRECONDITION_FAILED, HTTPStatus.TOO_MANY_REQUESTS})
_LONGEST_DELAY = 600.0
_SENTENCES = {
    HTTPStatus.BAD_REQUEST: "Teams does not understand the call: report this with the code.",
    HTTPStatus.UNAUTHORIZED: "Teams does not accept the bot's token: check MICROSOFT_APP_ID, _PASSWORD and _TENANT_ID.",
    HTTPStatus.FORBIDDEN: "Teams does not let the bot write there: it was removed, blocked or disabled; install it again.",
    HTTPStatus.NOT_FOUND: "Teams knows no such conversation or message: check the channel id, and that the app is installed.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The post is larger than Teams takes: write it in several notes.",
}


class TeamsRefusal(PermanentError):
    """Microsoft has answered, and the answer was no, with this HTTP `status`."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def failure(status: int, headers: Mapping[str, str], body: Json, *, repeatable: bool) -> DeskmateError:
    """Return the failure that an HTTP status of 400 or more means.

    `repeatable` calls give the same result when done twice.
    """
    error = inside(body, "error")
    code = identifier(error, "code") or identifier(body, "errorCode")
    said = " ".join(part for part in (str(status), code, string(error, "message", longest=200)) if part)
    if status in _LIMITED:
        too_soon = status == HTTPStatus.TOO_MANY_REQUESTS
        return TemporaryError(f"Teams asks to wait ({said}).", delay=_delay(headers), too_soon=too_soon)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return TemporaryError(f"Teams failed ({said}).", delay=_delay(headers), maybe_done=not repeatable)
    sentence = _SENTENCES.get(HTTPStatus(status)) if status in HTTPStatus._value2member_map_ else None
    return TeamsRefusal(f"{sentence or 'Teams refused the call.'} ({said})", status)


def broken(error: Exception, *, repeatable: bool) -> TemporaryError:
    """Return the failure that a broken or silent connection means; its cause is `error`."""
    never_sent = isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError))
    found = "cannot be reached" if never_sent else "gave no answer"
    maybe_done = not (never_sent or repeatable)
    failed = TemporaryError(f"Teams {found} ({type(error).__name__}).", delay=_jittered(), maybe_done=maybe_done)
    failed.__cause__ = error
    return failed


def _delay(headers: Mapping[str, str]) -> float:
    try:
        asked = float(headers.get("Retry-After", ""))
    except ValueError:
        return _jittered()
    return min(asked, _LONGEST_DELAY) if asked >= 0 else _jittered()


def _jittered() -> float:
    return random.uniform(1.0, 3.0)  # noqa: S311 -- spreads retries, keeps no secret
