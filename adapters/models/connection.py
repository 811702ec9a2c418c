"""The one client, and so the one pool of connections, that all coworkers share.

It uses the SDK's aiohttp transport: a call through the SDK's usual one takes twice the processor time when hundreds wait, because its pool
looks at every connection for every call. The SDK repeats nothing by itself (`max_retries=0`): the engine repeats durably,
frees the worker meanwhile and counts every call, and the SDK would also repeat what cannot succeed (a spent contract is a 429).
Its own tracing is off, so that no prompt leaves by another way. The deadline of an answer is the caller's (see `claude.py`).
"""

import httpx2
from anthropic import AsyncAnthropic, DefaultAioHttpClient

from adapters.models.failures import Known, translated
from bot.errors import PermanentError

MOST_CONNECTIONS = 1000
"""Said outright: without a number aiohttp would open 100, and the 101st call would wait for a place and time out."""
CONNECT_WITHIN = 5.0
"""Seconds."""
IDLE_SECONDS = 20.0
_NO_KEY = "no-key-needed"
_ANTHROPIC = "api.anthropic.com"


def connect(*, api_key: str | None = None, base_url: str | None = None) -> AsyncAnthropic:
    """Return a client; close it with `await client.close()`.

    What is None the SDK reads itself (ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, ANTHROPIC_CUSTOM_HEADERS …). A gateway at another address
    than Anthropic's that has no key is sent a dummy one. Raises `PermanentError` when the address is no URL, or the key can be none.
    """
    timeout = httpx2.Timeout(None, connect=CONNECT_WITHIN)
    limits = httpx2.Limits(max_connections=MOST_CONNECTIONS, keepalive_expiry=IDLE_SECONDS)
    try:
        client = AsyncAnthropic(
            api_key=api_key,
            base_url=base_url,
            timeout=timeout,
            max_retries=0,
            http_client=DefaultAioHttpClient(limits=limits, timeout=timeout),
            open_telemetry=False,
        )
    except Known as error:
        raise translated(error, "the model") from error
    for key in (client.api_key, client.auth_token):
        if key and not _is_header(key):
            raise PermanentError(
                "The model's key has line breaks, spaces or strange letters in it: set ANTHROPIC_API_KEY anew."
            )
    if not (client.api_key or client.auth_token or client.credentials) and client.base_url.host != _ANTHROPIC:
        client.api_key = _NO_KEY
    return client


def _is_header(key: str) -> bool:
    """Tell whether a key can be sent at all; the HTTP library would show it in its own error."""
    return key.isascii() and key.isprintable() and " " not in key
