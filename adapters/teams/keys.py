"""The public keys that Microsoft signs activities with.

They are fetched when first needed, again after a day, and whenever a token names a key that is not known yet, so that a rotation
needs no restart (the stock SDK failed for a day). Only one fetch runs at a time. A stranger can name unknown keys as often as he
likes, so those fetches are rationed: who comes when the ration is spent waits a few seconds for the next fetch, which answers all who
wait; so a new key is known soon in the middle of an attack too. A key that is known is served meanwhile. When nothing can be fetched
and the key is unknown, nobody can tell whether the token is good. That is asked some times more while Teams waits, since nothing says that
it sends an activity again that was refused; then it is a `TemporaryError`.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import aiohttp
import jwt
from yarl import URL

from adapters.teams.account import LOOPBACK
from adapters.teams.reading import Json, identifier, objects, parse
from bot.errors import PermanentError, TemporaryError

DEFAULT_METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
FRESH = 24 * 3600.0
"""Seconds after which the keys are fetched again."""
TRUSTED = 3 * FRESH
"""Seconds for which keys are believed while fetching fails."""
RATION, EVERY = 5, 3.0
"""So many fetches for unknown keys at once, and then one in so many seconds."""
WAITING = 2000
"""So many may wait for a fetch; whoever comes after them is not let in."""
PAUSE, LONG_PAUSE = 1.0, 60.0
"""Seconds between a fetch that failed and the next, without and with a key that is believed meanwhile."""
TRIES, TRYING = 3, 4.0
"""So often a key is looked for that nobody can tell of, as long as that has not taken so many seconds; Teams waits for 15."""
LEAST_BITS = 2048
"""Of a key; RFC 7518, 3.3."""
LARGEST = 1024 * 1024
_PATIENCE = aiohttp.ClientTimeout(total=5)
_REDIRECTS = 3


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
        every: float = EVERY,
    ) -> None:
        """Raise `PermanentError` where the keys would be read from elsewhere in clear text."""
        url = URL(metadata_url)
        if url.scheme != "https" and url.host not in LOOPBACK:
            raise PermanentError("MICROSOFT_OPENID_METADATA is not https: anybody on the way could put keys there.")
        self._secure = url.scheme == "https"
        self._every = every
        self._ration = float(RATION)
        self._counted_at = now()
        self._waiting = 0
        self._http = http
        self._metadata_url = metadata_url
        self._now = now
        self._keys: Mapping[str, SigningKey] = {}
        self._fetched_at = float("-inf")
        self._failed_at = float("-inf")
        self._fetching = asyncio.Lock()

    async def find(self, kid: str) -> SigningKey | None:
        """Return the key; None when Microsoft publishes none of that name.

        Raises `TemporaryError` when that cannot be told because the keys cannot be fetched.
        """
        began = self._now()
        for left in reversed(range(TRIES)):
            if self._age() > FRESH or kid not in self._keys:
                await self._fetch_in_turn(kid)
            found = self._keys.get(kid) if self._age() <= TRUSTED else None
            if found is not None or (self._failed_at <= self._fetched_at and self._age() <= TRUSTED):
                return found
            if left and self._now() - began < TRYING:
                await asyncio.sleep(PAUSE)
        raise TemporaryError(
            "The keys of the Bot Framework cannot be fetched: check the way to Microsoft.", delay=PAUSE
        )

    def _age(self) -> float:
        return self._now() - self._fetched_at

    async def _fetch_in_turn(self, kid: str) -> None:
        """Fetch unless somebody else has meanwhile, or failed a moment ago; within the ration while the keys are fresh."""
        if self._waiting >= WAITING:
            if kid in self._keys:
                return
            raise TemporaryError("Too many wait for the keys of the Bot Framework.", delay=PAUSE)
        came, self._waiting = self._fetched_at, self._waiting + 1
        try:
            async with self._fetching:
                pause = LONG_PAUSE if kid in self._keys and self._age() <= TRUSTED else PAUSE
                if self._fetched_at > came or self._now() - self._failed_at < pause:
                    return
                if self._age() <= FRESH:
                    await self._spend()
                await self._fetch_now()
        finally:
            self._waiting -= 1

    async def _spend(self) -> None:
        """Take one fetch of the ration, once there is one."""
        self._refill()
        if self._ration < 1:
            await asyncio.sleep((1 - self._ration) * self._every)
            self._refill()
        self._ration = max(0.0, self._ration - 1)

    def _refill(self) -> None:
        now = self._now()
        self._ration = min(float(RATION), self._ration + (now - self._counted_at) / self._every)
        self._counted_at = now

    async def _fetch_now(self) -> None:
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
        if not issuer or not jwks:
            raise ValueError(f"{self._metadata_url} is no OpenID metadata.")
        read = (read_key(key, issuer) for key in objects(await self._get(jwks), "keys"))
        return dict(key for key in read if key is not None)

    async def _get(self, url: str) -> Json:
        if self._secure and not url.startswith("https:"):
            raise ValueError(f"{url} is not https.")
        async with self._http().get(url, timeout=_PATIENCE, max_redirects=_REDIRECTS) as response:
            response.raise_for_status()
            if self._secure and any(one.url.scheme != "https" for one in (response, *response.history)):
                raise ValueError(f"{url} leads away from https.")
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


def read_key(document: Json, issuer: str) -> tuple[str, SigningKey] | None:
    """Return a key that may check signatures, with its id; None for every other, and for one that is too weak."""
    kid, endorsements = identifier(document, "kid"), document.get("endorsements")
    if not kid or document.get("kty") != "RSA" or document.get("use", "sig") != "sig":
        return None
    if document.get("alg", "RS256") != "RS256":
        return None
    try:
        key = jwt.PyJWK({name: document.get(name) for name in ("kty", "n", "e")}, algorithm="RS256")
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    if key.key.key_size < LEAST_BITS:
        return None
    named = frozenset(name for name in endorsements if isinstance(name, str)) if isinstance(endorsements, list) else ()
    return kid, SigningKey(key=key, endorsements=frozenset(named), issuer=issuer)
