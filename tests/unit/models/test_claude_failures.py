"""Which failures of a call are worth repeating, and what people are told about the others.

The errors are made as the SDK makes them: from a response, without a network.
"""

import anthropic
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.models.failures import LONGEST_DELAY, retry_after, translated
from bot.errors import PermanentError, TemporaryError

MODEL = "claude-sonnet-5-5"
REQUEST = httpx2.Request("POST", "https://api.example.com/v1/messages", headers={"Authorization": "Bearer sk-secret"})


def status_error(status: int, kind: str = "", message: str = "", *, code: str = "", retry: str = "") -> Exception:
    """Give the error that the SDK raises for an answer with this status."""
    body = {
        "type": "error",
        "error": {"type": kind, "message": message, "details": {"error_code": code} if code else None},
    }
    response = httpx2.Response(status, request=REQUEST, headers={"retry-after": retry} if retry else {})
    return anthropic.APIStatusError("failed", response=response, body=body)


@pytest.mark.parametrize(
    ("error", "delay"),
    [
        pytest.param(status_error(529, "overloaded_error"), 5.0, id="overloaded"),
        pytest.param(status_error(429, "rate_limit_error", retry="7"), 7.0, id="limited, told how long"),
        pytest.param(status_error(429, "rate_limit_error"), 15.0, id="limited"),
        pytest.param(status_error(429, "rate_limit_error", code="ramp_limit_exceeded"), 15.0, id="ramp"),
        pytest.param(status_error(408), 5.0, id="timeout told by the server"),
        pytest.param(status_error(409), 5.0, id="conflict"),
        pytest.param(status_error(500, "api_error"), 5.0, id="failed"),
        pytest.param(status_error(503), 5.0, id="unavailable"),
        pytest.param(status_error(200, "overloaded_error"), 5.0, id="error inside a stream that began with 200"),
        pytest.param(anthropic.APITimeoutError(REQUEST), 2.0, id="timeout"),
        pytest.param(TimeoutError(), 2.0, id="our own deadline"),
        pytest.param(anthropic.APIConnectionError(request=REQUEST), 2.0, id="refused connection"),
        pytest.param(httpx2.RemoteProtocolError("peer closed"), 2.0, id="dropped stream"),
        pytest.param(httpx2.ReadError("reset"), 2.0, id="reset"),
        pytest.param(ConnectionResetError(), 2.0, id="reset below the library"),
        pytest.param(anthropic.RetryableError("again"), 2.0, id="the SDK's own word for it"),
    ],
)
def test_repeating_can_help(error: Exception, delay: float) -> None:
    """Overload, limits, outages and lost connections pass; the delay is the server's wish where it has one."""
    failure = translated(error, MODEL)

    assert isinstance(failure, TemporaryError)
    assert delay == failure.delay


@pytest.mark.parametrize(
    ("error", "what_to_do"),
    [
        pytest.param(status_error(401, "authentication_error", "bad key sk-secret"), "ANTHROPIC_API_KEY", id="key"),
        pytest.param(status_error(403, "permission_error"), "ANTHROPIC_API_KEY", id="forbidden"),
        pytest.param(status_error(402), "billing", id="billing"),
        pytest.param(status_error(404, "not_found_error"), "organisation.yaml", id="model"),
        pytest.param(status_error(400, "invalid_request_error", "tools: bad sk-secret"), "tools: bad …", id="invalid"),
        pytest.param(
            status_error(400, "invalid_request_error", "prompt is too long: 9 > 8"),
            "too long for the context",
            id="long",
        ),
        pytest.param(status_error(413), "too long for the context", id="large"),
        pytest.param(status_error(422), "HTTP 422", id="unprocessable"),
        pytest.param(status_error(200, "invalid_request_error", "no"), "HTTP 200", id="invalid, inside a stream"),
        pytest.param(
            status_error(429, "rate_limit_error", code="contract_spend_limit_reached"), "spend limit", id="contract"
        ),
        pytest.param(status_error(402, code="linked_organization_spend_limit_reached"), "spend limit", id="linked"),
        pytest.param(TypeError("Could not resolve authentication method."), "ANTHROPIC_API_KEY", id="no key"),
        pytest.param(anthropic.CredentialsError("no file"), "ANTHROPIC_API_KEY", id="no credentials"),
        pytest.param(httpx2.UnsupportedProtocol("ftp"), "ANTHROPIC_BASE_URL", id="no address"),
        pytest.param(httpx2.InvalidURL("x"), "ANTHROPIC_BASE_URL", id="broken address"),
        pytest.param(ValueError("sk-secret"), "ValueError", id="anything else"),
    ],
)
def test_a_person_must_act(error: Exception, what_to_do: str) -> None:
    """What repeating cannot mend says what to do, and never shows a key."""
    failure = translated(error, MODEL)

    assert isinstance(failure, PermanentError)
    assert what_to_do in str(failure)
    assert "sk-secret" not in str(failure)


@given(
    header=st.none()
    | st.text()
    | st.floats().map(str)
    | st.datetimes().map(lambda at: f"{at:%a, %d %b %Y %H:%M:%S} GMT")
)
def test_any_retry_after_is_bounded(header: str | None) -> None:
    """No server can make the work wait for ever, or for less than nothing."""
    delay = retry_after(header, usual=5.0)

    assert 0.0 <= delay <= LONGEST_DELAY


JSON = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.just("error_code") | st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(
    body=JSON
    | st.fixed_dictionaries({"error": JSON | st.fixed_dictionaries({"type": JSON, "message": JSON, "details": JSON})}),
    status=st.sampled_from([200, 301, 400, 401, 402, 403, 404, 413, 429, 500, 529, 599]),
)
def test_any_error_document_is_translated(body: object, status: int) -> None:
    """A gateway may put anything into its errors."""
    error = anthropic.APIStatusError("failed", response=httpx2.Response(status, request=REQUEST), body=body)

    assert isinstance(translated(error, MODEL), TemporaryError | PermanentError)
