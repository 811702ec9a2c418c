"""Who is let in: every way in which a token can be wrong, against real keys served over HTTP."""

import asyncio
import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from adapters.teams.keys import RATION
from tests.contract.teams.teams_at_work import ERIN, AtWork, teams_at_work
from tests.fakes.faults import JsonObject, hang, http_error
from tests.fakes.teams import LocalTeams
from tests.fakes.teams_state import APP_ID, BOT_ID, TENANT
from tests.fakes.teams_tokens import ISSUER, SigningKey

NOW = int(time.time())
HOUR = 3600


def activity(platform: LocalTeams, **changed: object) -> JsonObject:
    """Give a good personal message, with fields replaced; None removes one."""
    good = {
        "type": "message",
        "id": "1700000000001",
        "timestamp": "2026-11-20T10:00:00.1234567Z",
        "channelId": "msteams",
        "serviceUrl": platform.service_url,
        "from": {"id": ERIN, "name": "Erin", "aadObjectId": "aad-erin"},
        "recipient": {"id": BOT_ID, "name": "Atom"},
        "conversation": {"id": "a:1erin", "conversationType": "personal", "tenantId": TENANT},
        "channelData": {"tenant": {"id": TENANT}},
        "text": "hello",
    }
    return {key: value for key, value in {**good, **changed}.items() if value is not None}


async def status(bench: AtWork, token: str | None, sent: JsonObject | None = None) -> int | None:
    """Post with `token` (None: a good one) and give the HTTP status."""
    attempt = await bench.platform.deliver(sent or activity(bench.platform), token=token)
    return attempt.status


def counted_fetches(platform: LocalTeams) -> Callable[[], int]:
    """Give a counter of how often the keys were fetched from now on: each fetch uses up a hang of no time."""
    platform.faults.inject("keys", *[hang(0)] * 100)
    return lambda: 100 - platform.faults.left().get("keys", 0)


def unsigned(platform: LocalTeams) -> str:
    """Give alg none."""
    payload = {"iss": ISSUER, "aud": APP_ID, "exp": NOW + HOUR, "nbf": NOW, "serviceurl": platform.service_url}
    return jwt.encode(payload, "", algorithm="none", headers={"kid": platform.issuer.key.kid})


def confused(platform: LocalTeams) -> str:
    """Give HS256 with the public key as the secret, by hand: PyJWT will not make it."""
    public = platform.issuer.key.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    payload = platform.issuer.mint(platform.service_url).split(".")[1]
    head = encoded({"alg": "HS256", "typ": "JWT", "kid": platform.issuer.key.kid})
    signature = hmac.digest(public, f"{head}.{payload}".encode(), "sha256")
    return f"{head}.{payload}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def encoded(part: JsonObject) -> str:
    """Give a part of a token."""
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def tampered(platform: LocalTeams) -> str:
    """Give a good token with another payload."""
    head, _, signature = platform.issuer.mint(platform.service_url).split(".")
    payload = {"iss": ISSUER, "aud": APP_ID, "exp": NOW + 9 * HOUR, "nbf": NOW, "serviceurl": platform.service_url}
    return f"{head}.{encoded(payload)}.{signature}"


def impostor(platform: LocalTeams) -> str:
    """Give a token signed with a stranger's key under the real kid."""
    return platform.issuer.mint(platform.service_url, key=SigningKey(kid=platform.issuer.key.kid))


def own_key(platform: LocalTeams) -> str:
    """Give a token that brings its key in its header."""
    stranger = SigningKey()
    headers = {"jwk": stranger.as_jwk(), "jku": "http://127.0.0.1:1/keys"}
    return platform.issuer.mint(platform.service_url, key=stranger, headers=headers)


def claiming(**claims: Any) -> Callable[[LocalTeams], str]:  # noqa: ANN401 -- wrong types are the point
    """Give a token with claims replaced."""
    return lambda platform: platform.issuer.mint(platform.service_url, **claims)


def heading(**headers: object) -> Callable[[LocalTeams], str]:
    """Give a token with headers replaced."""
    return lambda platform: platform.issuer.mint(platform.service_url, headers=headers)


BAD_TOKENS: dict[str, Callable[[LocalTeams], str]] = {
    "alg none": unsigned,
    "HS256 with the public key": confused,
    "a changed payload": tampered,
    "a stranger's key under a known kid": impostor,
    "a key in the token itself": own_key,
    "an unknown kid": heading(kid="nobody"),
    "an empty kid": heading(kid=""),
    "another issuer": claiming(iss="https://sts.windows.net/x/"),
    "no issuer": claiming(iss=None),
    "another audience": claiming(aud="another-app"),
    "a list of audiences": claiming(aud=[APP_ID, "another-app"]),
    "no audience": claiming(aud=None),
    "expired beyond the leeway": claiming(exp=NOW - 400),
    "no exp": claiming(exp=None),
    "exp that is text": claiming(exp="tomorrow"),
    "exp that is a list": claiming(exp=[NOW + HOUR]),
    "exp beyond numbers": claiming(exp=float("inf")),
    "not yet valid": claiming(nbf=NOW + 2 * HOUR),
    "no nbf": claiming(nbf=None),
    "nbf that is text": claiming(nbf="soon"),
    "no serviceurl": claiming(serviceurl=None),
    "an empty serviceurl": claiming(serviceurl=""),
    "serviceurl that is a number": claiming(serviceurl=7),
    "serviceurl of another server": claiming(serviceurl="https://smba.trafficmanager.net/emea/"),
    "serviceurl without its slash": lambda platform: platform.issuer.mint(platform.service_url.rstrip("/")),
    "serviceurl in another case": lambda platform: platform.issuer.mint(platform.service_url.replace("emea", "EMEA")),
    "garbage": lambda _: "garbage",
    "three dots": lambda _: "..",
    "a header that is a list": lambda _: base64.urlsafe_b64encode(b"[]").decode().rstrip("=") + ".e30.x",
    "nothing after Bearer": lambda _: " ",
    "7 KB": lambda _: "a" * 7_000,
}


@pytest.mark.parametrize("case", BAD_TOKENS)
async def test_a_bad_token_is_refused_with_401(case: str) -> None:
    """Each is refused, none is a server error, and nothing is stored."""
    async with teams_at_work() as bench:
        answered = await status(bench, BAD_TOKENS[case](bench.platform))

        assert (answered, bench.desk.arrivals) == (401, [])


BAD_ACTIVITIES: dict[str, tuple[int, JsonObject]] = {
    "no serviceUrl": (401, {"serviceUrl": None}),
    "a serviceUrl that is an object": (401, {"serviceUrl": {"a": 1}}),
    "another channel": (401, {"channelId": "webchat"}),
    "no channel": (401, {"channelId": None}),
    "another tenant": (403, {"channelData": {"tenant": {"id": "evil"}}, "conversation": {"tenantId": "evil"}}),
    "two tenants": (403, {"channelData": {"tenant": {"id": "evil"}}}),
    "no tenant": (403, {"channelData": None, "conversation": {"id": "a:1"}}),
    "a tenant that is a list": (403, {"channelData": {"tenant": [TENANT]}, "conversation": {"id": "a:1"}}),
}


@pytest.mark.parametrize("case", BAD_ACTIVITIES)
async def test_an_activity_that_does_not_fit_its_token_is_refused(case: str) -> None:
    """A good token does not help an activity that is another's."""
    expected, changed = BAD_ACTIVITIES[case]
    async with teams_at_work() as bench:
        platform = bench.platform

        answered = await status(bench, platform.issuer.mint(platform.service_url), activity(platform, **changed))

        assert (expected, []) == (answered, bench.desk.arrivals)


@pytest.mark.parametrize("header", [{}, {"Authorization": "Basic abc"}, {"Authorization": ""}])
async def test_a_request_without_a_bearer_token_is_refused(header: dict[str, str]) -> None:
    """Neither nothing nor another scheme opens the endpoint."""
    async with teams_at_work() as bench:
        response = await bench.platform.http.post(bench.url, json=activity(bench.platform), headers=header)

        assert (response.status, response.headers["WWW-Authenticate"]) == (401, "Bearer")


async def test_a_good_token_is_let_in() -> None:
    """Otherwise the refusals above would prove nothing."""
    async with teams_at_work() as bench:
        answered = await status(bench, None)

        assert (answered, [arrival.message.text for arrival in bench.desk.arrivals]) == (202, ["hello"])


@pytest.mark.parametrize("claims", [{"exp": NOW - 200}, {"nbf": NOW + 200}])
async def test_clocks_may_differ_by_five_minutes(claims: dict[str, Any]) -> None:
    """A little late and a little early are let in."""
    async with teams_at_work() as bench:
        answered = await status(bench, bench.platform.issuer.mint(bench.platform.service_url, **claims))

        assert answered == 202


async def test_a_key_that_is_not_endorsed_for_teams_is_refused() -> None:
    """A key published for another channel signs nothing for Teams."""
    async with teams_at_work() as bench:
        other = SigningKey(endorsements=["webchat"])
        bench.platform.issuer.published.append(other)

        answered = await status(bench, bench.platform.issuer.mint(bench.platform.service_url, key=other))

        assert answered == 401


async def test_a_signed_service_url_on_a_foreign_host_is_refused() -> None:
    """Our token would be sent there."""
    async with teams_at_work() as bench:
        foreign = "https://smba.example.com/emea/"

        answered = await status(
            bench, bench.platform.issuer.mint(foreign), activity(bench.platform, serviceUrl=foreign)
        )

        assert answered == 401


async def test_a_rotated_key_is_known_at_once() -> None:
    """No restart, and the old key is out."""
    async with teams_at_work() as bench:
        old = bench.platform.issuer.mint(bench.platform.service_url)
        before = await status(bench, None)
        bench.platform.rotate_keys()

        after = await status(bench, None)

        assert (before, after, await status(bench, old)) == (202, 202, 401)


async def test_keys_are_fetched_once_for_many_at_the_same_time() -> None:
    """A cold start with a hundred waiting activities asks Microsoft once."""
    async with teams_at_work() as bench:
        fetches = counted_fetches(bench.platform)
        sent = [activity(bench.platform, id=str(n)) for n in range(40)]

        answered = await asyncio.gather(*(status(bench, None, one) for one in sent))

        assert ({202}, 1) == (set(answered), fetches())


async def test_unreachable_keys_ask_teams_to_send_again() -> None:
    """Nobody can tell whether the token is good, so it is neither accepted nor thrown away."""
    async with teams_at_work() as bench:
        bench.platform.faults.inject("openid", http_error(500))

        answered = await status(bench, None)

        assert (answered, bench.desk.arrivals) == (503, [])


async def test_a_known_key_is_good_while_the_metadata_is_down() -> None:
    """An outage at Microsoft's key server stops only tokens with new keys."""
    async with teams_at_work() as bench:
        await status(bench, None)
        bench.platform.faults.inject("openid", *[http_error(500)] * 5)

        unknown = await status(bench, heading(kid="nobody")(bench.platform))

        assert (unknown, await status(bench, None)) == (503, 202)


async def test_a_stranger_cannot_make_us_ask_without_end() -> None:
    """Fetches for unknown keys are rationed."""
    async with teams_at_work() as bench:
        await status(bench, None)
        fetches = counted_fetches(bench.platform)

        answered = [await status(bench, heading(kid=f"k{n}")(bench.platform)) for n in range(RATION * 4)]

        assert ({401}, RATION) == (set(answered), fetches())


async def test_a_multi_tenant_bot_hears_every_tenant() -> None:
    """With MICROSOFT_APP_TYPE=MultiTenant the tenant is not compared."""
    async with teams_at_work(app_type="MultiTenant") as bench:
        other = {"channelData": {"tenant": {"id": "other"}}, "conversation": {"id": "a:1", "tenantId": "other"}}

        answered = await status(bench, None, activity(bench.platform, **other))

        assert (answered, bench.desk.arrivals[0].conversation.tenant) == (202, "other")
