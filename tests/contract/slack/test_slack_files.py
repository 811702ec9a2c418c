"""Attached files are fetched from Slack itself, small and as text, or there is a sentence why not; the token goes nowhere else."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from adapters.slack.calls import Calls
from adapters.slack.connect import Slack
from adapters.slack.files import LARGEST, SlackFiles
from adapters.slack.payload import Json
from bot.errors import DeskmateError, PermanentError, TemporaryError
from bot.file import File
from tests.contract.slack.connected import StillClock, connected, furnished, place
from tests.fakes.slack import TEAM, TOKEN, LocalSlack


@pytest.fixture
async def server() -> AsyncIterator[LocalSlack]:
    async with furnished() as slack:
        yield slack


@pytest.fixture
async def slack(server: LocalSlack) -> AsyncIterator[Slack]:
    made = connected(server, StillClock())
    yield made
    await made.close()


def attached(server: LocalSlack, content: str | bytes, name: str = "a.log", mimetype: str = "text/plain") -> File:
    """Put a file where the bot is; return it as it is recorded."""
    given = content if isinstance(content, bytes) else content.encode()
    key = f"F{len(server.workspace.files):04d}"
    link = f"{server.url}/files-pri/{TEAM}-{key}/{name}"
    kind = {"name": name, "mimetype": mimetype, "mode": "hosted", "is_external": False}
    server.workspace.files[key] = {"id": key, **kind, "size": len(given), "url_private": link, "channels": ["C1"]}
    server.workspace.contents[key] = given
    return File(name=name, key=key)


@pytest.mark.parametrize(
    ("name", "mimetype", "content", "expected"),
    [
        ("a.log", "text/plain", "disk failing\n", "disk failing\n"),
        ("a.csv", "text/csv", "a;b", "a;b"),
        ("a.json", "application/json", '{"a": 1}', '{"a": 1}'),
        ("notes.md", "application/octet-stream", "# Title", "# Title"),
        ("page.html", "text/html", "<h1>Hi</h1><script>steal()</script><p>a &amp; b</p>", "Hi\na & b"),
        ("mark.txt", "text/plain", b"\xef\xbb\xbfgr\xc3\xbc\xc3\x9fe", "grüße"),
        ("wide.txt", "text/plain", "grüße".encode("utf-16"), "grüße"),
        ("old.txt", "text/plain", b"gr\xfc\xdfe", "grüße"),
        ("empty.txt", "text/plain", "", ""),
    ],
)
async def test_text_of_every_kind_is_read(
    server: LocalSlack, slack: Slack, name: str, mimetype: str, content: str | bytes, expected: str
) -> None:
    """By its type, or by its name where the type says nothing; a page as what it shows."""
    file = attached(server, content, name, mimetype)

    assert expected == await slack.files.text(file, place())


@pytest.mark.parametrize(
    ("name", "mimetype", "content", "sentence"),
    [
        ("photo.png", "image/png", b"\x89PNG", "photo.png is no text (image/png)"),
        ("report.pdf", "application/pdf", b"%PDF", "report.pdf is no text"),
        ("run.exe", "application/octet-stream", b"MZ", "run.exe is no text"),
        ("not.txt", "text/plain", b"a\0b", "is no text, whatever it is called"),
        ("big.log", "text/plain", b"x" * (LARGEST + 1), "big.log is larger than 5 MB"),
    ],
)
async def test_what_is_no_text_or_too_large_is_refused_in_a_sentence(
    server: LocalSlack, slack: Slack, name: str, mimetype: str, content: bytes, sentence: str
) -> None:
    """The coworker reads why, and asks for the text itself."""
    file = attached(server, content, name, mimetype)

    with pytest.raises(PermanentError) as refused:
        await slack.files.text(file, place())

    assert sentence in str(refused.value)


async def test_a_file_that_says_it_is_small_is_not_read_beyond_the_limit(server: LocalSlack, slack: Slack) -> None:
    """What comes counts, not what was told."""
    file = attached(server, b"x" * (LARGEST + 1))
    server.workspace.files[file.key]["size"] = 10

    with pytest.raises(PermanentError, match="larger than"):
        await slack.files.text(file, place())


@pytest.mark.parametrize("told", [{"is_external": True}, {"mode": "tombstone"}, {"mode": "hidden_by_limit"}])
async def test_what_does_not_lie_in_slack_is_not_fetched(
    server: LocalSlack, slack: Slack, told: dict[str, object]
) -> None:
    """A file of another service, or one that is deleted."""
    file = attached(server, "secret")
    server.workspace.files[file.key].update(told)

    with pytest.raises(PermanentError, match="does not lie in Slack"):
        await slack.files.text(file, place())

    assert [] == server.downloads


async def test_a_file_that_slack_does_not_know_is_refused(slack: Slack) -> None:
    """Nor one without an id."""
    for file in (File(name="a.log", key="F404"), File(name="a.log")):
        with pytest.raises(DeskmateError):
            await slack.files.text(file, place())


class Told(Calls):
    """Calls that answer files.info with one document."""

    def __init__(self, document: Json) -> None:
        self._document = document

    @property
    def token(self) -> str:
        """The token that must not leak."""
        return TOKEN

    async def ask(self, method: str, **arguments: str | int | bool) -> Json:
        """Answer every question with the document."""
        return {"file": self._document}


class Trap:
    """A server that answers as a test wants, and remembers who showed it a token."""

    def __init__(self) -> None:
        self.url = ""
        self.shown: list[str] = []
        self.answer = web.Response()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.shown.append(request.headers.get("Authorization", ""))
        return self.answer


@asynccontextmanager
async def trapping() -> AsyncIterator[Trap]:
    trap = Trap()
    application = web.Application()
    application.router.add_get("/{rest:.*}", trap.handle)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    trap.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield trap
    await runner.cleanup()


async def fetched(link: str, api_url: str) -> str:
    document = {"id": "F1", "name": "a.log", "mimetype": "text/plain", "mode": "hosted", "url_private": link}
    async with aiohttp.ClientSession() as http:
        files = SlackFiles(calls=lambda _: Told(document), http=http, api_url=api_url)
        return await files.text(File(name="a.log", key="F1"), place())


@pytest.mark.parametrize(
    "link",
    [
        "{trap}/file",
        "https://slack.com.evil.example/file",
        "https://evilslack.com/file",
        "https://slack.com@evil.example/file",
        "https://user:pass@files.slack.com/file",
        "http://files.slack.com/file",
        "https://files.slack.com:8443/file",
        "https://files.slack.com:x/file",
        "https://[/",
        "file:///etc/passwd",
        "",
    ],
)
async def test_the_token_is_shown_to_slacks_own_hosts_only(link: str) -> None:
    """Whatever address is told for a file."""
    async with trapping() as trap:
        with pytest.raises(PermanentError, match="own servers"):
            await fetched(link.format(trap=trap.url), "https://slack.com/api/")

    assert [] == trap.shown


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda thief: web.Response(status=302, headers={"Location": f"{thief}/login"}), PermanentError),
        (lambda _: web.Response(text="<html>Sign in</html>", content_type="text/html"), PermanentError),
        (lambda _: web.Response(status=403), PermanentError),
        (lambda _: web.Response(status=429, headers={"Retry-After": "9"}), TemporaryError),
        (lambda _: web.Response(status=502), TemporaryError),
    ],
)
async def test_a_redirect_a_sign_in_page_or_a_failure_gives_no_text(
    answer: Callable[[str], web.Response], error: type[DeskmateError]
) -> None:
    """A redirect is not followed, so whoever it leads to sees no token."""
    async with trapping() as thief, trapping() as trap:
        trap.answer = answer(thief.url)
        with pytest.raises(error):
            await fetched(f"{trap.url}/file", f"{trap.url}/api/")

    assert [f"Bearer {TOKEN}"] == trap.shown
    assert [] == thief.shown


async def test_a_server_that_is_not_there_may_be_asked_later() -> None:
    """Nothing was done, and reading can be repeated."""
    with pytest.raises(TemporaryError):
        await fetched("http://127.0.0.1:9/file", "http://127.0.0.1:9/api/")
