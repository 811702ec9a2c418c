"""Whether a call may be made again, told from statuses and exceptions alone."""

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey

from adapters.teams.failures import broken, failure
from bot.errors import PermanentError, TemporaryError

KEY = ConnectionKey("smba", 443, True, True, None, None, None)  # noqa: FBT003 -- aiohttp's own shape


@pytest.mark.parametrize(
    ("error", "maybe_done"),
    [
        (aiohttp.ClientConnectorError(KEY, OSError(111, "refused")), False),
        (aiohttp.ConnectionTimeoutError(), False),
        (aiohttp.SocketTimeoutError(), True),
        (aiohttp.ServerDisconnectedError(), True),
        (aiohttp.ClientOSError(104, "reset"), True),
        (aiohttp.ClientPayloadError(), True),
        (TimeoutError(), True),
    ],
)
def test_only_a_connection_that_never_stood_is_certain(error: Exception, maybe_done: bool) -> None:  # noqa: FBT001
    """For a post; a call that may be repeated is never in doubt, and the cause is kept."""
    post, put = broken(error, repeatable=False), broken(error, repeatable=True)

    assert (post.maybe_done, put.maybe_done) == (maybe_done, False)
    assert post.__cause__ is error


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("7", 7, 7),
        ("0", 0, 0),
        ("1e9", 600, 600),
        ("inf", 600, 600),
        ("nan", 1, 3),
        ("-5", 1, 3),
        ("Fri, 20 Nov", 1, 3),
    ],
)
def test_the_wait_is_what_teams_says_within_reason(header: str, least: float, most: float) -> None:
    """Seconds, at most ten minutes; what is no number of seconds is a short, jittered wait."""
    found = failure(429, {"Retry-After": header}, {}, repeatable=False)

    assert isinstance(found, TemporaryError)
    assert least <= found.delay <= most


@pytest.mark.parametrize("status", [301, 302, 400, 401, 403, 404, 405, 409, 413, 415, 499, 418, 451])
def test_other_refusals_are_for_a_person(status: int) -> None:
    """A status that nobody listed is one too."""
    assert isinstance(failure(status, {}, {}, repeatable=False), PermanentError)


@pytest.mark.parametrize("body", [{}, {"error": "x"}, {"error": {"code": 5}}, {"error": {"message": "m" * 5000}}])
def test_any_error_document_gives_a_sentence(body: dict[str, object]) -> None:
    """Short enough to be shown."""
    assert len(str(failure(403, {}, body, repeatable=False))) < 400
