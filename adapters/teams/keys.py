"""The public keys that Microsoft signs activities with.

They are fetched when first needed, again after a day, and whenever a token names a key that is not known yet, so that a rotation
needs no restart (the stock SDK failed for a day). Only one fetch runs at a time. A stranger can name unknown keys as often as
he likes, so those fetches are rationed; a key that is known is served meanwhile. When nothing can be fetched and the key is
unknown, nobody can tell whether the token is good: that is a `TemporaryError`, and Teams sends the activity again.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import aiohttp
import jwt

from adapters.teams.reading import Json, identifier, objects, parse
from bot.errors import TemporaryError

DEFAULT_METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
FRESH = 24 * 3600.0
"""Seconds after which the keys are fetched again."""
TRUSTED = 3 * FRESH
"""Seconds for which keys are believed while fetching fails."""
RATION, PER = 5, 60.0
"""So many fetches for unknown keys in so many seconds."""
PAUSE = 1.0
"""Seconds between a fetch that failed and the next."""
LARGEST = 1024 * 1024
_PATIENCE = aiohttp.ClientTimeout(total=5)


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """One published key."""

    key: jwt.PyJWK
    endorsements: frozenset[str]
    """The channels that it may sign for."""
    issuer: str
    """As the metadata document names it."""


class SigningKeys:
    """The keys behind one OpenID metadata document."""

    def __init__(
        self,
        http: Callable[[], aiohttp.ClientSession],
        metadata_url: str = DEFAULT_METADATA,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http
        self._metadata_url = metadata_url
        self._now = now
        self._keys: Mapping[str, SigningKey] = {}
        self._fetched_at = float("-inf")
        self._failed_at = float("-inf")
        self._asked: deque[float] = deque()
        self._fetching = asyncio.Lock()

    async def find(self, kid: str) -> SigningKey | None:
        """Return the key; None when Microsoft publishes none of that name.

        Raises `TemporaryError` when that cannot be told because the keys cannot be fetched.
        """
        if self._age() > FRESH or kid not in self._keys:
            await self._fetch_once(self._fetched_at, rationed=self._age() <= FRESH)
        found = self._keys.get(kid) if self._age() <= TRUSTED else None
        if found is None and (self._failed_at > self._fetched_at or self._age() > TRUSTED):
            raise TemporaryError(
                "The keys of the Bot Framework cannot be fetched: check the way to Microsoft.", delay=PAUSE
            )
        return found

    def _age(self) -> float:
        return self._now() - self._fetched_at

    def _spent(self) -> bool:
        now = self._now()
        while self._asked and now - self._asked[0] > PER:
            self._asked.popleft()
        return len(self._asked) >= RATION

    async def _fetch_once(self, known_at: float, *, rationed: bool) -> None:
        """Fetch unless somebody else has since `known_at`, or failed a moment ago, or the ration is spent."""
        async with self._fetching:
            if self._fetched_at > known_at or self._now() - self._failed_at < PAUSE or (rationed and self._spent()):
                return
            if rationed:
                self._asked.append(self._now())
            try:
                keys = await self._fetch()
            except (aiohttp.ClientError, TimeoutError, ValueError):
                keys = {}
            if keys:
                self._keys, self._fetched_at = keys, self._now()
            else:
                self._failed_at = self._now()

    async def _fetch(self) -> Mapping[str, SigningKey]:
        metadata = await self._get(self._metadata_url)
        issuer, jwks = identifier(metadata, "issuer"), identifier(metadata, "jwks_uri")
        if not issuer or (self._metadata_url.startswith("https:") and not jwks.startswith("https:")):
            raise ValueError(f"{self._metadata_url} is no OpenID metadata.")
        read = (_read(key, issuer) for key in objects(await self._get(jwks), "keys"))
        return dict(key for key in read if key is not None)

    async def _get(self, url: str) -> Json:
        async with self._http().get(url, timeout=_PATIENCE) as response:
            response.raise_for_status()
            document = parse(await _all(response))
        if document is None:
            raise ValueError(f"{url} did not answer with a JSON object.")
        return document


async def _all(response: aiohttp.ClientResponse) -> bytes:
    read = bytearray()
    async for piece in response.content.iter_chunked(65536):
        read += piece
        if len(read) > LARGEST:
            raise ValueError(f"{response.url} answered with more than {LARGEST} bytes.")
    return bytes(read)


def _read(document: Json, issuer: str) -> tuple[str, SigningKey] | None:
    kid, endorsements = identifier(document, "kid"), document.get("endorsements")
    if not kid or document.get("kty") != "RSA" or document.get("use", "sig") != "sig":
        return None
    try:
        key = jwt.PyJWK(dict(document), algorithm="RS256")
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    named = frozenset(name for name in endorsements if isinstance(name, str)) if isinstance(endorsements, list) else ()
    return kid, SigningKey(key=key, endorsements=frozenset(named), issuer=issuer)
