"""Who is let in: every way in which a token can be wrong, against real keys served over HTTP.

All cases go to one bot, one after the other, as a stranger would try them; what one left behind would show in the next.
"""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio

from bot.intake import Intake
from storage.database import open_database
from tests.contract.teams import forging
from tests.contract.teams.forging import HOUR, NOW, Forge, activity, claiming, confused, heading, own_key, saying
from tests.contract.teams.teams_at_work import AtWork, teams_at_work
from tests.fakes.clock import FrozenClock
from tests.fakes.faults import JsonObject
from tests.fakes.teams_state import APP_ID, TENANT

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[AtWork]:
    """Give one bot for all cases; its keys stand among others that open nothing."""
    async with teams_at_work() as both:
        both.platform.issuer.published_besides = forging.published_besides()
        yield both


@pytest.fixture
def bench(shared: AtWork) -> AtWork:
    """Give that bot with nothing arrived."""
    shared.desk.arrivals.clear()
    return shared


async def status(bench: AtWork, token: str, sent: JsonObject | None = None) -> int | None:
    """Post with `token` and give the HTTP status."""
    attempt = await bench.platform.deliver(sent or activity(bench.platform.service_url), token=token)
    return attempt.status


async def answer(bench: AtWork, headers: list[tuple[str, str]]) -> int:
    """Post a good activity under these headers and give the HTTP status."""
    sent = activity(bench.platform.service_url)
    async with bench.platform.http.post(bench.url, json=sent, headers=headers) as response:
        return response.status


def good(bench: AtWork) -> str:
    """Give a good token."""
    return bench.platform.issuer.mint(bench.platform.service_url)


FORGED: dict[str, Forge] = {
    "alg none": forging.unsigned("none"),
    "alg NONE": forging.unsigned("NONE"),
    "alg that is empty": forging.unsigned(""),
    "alg none with an old signature": forging.unsigned_with_the_old_signature,
    "HS256 with the public key, PEM": confused("pem"),
    "HS256 with the public key, DER": confused("der"),
    "HS256 with the modulus": confused("n"),
    "RS384": forging.otherwise_signed("RS384"),
    "PS256": forging.otherwise_signed("PS256"),
    "PS256 that says RS256": forging.mislabelled,
    "a changed payload": forging.tampered,
    "a stranger's key under a known kid": forging.impostor,
    "the key in jwk": own_key("jwk"),
    "the key at jku": own_key("jku"),
    "the key at x5u": own_key("x5u"),
    "the key in x5c": own_key("x5c", "x5t"),
    "a key for encryption": forging.signed_with("for encryption"),
    "a key for RS512": forging.signed_with("for RS512"),
    "a weak key": forging.signed_with("weak"),
    "a key of a curve": forging.signed_with("of a curve"),
    "a key for another channel": forging.signed_with("for another channel"),
    "a key without endorsements": forging.signed_with("without endorsements"),
    "a key with endorsements in one word": forging.signed_with("endorsements in one word"),
    "an encrypted token": forging.encrypted,
    "a token in a token": forging.wrapped,
}
HEADS: dict[str, Forge] = {
    "an unknown kid": heading(kid="nobody"),
    "an empty kid": heading(kid=""),
    "no kid": heading(kid=None),
    "a kid that is a number": heading(kid=7),
    "a kid that is a list": heading(kid=["k"]),
    "a kid beyond length": heading(kid="k" * 2000),
    "alg in lower case": heading(alg="rs256"),
    "alg that is a list": heading(alg=["RS256"]),
    "crit": heading(crit=["exp"], exp=NOW + HOUR),
    "crit that is empty": heading(crit=[]),
    "crit and b64": heading(crit=["b64"], b64=False),
    "b64": heading(b64=False),
    "a header that is a list": lambda _: f"{forging.encoded(b'[]')}.e30.x",
    "a header beyond depth": lambda _: f"{forging.encoded(b'[' * 4000)}.e30.x",
    "garbage": lambda _: "garbage",
    "two dots": lambda _: "..",
    "seven thousand letters": lambda _: "a" * 7_000,
    "a signature with padding": lambda platform: platform.issuer.mint(platform.service_url) + "==",
    "four parts": lambda platform: platform.issuer.mint(platform.service_url) + ".e30",
}
CLAIMS: dict[str, Forge] = {
    "another issuer": claiming(iss="https://sts.windows.net/x/"),
    "the issuer with a slash": claiming(iss="https://api.botframework.com/"),
    "the issuer in another case": claiming(iss="https://API.botframework.com"),
    "the issuer in a list": forging.stating(iss=["https://api.botframework.com"]),
    "no issuer": claiming(iss=None),
    "another audience": claiming(aud="another-app"),
    "the audience in another case": claiming(aud=APP_ID.upper()),
    "a list of audiences": claiming(aud=[APP_ID, "another-app"]),
    "a list of us alone": claiming(aud=[APP_ID]),
    "no audience": claiming(aud=None),
    "expired beyond the leeway": claiming(exp=NOW - 400),
    "no exp": claiming(exp=None),
    "exp that is text": claiming(exp="tomorrow"),
    "exp that is digits": claiming(exp=str(NOW + HOUR)),
    "exp that is true": claiming(exp=True),
    "exp that is a list": claiming(exp=[NOW + HOUR]),
    "exp beyond numbers": claiming(exp=float("inf")),
    "exp that is not a number": claiming(exp=float("nan")),
    "exp beyond years": claiming(exp=10**30),
    "exp beyond digits": saying(b'{"exp": 1' + b"0" * 5000 + b"}"),
    "not yet valid": claiming(nbf=NOW + 2 * HOUR),
    "no nbf": claiming(nbf=None),
    "nbf that is text": claiming(nbf="soon"),
    "nbf that is digits": claiming(nbf=str(NOW)),
    "nbf before time": claiming(nbf=-1),
    "issued in the future": claiming(iat=NOW + 2 * HOUR),
    "iat that is digits": claiming(iat=str(NOW)),
    "no serviceurl": claiming(serviceurl=None),
    "an empty serviceurl": claiming(serviceurl=""),
    "serviceurl that is a number": claiming(serviceurl=7),
    "serviceurl of another server": claiming(serviceurl="https://smba.trafficmanager.net/emea/"),
    "serviceurl without its slash": lambda platform: platform.issuer.mint(platform.service_url.rstrip("/")),
    "serviceurl in another case": lambda platform: platform.issuer.mint(platform.service_url.replace("emea", "EMEA")),
    "a payload that is a list": saying(b"[]"),
    "a payload that is empty": saying(b""),
    "a payload beyond depth": saying(b"[" * 4000),
    "a payload that is no text": saying(b"\xff\xfe{}"),
}
BAD_TOKENS = {**FORGED, **HEADS, **CLAIMS}


@pytest.mark.parametrize("case", BAD_TOKENS)
async def test_a_bad_token_is_refused_with_401(bench: AtWork, case: str) -> None:
    """Each is refused, none is a server error, nothing is stored, and nothing is sent anywhere."""
    answered = await status(bench, BAD_TOKENS[case](bench.platform))

    assert (401, [], []) == (answered, bench.desk.arrivals, bench.platform.calls)


async def test_what_is_refused_leaves_no_trace_in_the_database(sqlite_database: str) -> None:
    """Not a row differs after all of them; the good one behind them is stored."""
    async with (
        open_database(sqlite_database) as storage,
        teams_at_work(accept=Intake(storage, FrozenClock()).accept) as bench,
    ):
        bench.platform.issuer.published_besides = forging.published_besides()
        before = _rows(sqlite_database)

        for forge in BAD_TOKENS.values():
            await status(bench, forge(bench.platform))
        after = _rows(sqlite_database)
        answered = await status(bench, good(bench))

        assert (True, 202, True) == (before == after, answered, before != _rows(sqlite_database))


def _rows(url: str) -> list[str]:
    with closing(sqlite3.connect(Path(url.partition(":///")[2]))) as database:
        return list(database.iterdump())


SERVICES = {
    "with a user": "http://us@{host}/emea/",
    "with a user that looks like us": "http://{host}@evil.example/emea/",
    "at another port": "http://127.0.0.1:1/emea/",
    "without a port": "http://127.0.0.1/emea/",
    "over https": "https://{host}/emea/",
    "by another name": "http://localhost:{port}/emea/",
    "of letters that look like ours": "https://smba.trafficm\u0430nager.net/emea/",
    "below a name like ours": "https://smba.trafficmanager.net.evil.example/emea/",
    "with a dot behind": "http://127.0.0.1.:{port}/emea/",
    "with a backslash": "http://evil.example\\@{host}/emea/",
    "with a line in it": "http://{host}/emea/\r\nX: y",
    "of a file": "file:///etc/passwd",
    "relative": "/emea/",
}


@pytest.mark.parametrize("case", SERVICES)
async def test_a_signed_service_url_on_a_foreign_host_is_refused(bench: AtWork, case: str) -> None:
    """Our token would be sent there, so the Bot Framework's own signature is not enough."""
    host = bench.platform.url.removeprefix("http://")
    foreign = SERVICES[case].format(host=host, port=host.partition(":")[2])

    answered = await status(bench, bench.platform.issuer.mint(foreign), activity(foreign))

    assert (401, [], []) == (answered, bench.desk.arrivals, bench.platform.calls)


BAD_ACTIVITIES: dict[str, tuple[int, JsonObject]] = {
    "no serviceUrl": (401, {"serviceUrl": None}),
    "a serviceUrl that is an object": (401, {"serviceUrl": {"a": 1}}),
    "another channel": (401, {"channelId": "webchat"}),
    "the channel in another case": (401, {"channelId": "MSTeams"}),
    "no channel": (401, {"channelId": None}),
    "another tenant": (403, {"channelData": {"tenant": {"id": "evil"}}, "conversation": {"tenantId": "evil"}}),
    "two tenants": (403, {"channelData": {"tenant": {"id": "evil"}}}),
    "no tenant": (403, {"channelData": None, "conversation": {"id": "a:1"}}),
    "a tenant that is a list": (403, {"channelData": {"tenant": [TENANT]}, "conversation": {"id": "a:1"}}),
}


@pytest.mark.parametrize("case", BAD_ACTIVITIES)
async def test_an_activity_that_does_not_fit_its_token_is_refused(bench: AtWork, case: str) -> None:
    """A good token does not help an activity that is another's."""
    expected, changed = BAD_ACTIVITIES[case]

    answered = await status(bench, good(bench), activity(bench.platform.service_url, **changed))

    assert (expected, [], []) == (answered, bench.desk.arrivals, bench.platform.calls)


HEADERS: dict[str, list[tuple[str, str]]] = {
    "none": [],
    "another scheme": [("Authorization", "Basic {good}")],
    "an empty one": [("Authorization", "")],
    "no token": [("Authorization", "Bearer ")],
    "no scheme": [("Authorization", "{good}")],
    "two, both good": [("Authorization", "Bearer {good}"), ("Authorization", "Bearer {good}")],
    "two, the first good": [("Authorization", "Bearer {good}"), ("Authorization", "Bearer x.y.z")],
    "two in one": [("Authorization", "Bearer {good}, Bearer {good}")],
    "a tab for a space": [("Authorization", "Bearer\t{good}")],
    "a tab before the token": [("Authorization", "Bearer \t{good}")],
    "a space in the token": [("Authorization", "Bearer {good} .")],
    "letters of elsewhere": [("Authorization", "Bearer {good}\u00e9")],
    "wide letters": [("Authorization", "B\uff45arer {good}")],
    "beyond length": [("Authorization", "Bearer {good}" + "A" * 7_000)],
}


@pytest.mark.parametrize("case", HEADERS)
async def test_a_request_without_one_bearer_token_is_refused(bench: AtWork, case: str) -> None:
    """Neither nothing nor another scheme opens the endpoint, nor a second header that somebody else might read first."""
    headers = [(name, value.format(good=good(bench))) for name, value in HEADERS[case]]

    answered = await answer(bench, headers)

    assert (401, []) == (answered, bench.desk.arrivals)


async def test_a_header_beyond_all_length_is_refused(bench: AtWork) -> None:
    """The server itself ends it, before anybody reads a token."""
    answered = await answer(bench, [("Authorization", "Bearer " + "A" * 40_000)])

    assert (400, []) == (answered, bench.desk.arrivals)


async def test_a_refusal_says_which_scheme_is_wanted(bench: AtWork) -> None:
    """As RFC 6750 asks."""
    async with bench.platform.http.post(bench.url, json={}) as response:
        assert (401, "Bearer") == (response.status, response.headers["WWW-Authenticate"])


GOOD: dict[str, tuple[str, Forge]] = {
    "a good token": ("Bearer {}", claiming()),
    "a scheme in lower case": ("bearer {}", claiming()),
    "more spaces": ("Bearer   {}  ", claiming()),
    "a little late": ("Bearer {}", claiming(exp=NOW - 200)),
    "a little early": ("Bearer {}", claiming(nbf=NOW + 200)),
    "parts of seconds": ("Bearer {}", claiming(exp=NOW + HOUR + 0.5)),
    "no iat, as the Bot Framework's are": ("Bearer {}", claiming(iat=None)),
    "a header that means nothing to us": ("Bearer {}", heading(x5t="x", typ="JWT")),
}


@pytest.mark.parametrize("case", GOOD)
async def test_a_good_token_is_let_in(bench: AtWork, case: str) -> None:
    """Otherwise the refusals would prove nothing; clocks may differ by five minutes."""
    header, forge = GOOD[case]

    answered = await answer(bench, [("Authorization", header.format(forge(bench.platform)))])

    assert (202, ["hello"]) == (answered, [arrival.message.text for arrival in bench.desk.arrivals])


async def test_a_multi_tenant_bot_hears_every_tenant() -> None:
    """With MICROSOFT_APP_TYPE=MultiTenant the tenant is not compared."""
    async with teams_at_work(app_type="MultiTenant") as bench:
        other = {"channelData": {"tenant": {"id": "other"}}, "conversation": {"id": "a:1", "tenantId": "other"}}

        answered = await status(bench, good(bench), activity(bench.platform.service_url, **other))

        assert (202, "other") == (answered, bench.desk.arrivals[0].conversation.tenant)
