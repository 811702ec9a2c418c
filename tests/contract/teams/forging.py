"""Tokens and activities that a stranger might send, each wrong in one way.

Those that no library makes are put together by hand. `published_besides` are keys that stand in the Bot Framework's list and must
not open anything.
"""

import base64
import hmac
import json
import time
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from tests.contract.teams.teams_at_work import ERIN
from tests.fakes.faults import JsonObject
from tests.fakes.teams import LocalTeams
from tests.fakes.teams_state import APP_ID, BOT_ID, TENANT
from tests.fakes.teams_tokens import ISSUER, SigningKey

Forge = Callable[[LocalTeams], str]
NOW = int(time.time())
HOUR = 3600


def activity(service_url: str, **changed: object) -> JsonObject:
    """Give a good personal message, with fields replaced; None removes one."""
    good = {
        "type": "message",
        "id": "1700000000001",
        "timestamp": "2026-11-20T10:00:00.1234567Z",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": {"id": ERIN, "name": "Erin", "aadObjectId": "aad-erin"},
        "recipient": {"id": BOT_ID, "name": "Atom"},
        "conversation": {"id": "a:1erin", "conversationType": "personal", "tenantId": TENANT},
        "channelData": {"tenant": {"id": TENANT}},
        "text": "hello",
    }
    return {key: value for key, value in {**good, **changed}.items() if value is not None}


def claiming(**claims: Any) -> Forge:  # noqa: ANN401 -- wrong types are the point
    """Give a token of the right key with claims replaced."""
    return lambda platform: platform.issuer.mint(platform.service_url, **claims)


def heading(**headers: object) -> Forge:
    """Give a token of the right key with headers replaced."""
    return lambda platform: by_hand(platform, headers, claims(platform))


def stating(**changed: object) -> Forge:
    """Give a token of the right key with claims that no library would sign."""
    return lambda platform: by_hand(platform, {}, claims(platform, **changed))


def saying(payload: bytes) -> Forge:
    """Give a token of the right key whose payload is these bytes."""
    return lambda platform: by_hand(platform, {}, payload)


def claims(platform: LocalTeams, **changed: object) -> bytes:
    """Give the payload of a good token."""
    good = {"iss": ISSUER, "aud": APP_ID, "serviceurl": platform.service_url, "nbf": NOW - 300, "exp": NOW + HOUR}
    return json.dumps({**good, **changed}).encode()


def by_hand(platform: LocalTeams, header: JsonObject, payload: bytes, key: rsa.RSAPrivateKey | None = None) -> str:
    """Sign this payload under this header, with the right key unless one is given; None removes a header."""
    key = key or platform.issuer.key.private
    good = {"typ": "JWT", "alg": "RS256", "kid": platform.issuer.key.kid, **header}
    head = encoded(json.dumps({key: value for key, value in good.items() if value is not None}).encode())
    signed = f"{head}.{encoded(payload)}"
    return f"{signed}.{encoded(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def encoded(part: bytes) -> str:
    """Give a part of a token."""
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def unsigned(alg: str) -> Forge:
    """Give a token without a signature."""
    return lambda platform: f"{_head(platform, alg)}.{encoded(claims(platform))}."


def unsigned_with_the_old_signature(platform: LocalTeams) -> str:
    """Give alg none with the signature of a good token behind it."""
    good = platform.issuer.mint(platform.service_url).split(".")
    return f"{_head(platform, 'none')}.{good[1]}.{good[2]}"


def confused(form: str) -> Forge:
    """Give HS256 with the public key as the secret, in one of the forms in which it can be had."""

    def forge(platform: LocalTeams) -> str:
        public = platform.issuer.key.private.public_key()
        spki = serialization.PublicFormat.SubjectPublicKeyInfo
        secrets = {
            "pem": public.public_bytes(serialization.Encoding.PEM, spki),
            "der": public.public_bytes(serialization.Encoding.DER, spki),
            "n": str(platform.issuer.key.as_jwk()["n"]).encode(),
        }
        signed = f"{_head(platform, 'HS256')}.{encoded(claims(platform))}"
        return f"{signed}.{encoded(hmac.digest(secrets[form], signed.encode(), 'sha256'))}"

    return forge


def otherwise_signed(alg: str) -> Forge:
    """Give a token of the right key, signed in another way than RS256."""

    def forge(platform: LocalTeams) -> str:
        key = platform.issuer.key
        return jwt.encode(json.loads(claims(platform)), key.private, algorithm=alg, headers={"kid": key.kid})

    return forge


def mislabelled(platform: LocalTeams) -> str:
    """Give a PS256 signature under a header that says RS256."""
    signed = f"{_head(platform, 'RS256')}.{encoded(claims(platform))}"
    salted = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
    return f"{signed}.{encoded(platform.issuer.key.private.sign(signed.encode(), salted, hashes.SHA256()))}"


def tampered(platform: LocalTeams) -> str:
    """Give a good token with another payload."""
    head, _, signature = platform.issuer.mint(platform.service_url).split(".")
    return f"{head}.{encoded(claims(platform, exp=NOW + 9 * HOUR))}.{signature}"


def impostor(platform: LocalTeams) -> str:
    """Give a token signed with a stranger's key under the real kid."""
    return platform.issuer.mint(platform.service_url, key=stranger(platform.issuer.key.kid))


def own_key(*names: str) -> Forge:
    """Give a token of a stranger that brings his key, or where to find it, in its header."""

    def forge(platform: LocalTeams) -> str:
        key = stranger(platform.issuer.key.kid)
        where = f"{platform.url}/v1/.well-known/keys"
        brought = {"jwk": key.as_jwk(), "jku": where, "x5u": where, "x5c": ["MIIB"], "x5t": key.kid}
        return platform.issuer.mint(platform.service_url, key=key, headers={name: brought[name] for name in names})

    return forge


def wrapped(platform: LocalTeams) -> str:
    """Give a good token inside another."""
    return by_hand(platform, {"cty": "JWT"}, platform.issuer.mint(platform.service_url).encode())


def encrypted(platform: LocalTeams) -> str:
    """Give five parts, as an encrypted token has them, with a payload that grows when it is opened."""
    head = encoded(
        json.dumps({"alg": "RSA-OAEP", "enc": "A256GCM", "zip": "DEF", "kid": platform.issuer.key.kid}).encode()
    )
    return ".".join((head, encoded(b"k"), encoded(b"iv"), encoded(zlib.compress(b"0" * 100_000)), encoded(b"tag")))


def signed_with(name: str) -> Forge:
    """Give a token that is signed rightly, with one of the keys that are published besides."""

    def forge(platform: LocalTeams) -> str:
        private, alg = _besides()[name]
        if alg == "RS256":
            return by_hand(platform, {"kid": name}, claims(platform), private)
        return jwt.encode(json.loads(claims(platform)), private, algorithm=alg, headers={"kid": name})

    return forge


def published_besides() -> list[JsonObject]:
    """Give keys that stand in the list and open nothing: for encryption, of another kind, too weak, for another channel."""
    keys = []
    for name, (private, alg) in _besides().items():
        made = json.loads(jwt.get_algorithm_by_name(alg).to_jwk(private.public_key()))
        keys.append({**made, "kid": name, "endorsements": ["msteams"], **_SAID.get(name, {})})
    return keys


_SAID: dict[str, JsonObject] = {
    "for encryption": {"use": "enc"},
    "for RS512": {"alg": "RS512"},
    "for another channel": {"endorsements": ["webchat"]},
    "without endorsements": {"endorsements": None},
    "endorsements in one word": {"endorsements": "msteams"},
}


@cache
def _besides() -> dict[str, tuple[Any, str]]:
    strong = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    weak = rsa.generate_private_key(public_exponent=65537, key_size=2048 - 512)
    curve = ec.generate_private_key(ec.SECP256R1())
    return {**dict.fromkeys(_SAID, (strong, "RS256")), "weak": (weak, "RS256"), "of a curve": (curve, "ES256")}


@cache
def stranger(kid: str) -> SigningKey:
    """Give a key that nobody published."""
    return SigningKey(kid=kid)


def _head(platform: LocalTeams, alg: str) -> str:
    return encoded(json.dumps({"typ": "JWT", "alg": alg, "kid": platform.issuer.key.kid}).encode())
