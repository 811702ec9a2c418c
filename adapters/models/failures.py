"""The one place where the SDK's exceptions become the two that the core knows.

Asking a model again is always safe, since nothing acts before its answer is stored; so the question is only whether asking again
can help. An error's name and status decide, never its wording, with one exception: a context that is too long has no code of its own.
Sentences name the variable or the file to change, never a key. They quote the server only where it complains about the request.
"""

import email.utils
import re
import time
from http import HTTPStatus

import aiohttp
import anthropic
import httpx2

from bot.errors import DeskmateError, PermanentError, TemporaryError

_TEMPORARY_STATUS = frozenset({408, 409, 425, 429, 499})
_TEMPORARY_TYPES = frozenset({"overloaded_error", "api_error", "rate_limit_error", "timeout_error"})
_TOO_LONG = re.compile(
    r"prompt is too long|context (window|length|limit)|too many (input )?tokens|max(imum)? context", re.IGNORECASE
)
_QUOTED = 200
LONGEST_DELAY = 300.0
"""Seconds; a Retry-After beyond it is shortened, so that a strange proxy cannot stop the work for a day."""
OVERLOADED_DELAY = 5.0
LIMITED_DELAY = 15.0
UNREACHABLE_DELAY = 2.0

Known = (
    anthropic.AnthropicError,
    aiohttp.ClientError,
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpx2.StreamError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What a call through the SDK raises; a cancellation is none of these."""


def translated(error: Exception, model: str) -> DeskmateError:
    """Return the `TemporaryError` or `PermanentError` that says what `error` means for a call of `model`."""
    if isinstance(error, anthropic.APIStatusError):
        return _status(error, model)
    if isinstance(error, anthropic.CredentialsError) or _without_key(error):
        return PermanentError("There is no key for the model: set ANTHROPIC_API_KEY, or DESKMATE_MODEL=offline.")
    if isinstance(error, anthropic.APITimeoutError | httpx2.TimeoutException | TimeoutError):
        return TemporaryError("The model took too long to answer; it is asked again.", delay=UNREACHABLE_DELAY)
    if _is_address(error) or _is_address(error.__cause__):
        return PermanentError("The model's address is no URL, or a header cannot be sent: correct ANTHROPIC_BASE_URL.")
    if isinstance(
        error, anthropic.AnthropicError | aiohttp.ClientError | httpx2.HTTPError | httpx2.StreamError | OSError
    ):
        return TemporaryError("The model cannot be reached, or hung up; it is asked again.", delay=UNREACHABLE_DELAY)
    return PermanentError(f"The model could not be asked ({type(error).__name__}); look at the log and report it.")


def _is_address(error: BaseException | None) -> bool:
    return isinstance(error, httpx2.UnsupportedProtocol | httpx2.InvalidURL | httpx2.LocalProtocolError)


def _without_key(error: Exception) -> bool:
    return isinstance(error, TypeError) and "authentication" in str(error)


def _status(error: anthropic.APIStatusError, model: str) -> DeskmateError:
    if error.error_code is not None and error.error_code.endswith("spend_limit_reached"):
        return PermanentError(
            "The spend limit of the Anthropic account is reached: raise it in the console, or wait for its next period."
        )
    status = error.status_code
    if status in _TEMPORARY_STATUS or status >= HTTPStatus.INTERNAL_SERVER_ERROR or _temporary_type(error):
        usual = (
            LIMITED_DELAY
            if status == HTTPStatus.TOO_MANY_REQUESTS or error.type == "rate_limit_error"
            else OVERLOADED_DELAY
        )
        return TemporaryError(
            f"The model is overloaded or limited (HTTP {status}); it is asked again later.",
            delay=retry_after(error.response.headers.get("retry-after"), usual=usual),
        )
    if status in (401, 403):
        return PermanentError(
            f"The key was refused (HTTP {status}): set ANTHROPIC_API_KEY to one that may use {model}."
        )
    if status == HTTPStatus.PAYMENT_REQUIRED:
        return PermanentError("The Anthropic account cannot be charged: settle its billing in the console.")
    if status == HTTPStatus.NOT_FOUND:
        return PermanentError(
            f"There is no model {model!r} at this address: correct `models` in organisation.yaml, DESKMATE_MODEL or ANTHROPIC_BASE_URL."
        )
    return _refused(error, model)


def _temporary_type(error: anthropic.APIStatusError) -> bool:
    """Tell by its type whether an error inside a response that began with 200 can pass; it has no status of its own."""
    return error.status_code < HTTPStatus.BAD_REQUEST and (error.type is None or str(error.type) in _TEMPORARY_TYPES)


def _refused(error: anthropic.APIStatusError, model: str) -> DeskmateError:
    key = error.request.headers.get("authorization", "").removeprefix("Bearer ")
    said = " ".join(str(error.api_message or "").split())
    said = said.replace(key, "…") if key else said
    if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE or _TOO_LONG.search(said):
        return PermanentError(
            f"The request is too long for the context of {model}: let a human take it, or give its coworker a lower run_tokens"
            " budget or a model with a larger context."
        )
    quoted = f": {said[:_QUOTED]}" if said else ""
    return PermanentError(f"The model refused the request as invalid (HTTP {error.status_code}){quoted}")


def retry_after(header: str | None, *, usual: float) -> float:
    """Return the seconds that a Retry-After header (seconds or a date) asks for, at most `LONGEST_DELAY`; else `usual`."""
    if header is None:
        return usual
    try:
        seconds = float(header)
    except ValueError:
        when = email.utils.parsedate_tz(header)
        if when is None:
            return usual
        seconds = email.utils.mktime_tz(when) - time.time()
    return min(max(seconds, 0.0), LONGEST_DELAY) if seconds == seconds else usual  # noqa: PLR0124 -- NaN
