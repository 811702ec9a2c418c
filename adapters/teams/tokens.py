"""Whether an activity is really from Teams, for this bot and in this tenant.

First the token by itself: signature (RS256 and nothing else), issuer, audience, times. Then the token against the activity: the key
must be endorsed for its channel and the `serviceurl` claim must be its service URL, letter for letter, since that is where replies
go. The stock SDK accepts tokens without `exp` and activities without `serviceUrl`, and answers 500 to most bad tokens; here
every refusal is 401, or 403 for another tenant, and only keys that cannot be fetched are 503. A token has one spelling: padding,
a second header and times that are no numbers are refused, also where a parser would make something of them.
Sources: learn.microsoft.com, bot-service/rest-api/bot-framework-rest-connector-authentication; RFC 7515, 4.1.11; RFC 7519, 2.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import jwt
from jwt.types import Options

from adapters.teams.account import Account, ServiceHosts
from adapters.teams.keys import SigningKey, SigningKeys
from adapters.teams.reading import Json, identifier, inside
from bot.errors import DeskmateError

CHANNEL = "msteams"
LEEWAY = 300.0
"""Seconds by which the clocks may differ."""
LONGEST = 16 * 1024
LAST = 253_402_300_800.0
"""The year 10000: a time after it is a mistake."""
_SPELLING = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_REQUIRED: Options = {"require": ["exp", "nbf", "iss", "aud"], "strict_aud": True}


class NotAllowed(DeskmateError):
    """The caller is not let in; `status` is the HTTP status to answer with."""

    def __init__(self, reason: str, status: int = 401) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What a token that holds by itself says."""

    service_url: str
    endorsements: frozenset[str]


class TokenCheck:
    """Checks inbound tokens of one bot."""

    def __init__(self, account: Account, keys: SigningKeys, hosts: ServiceHosts) -> None:
        self._account = account
        self._keys = keys
        self._hosts = hosts

    async def claims(self, headers: Sequence[str]) -> Claims:
        """Check the token by itself; `headers` are all Authorization headers of the request.

        Raises `NotAllowed`, or `TemporaryError` when the keys cannot be fetched now.
        """
        if len(headers) != 1:
            raise NotAllowed("The request has no Authorization header, or several.")
        scheme, _, token = headers[0].partition(" ")
        token = token.strip(" ")
        if scheme.lower() != "bearer" or len(token) > LONGEST or not _SPELLING.fullmatch(token):
            raise NotAllowed("The request has no bearer token.")
        key = await self._keys.find(_kid(token))
        if key is None:
            raise NotAllowed("The token is signed with a key that the Bot Framework does not publish.")
        service_url = _decoded(token, key, self._account.app_id).get("serviceurl")
        if not isinstance(service_url, str) or not service_url:
            raise NotAllowed("The token has no serviceurl claim.")
        return Claims(service_url=service_url, endorsements=key.endorsements)

    def matches(self, claims: Claims, activity: Json) -> None:
        """Check the activity against the token that came with it; raises `NotAllowed`."""
        if activity.get("channelId") != CHANNEL or CHANNEL not in claims.endorsements:
            raise NotAllowed("The token's key is not endorsed for the activity's channel, or that is not Teams.")
        if activity.get("serviceUrl") != claims.service_url:
            raise NotAllowed("The activity's serviceUrl is not the token's.")
        if not self._hosts.allows(claims.service_url):
            raise NotAllowed("The service URL is not on an allowed host: see MICROSOFT_SERVICE_HOSTS.")
        tenant = tenant_of(activity)
        if not tenant or (self._account.single_tenant and tenant != self._account.tenant.strip().lower()):
            raise NotAllowed("The activity is not of MICROSOFT_APP_TENANT_ID.", status=403)


def tenant_of(activity: Json) -> str:
    """Return the activity's tenant, lower case; empty when it names none, or two."""
    named = {
        identifier(inside(activity, "channelData", "tenant"), "id").lower(),
        identifier(inside(activity, "conversation"), "tenantId").lower(),
    } - {""}
    return named.pop() if len(named) == 1 else ""


def _kid(token: str) -> str:
    try:
        header: Mapping[str, object] = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        raise NotAllowed("The token cannot be read.") from error
    kid = identifier(header, "kid")
    if header.get("alg") != "RS256" or "crit" in header or not kid:
        raise NotAllowed("The token is not signed with RS256, demands what we do not know, or names no key.")
    return kid


def _decoded(token: str, key: SigningKey, app_id: str) -> Mapping[str, object]:
    try:
        decoded: Mapping[str, object] = jwt.decode(
            token, key.key, algorithms=["RS256"], audience=app_id, issuer=key.issuer, leeway=LEEWAY, options=_REQUIRED
        )
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError, AttributeError) as error:
        raise NotAllowed(f"The token does not hold: {error}") from error
    if not all(_is_time(decoded[name]) for name in ("exp", "nbf", "iat") if name in decoded):
        raise NotAllowed("The token's times are no numbers.")
    return decoded


def _is_time(value: object) -> bool:
    """Tell a time from what only becomes one by conversion, such as text."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < LAST
