"""Who vouches for whom: the keys of the Bot Framework, the tokens on its calls, and the bot's own login.

Inbound, every activity carries a token signed with a key that is published with its endorsements. `mint` makes good
tokens and, with any claim, key or header replaced, bad ones. Outbound, the bot logs in here and its calls are accepted
only with a token that was issued here and has not expired.
"""

import json
import time
from dataclasses import dataclass, field
from functools import cache
from secrets import token_hex

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests.fakes.faults import JsonObject
from tests.fakes.teams_state import APP_ID, TENANT

ISSUER = "https://api.botframework.com"
PASSWORD = "local-teams-password"
VALID_FOR = 3600


@dataclass(kw_only=True)
class SigningKey:
    """One published key."""

    kid: str = field(default_factory=lambda: token_hex(8))
    endorsements: list[str] = field(default_factory=lambda: ["msteams"])
    private: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048), repr=False
    )

    def as_jwk(self) -> JsonObject:
        """Give the public half, as it is published."""
        public: JsonObject = json.loads(RSAAlgorithm.to_jwk(self.private.public_key()))
        about = {"kid": self.kid, "x5t": self.kid, "use": "sig", "endorsements": self.endorsements}
        return {"kty": "RSA", "n": public["n"], "e": public["e"], **about}


@cache
def _first_private() -> rsa.RSAPrivateKey:
    """Make what every issuer of a process begins with: it takes longer than most tests, and none of them breaks a key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Issuer:
    """Signs inbound tokens and issues outbound ones."""

    def __init__(self, *, app_id: str = APP_ID, password: str = PASSWORD, tenant: str = TENANT) -> None:
        self.app_id = app_id
        self.password = password
        self.tenant = tenant
        self.key = SigningKey(private=_first_private())
        self.published = [self.key]
        self.published_besides: list[JsonObject] = []
        """Entries of the key list as they are, good for nothing."""
        self.logins: list[JsonObject] = []
        """Every token request, without its secret."""
        self.valid_for = VALID_FOR
        self._issued: dict[str, tuple[float, str]] = {}
        """Until when, and for whom, by token."""

    def rotate(self, *, keep_old: bool = False) -> SigningKey:
        """Sign with a new key from now on; the old one is unpublished unless kept."""
        self.key = SigningKey()
        self.published = [*(self.published if keep_old else []), self.key]
        return self.key

    def mint(
        self, service_url: str, *, key: SigningKey | None = None, headers: JsonObject | None = None, **claims: object
    ) -> str:
        """Make an inbound token; `claims` replace the good ones, and None removes a claim."""
        now, signing = int(time.time()), key or self.key
        good = {"iss": ISSUER, "aud": self.app_id, "serviceurl": service_url}
        times = {"iat": now, "nbf": now - 300, "exp": now + VALID_FOR}
        payload = {name: value for name, value in {**good, **times, **claims}.items() if value is not None}
        return jwt.encode(payload, signing.private, algorithm="RS256", headers={"kid": signing.kid, **(headers or {})})

    def mint_many(self, service_url: str, count: int) -> list[str]:
        """Make so many good inbound tokens, no two alike."""
        return [self.mint(service_url, jti=str(number)) for number in range(count)]

    def revoke_all(self) -> None:
        """Let every outbound token be refused from now on, so that the bot has to log in again."""
        self._issued.clear()

    def accepts(self, authorization: str, *, audience: str = ISSUER) -> bool:
        """Say whether an outbound call carries a token that was issued here for `audience` and is still good."""
        until, given_for = self._issued.get(authorization.removeprefix("Bearer "), (0.0, ""))
        return until > time.time() and given_for == audience

    def issue(self, audience: str, tenant: str) -> str:
        """Give a token for calls to `audience`."""
        now = int(time.time())
        payload = {"aud": audience, "iss": f"https://sts.windows.net/{tenant}/", "appid": self.app_id, "iat": now}
        payload |= {"exp": now + self.valid_for, "uti": token_hex(8)}
        token = jwt.encode(payload, self.key.private, algorithm="RS256", headers={"kid": self.key.kid})
        self._issued[token] = (now + self.valid_for, audience)
        return token

    async def login(self, request: web.Request) -> web.Response:
        """Answer `/{tenant}/oauth2/v2.0/token`: the client credentials grant."""
        given = {name: str(value) for name, value in (await request.post()).items()}
        tenant = request.match_info["tenant"]
        self.logins.append({"tenant": tenant, **{name: given[name] for name in given if name != "client_secret"}})
        if tenant not in (self.tenant, "botframework.com"):
            return _denied(400, "invalid_request", "AADSTS90002: Tenant not found.")
        if given.get("client_id") != self.app_id:
            return _denied(400, "unauthorized_client", "AADSTS700016: Application not found in the directory.")
        if given.get("client_secret") != self.password:
            return _denied(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.")
        if given.get("grant_type") != "client_credentials" or not given.get("scope", "").endswith("/.default"):
            return _denied(400, "invalid_scope", "AADSTS1002012: The scope must end with /.default.")
        token = self.issue(given["scope"].removesuffix("/.default"), tenant)
        lasts = {"expires_in": self.valid_for, "ext_expires_in": self.valid_for}
        return web.json_response({"token_type": "Bearer", **lasts, "access_token": token})

    def metadata(self, base: str) -> JsonObject:
        """Give the OpenID document of the Bot Framework."""
        algorithms = {"id_token_signing_alg_values_supported": ["RS256"]}
        ends = {"authorization_endpoint": "https://invalid.botframework.com", "jwks_uri": f"{base}/v1/.well-known/keys"}
        return {"issuer": ISSUER, **ends, **algorithms, "token_endpoint_auth_methods_supported": ["private_key_jwt"]}

    def keys(self) -> JsonObject:
        """Give the published keys."""
        return {"keys": [*self.published_besides, *(key.as_jwk() for key in self.published)]}

    def authority(self, base: str, tenant: str) -> JsonObject:
        """Give the OpenID document of the login authority of a tenant."""
        here = f"{base}/{tenant}/oauth2/v2.0"
        ends = {"token_endpoint": f"{here}/token", "authorization_endpoint": f"{here}/authorize"}
        return {**ends, "issuer": f"{base}/{tenant}/v2.0", "jwks_uri": f"{base}/v1/.well-known/keys"}


def _denied(status: int, error: str, sentence: str) -> web.Response:
    return web.json_response({"error": error, "error_description": sentence}, status=status)
