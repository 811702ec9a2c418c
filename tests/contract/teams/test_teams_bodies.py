"""Bodies that no activity has, with a good token: 2xx, 4xx or 503, and never a traceback."""

import asyncio
import gzip
import json
import logging
import zlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from aiohttp import ClientTimeout

from adapters.teams import endpoint
from tests.contract.teams.forging import activity
from tests.contract.teams.teams_at_work import AtWork, teams_at_work

SHORT = ClientTimeout(total=5)
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[AtWork]:
    """Give one bot for all bodies."""
    async with teams_at_work() as both:
        yield both


@pytest.fixture
def bench(shared: AtWork) -> AtWork:
    """Give that bot with nothing arrived."""
    shared.desk.arrivals.clear()
    return shared


async def sent(bench: AtWork, body: bytes, **headers: str) -> int:
    """Post these bytes with a good token and give the HTTP status."""
    good = bench.platform.issuer.mint(bench.platform.service_url)
    given = {"Authorization": f"Bearer {good}", "Content-Type": "application/json"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    async with bench.platform.http.post(bench.url, data=body, headers=given, timeout=SHORT) as response:
        return response.status


def text(bench: AtWork) -> str:
    """Give a good activity as JSON."""
    return json.dumps(activity(bench.platform.service_url))


def failures(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Give what was logged as an error while the request was answered; aiohttp tells once more when it throws the rest away."""
    found = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    return [message for message in found if message != "Unhandled exception"]


BOMB = gzip.compress(b" " * 50_000_000, 1)
PACKED: dict[str, tuple[int, str, bytes]] = {
    "a bomb of gzip": (413, "gzip", BOMB),
    "a bomb of deflate": (413, "deflate", zlib.compress(b" " * 50_000_000, 1)),
    "a bomb in a bomb": (400, "gzip", gzip.compress(BOMB, 1)),
    "gzip that is none": (400, "gzip", b"{}"),
    "gzip that ends early": (400, "gzip", gzip.compress(b'{"type": "message"}' * 50)[:-12]),
    "a packing that nobody knows": (400, "zip", b"{}x"),
}


@pytest.mark.parametrize("case", PACKED)
async def test_what_is_packed_badly_is_refused(bench: AtWork, caplog: pytest.LogCaptureFixture, case: str) -> None:
    """A small body that becomes a large one ends at the limit, and a broken one is the sender's fault."""
    expected, encoding, body = PACKED[case]

    answered = await sent(bench, body, Content_Encoding=encoding)

    assert (expected, [], []) == (answered, bench.desk.arrivals, failures(caplog))


async def test_what_the_server_itself_cannot_read_is_refused(bench: AtWork) -> None:
    """Before anybody asks who sent it."""
    assert (400, []) == (await sent(bench, b"\x00\x01\x02", Content_Encoding="deflate"), bench.desk.arrivals)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_what_is_packed_well_is_read(bench: AtWork, encoding: str) -> None:
    """As HTTP allows."""
    packed = (gzip.compress if encoding == "gzip" else zlib.compress)(text(bench).encode())

    answered = await sent(bench, packed, Content_Encoding=encoding)

    assert (202, ["hello"]) == (answered, [arrival.message.text for arrival in bench.desk.arrivals])


CHARSETS = {"utf-8": 202, "utf-8-sig": 202, "utf-16": 202, "utf-32": 202, "utf-7": 202, "cp500": 400}


@pytest.mark.parametrize("charset", CHARSETS)
async def test_another_charset_is_json_or_refused(
    bench: AtWork, caplog: pytest.LogCaptureFixture, charset: str
) -> None:
    """JSON says itself in which of its charsets it is; what the header claims decides nothing."""
    body = text(bench).replace("hello", "h\u00e9llo").encode(charset)

    answered = await sent(bench, body, Content_Type="application/json; charset=iso-8859-1")

    assert (CHARSETS[charset], []) == (answered, failures(caplog))


@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data; boundary=x", "", "application/x-www-form-urlencoded"]
)
async def test_another_content_type_opens_nothing(bench: AtWork, kind: str) -> None:
    """The body is an activity or it is not."""
    statuses = [await sent(bench, body, Content_Type=kind) for body in (b"a=1&b=2", b"--x\r\n", text(bench).encode())]

    assert [400, 400, 202] == statuses


ODD: dict[str, tuple[int, str]] = {
    "two service URLs, the last one ours": (202, '{"serviceUrl": "https://evil.example/", '),
    "two tenants": (202, '{"channelData": {"tenant": {"id": "evil"}}, '),
    "lists without end": (400, '{"x": ' + "[" * 200_000 + ", "),
    "objects without end": (400, '{"x": ' + '{"a":' * 100_000 + ", "),
    "deep but whole": (202, '{"x": ' + "[" * 900 + "]" * 900 + ", "),
    "a number of ten thousand digits": (400, '{"x": 1' + "0" * 10_000 + ", "),
    "not a number": (202, '{"x": NaN, '),
    "an exponent beyond all": (202, '{"x": 1e999999, '),
    "half a letter": (202, '{"x": "\\ud800", '),
    "nothing in a text": (202, '{"x": "\\u0000", '),
}


@pytest.mark.parametrize("case", ODD)
async def test_odd_json_is_read_or_refused(bench: AtWork, caplog: pytest.LogCaptureFixture, case: str) -> None:
    """Checked and used is the same document, so a key that is there twice gains nothing."""
    expected, beginning = ODD[case]

    answered = await sent(bench, (beginning + text(bench)[1:]).encode())

    assert (expected, []) == (answered, failures(caplog))
    assert {bench.platform.service_url} >= {
        arrival.conversation.address["service_url"] for arrival in bench.desk.arrivals
    }


async def test_the_last_of_two_service_urls_must_be_the_tokens(bench: AtWork) -> None:
    """Otherwise what was checked would not be what is used."""
    body = text(bench)[:-1] + ', "serviceUrl": "https://evil.example/"}'

    assert (401, []) == (await sent(bench, body.encode()), bench.desk.arrivals)


async def raw(bench: AtWork, body: bytes, *, length: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Begin a request that says how long its body is, and send this much of it."""
    where = urlsplit(bench.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    good = bench.platform.issuer.mint(bench.platform.service_url)
    head = f"POST {where.path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {good}\r\nContent-Length: {length}\r\n\r\n"
    writer.write(head.encode() + body)
    return reader, writer


async def test_a_body_that_does_not_come_is_given_up(
    bench: AtWork, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Before Teams itself would give up; whoever only holds connections open holds nothing else."""
    monkeypatch.setattr(endpoint, "PATIENCE", 0.05)
    reader, writer = await raw(bench, b'{"type": ', length=100)

    answered = await asyncio.wait_for(reader.readline(), 5)

    assert (b"HTTP/1.1 408 Request Timeout\r\n", []) == (answered, failures(caplog))
    writer.close()


async def test_a_sender_who_leaves_is_no_error(bench: AtWork, caplog: pytest.LogCaptureFixture) -> None:
    """In the middle of a body; the next one is heard."""
    _, writer = await raw(bench, b'{"type": ', length=100)
    await writer.drain()
    writer.close()
    await writer.wait_closed()

    answered = await sent(bench, text(bench).encode())

    assert (202, []) == (answered, failures(caplog))
