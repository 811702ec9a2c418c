"""What can go wrong between Deskmate and a tool server, and what it means for the caller.

The one question that matters is whether the server may have acted. The transports know more about that than the SDK
tells, so they answer a request that failed with one of the codes below (outside the ranges that JSON-RPC and MCP use).
Vendor exceptions end here: what leaves is a `TemporaryError`, a `PermanentError`, or a result that says what happened.
"""

from typing import Final, NoReturn
from urllib.parse import urlsplit

from mcp.shared.exceptions import MCPError
from mcp_types import CONNECTION_CLOSED, INVALID_REQUEST, PARSE_ERROR, REQUEST_TIMEOUT

from adapters.mcp.plain_text import one_line
from adapters.mcp.references import Redactor
from bot.errors import DeskmateError, PermanentError, TemporaryError
from coworkers.profile import Tool

NOT_REACHED: Final = -38001
"""The server never got the request."""
SESSION_GONE: Final = -38002
"""The server knows our session no more (it was restarted) and did not look at the request."""
BUSY: Final = -38003
"""The server sent the request away for now."""
REFUSED: Final = -38004
"""The server does not accept our credentials."""
LOST: Final = -38005
"""The request was sent and its answer never came."""
UNREADABLE: Final = -38006
"""The answer came and is too large, or no JSON-RPC."""


class NotTaken(Exception):
    """The server certainly did not act on the call: it may be sent again over a new connection."""


def is_lost(error: MCPError) -> bool:
    """Say whether the connection is of no use any more."""
    return error.code in (NOT_REACHED, SESSION_GONE, LOST, CONNECTION_CLOSED) and not _stream_failed(error)


def is_timeout(error: MCPError) -> bool:
    """Say whether the SDK gave up waiting."""
    return error.code == REQUEST_TIMEOUT


def is_unreadable(error: MCPError) -> bool:
    """Say whether an answer came that could not be read."""
    return error.code in (UNREADABLE, PARSE_ERROR) or _stream_failed(error)


def raise_unanswered(error: MCPError, tool: Tool, redactor: Redactor) -> None:
    """Raise what a call's failure means, unless the error is the server's own answer.

    Raises `NotTaken`, `TemporaryError` or `PermanentError`.
    """
    told = redactor.text(one_line(error.message, 300))
    match error.code:
        case code if code in (NOT_REACHED, SESSION_GONE):
            raise NotTaken(told) from error
        case code if code == BUSY:
            raise TemporaryError(f"{tool.name} is busy ({told}). It is tried again.", delay=5.0) from error
        case code if code == REFUSED:
            raise PermanentError(refused(tool, told)) from error
        case code if code in (LOST, CONNECTION_CLOSED):
            raise_lost(tool, error)


def raise_lost(tool: Tool, cause: BaseException | None) -> NoReturn:
    """Raise for a call whose answer never came."""
    raise TemporaryError(
        f"The connection to {tool.name} broke during a call, which may have been carried out. Look before repeating it.",
        maybe_done=True,
    ) from cause


def raise_timeout(tool: Tool, cause: BaseException) -> NoReturn:
    """Raise for a call that took too long."""
    raise TemporaryError(
        f"{tool.name} did not answer within {tool.timeout:g} s; the call may have been carried out. Look before repeating it.",
        maybe_done=True,
    ) from cause


def innermost(failure: BaseException) -> BaseException:
    """Return the first single failure in a group of groups."""
    while isinstance(failure, BaseExceptionGroup):
        failure = failure.exceptions[0]
    return failure


def not_connected(failure: BaseException, tool: Tool, redactor: Redactor, *, last_words: str = "") -> DeskmateError:
    """Return the error for a server that could not be started or reached; nothing was asked of it yet."""
    if isinstance(failure, DeskmateError):
        return failure
    if isinstance(failure, MCPError) and failure.code == REFUSED:
        return PermanentError(refused(tool, redactor.text(one_line(failure.message, 300))))
    where = (
        f"`command` in tools/{tool.id}.yaml" if tool.transport == "stdio" else f"that {_shown_url(tool.url)} is running"
    )
    reason = "it did not answer in time" if isinstance(failure, TimeoutError) else _reason(failure)
    heard = f" It last wrote: {one_line(last_words, 300)}" if last_words else ""
    verb = "started" if tool.transport == "stdio" else "reached"
    return TemporaryError(redactor.text(f"{tool.name} could not be {verb} ({reason}). Check {where}.{heard}"))


def refused(tool: Tool, told: str) -> str:
    """Return the sentence for refused credentials."""
    return f"{tool.name} does not accept our credentials ({told}): check `headers` in tools/{tool.id}.yaml and their secrets."


def _reason(failure: BaseException) -> str:
    if isinstance(failure, MCPError) and failure.code in (CONNECTION_CLOSED, INVALID_REQUEST):
        return "it ended the connection"
    return one_line(str(failure), 300) or type(failure).__name__


def _stream_failed(error: MCPError) -> bool:
    # The SDK's words for an event that is too large or malformed; the connection itself is well.
    return error.code == CONNECTION_CLOSED and error.message.startswith("SSE stream failed")


def _shown_url(url: str) -> str:
    # User names, passwords and query values in a URL are secrets as often as not.
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
