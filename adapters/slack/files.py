"""Fetches the text of a file that somebody attached in Slack, because a coworker that may asks for it.

Slack gives files only to who shows the bot's token, so the token goes along: to Slack's own hosts and over https alone, and never on
to where a redirect leads. What Slack tells of the file is judged before anything is fetched, and what comes is judged again: its size
while it is read, and that it is text at all.
"""

import asyncio
import codecs
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urlsplit

import aiohttp

from adapters.slack.calls import Calls
from adapters.slack.payload import Json, flag, part, text
from bot.conversation import Conversation
from bot.errors import PermanentError, TemporaryError
from bot.file import File

LARGEST = 5 * 1024 * 1024
"""Bytes."""
_SECONDS = 10.0
_PIECE = 64 * 1024
_NAME_LIMIT, _TYPE_LIMIT, _LINK_LIMIT = 255, 120, 2_000
_PLAIN = frozenset(
    {
        "application/json",
        "application/ld+json",
        "application/toml",
        "application/x-ndjson",
        "application/x-yaml",
        "application/xml",
        "application/yaml",
    }
)
_VAGUE = frozenset({"", "application/octet-stream"})
_SUFFIXES = (
    *(".cfg", ".conf", ".csv", ".htm", ".html", ".ini", ".json", ".jsonl", ".log"),
    *(".markdown", ".md", ".ndjson", ".toml", ".tsv", ".txt", ".xml", ".yaml", ".yml"),
)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_TOO_MANY, _SERVER_ERROR, _OK = 429, 500, 200
_HIDDEN = frozenset({"script", "style", "template", "noscript"})
_BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "section"})


class SlackFiles:
    """Satisfies `bot.attachments.Attachments`."""

    def __init__(self, *, calls: Callable[[str], Calls], http: aiohttp.ClientSession, api_url: str) -> None:
        """Take the calls of each team; `api_url` is where the token goes anyway, so its host is trusted like Slack's."""
        self._calls = calls
        self._http = http
        self._origin = _origin(api_url)

    async def text(self, file: File, conversation: Conversation) -> str:
        """As `Attachments.text`."""
        if not file.key:
            raise PermanentError(f"Slack gave no id for {file.name}; ask for the text itself.")
        calls = self._calls(conversation.tenant)
        told = part(await calls.ask("files.info", file=file.key), "file")
        kind = _suitable(told, file.name)
        link = text(told, "url_private_download", _LINK_LIMIT) or text(told, "url_private", _LINK_LIMIT)
        if not self._slacks_own(link):
            raise PermanentError(f"{file.name} does not lie on Slack's own servers; ask for the text itself.")
        content = await self._fetched(link, calls.token, file.name, html=kind == "text/html")
        return _read(content, file.name, html=kind == "text/html")

    def _slacks_own(self, link: str) -> bool:
        """Tell whether the token may go to this address."""
        try:
            parts = urlsplit(link)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return False
        if parts.username or parts.password:
            return False
        slack = parts.scheme == "https" and port in {None, 443} and (host == "slack.com" or host.endswith(".slack.com"))
        return slack or (bool(host) and _origin(link) == self._origin)

    async def _fetched(self, link: str, token: str, name: str, *, html: bool) -> bytes:
        headers = {"Authorization": f"Bearer {token}"}
        try:
            async with (
                asyncio.timeout(_SECONDS),
                self._http.get(link, headers=headers, allow_redirects=False) as answer,
            ):
                if answer.status == _TOO_MANY or answer.status >= _SERVER_ERROR:
                    raise TemporaryError(f"Slack does not give {name} now (HTTP {answer.status}).", delay=5.0)
                page = answer.content_type == "text/html" and not html
                if answer.status != _OK or page:
                    raise PermanentError(
                        f"Slack does not give {name} to the bot (HTTP {answer.status}). Check that the app has files:read, "
                        "or ask for the text itself."
                    )
                return await _limited(answer, name)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise TemporaryError(f"Slack did not give {name} within {_SECONDS:g} seconds.", delay=5.0) from error


async def _limited(answer: aiohttp.ClientResponse, name: str) -> bytes:
    content = bytearray()
    async for piece in answer.content.iter_chunked(_PIECE):
        content += piece
        if len(content) > LARGEST:
            raise _too_large(name)
    return bytes(content)


def _suitable(told: Json, name: str) -> str:
    """Return the media type of a file that can be read as text; `PermanentError` says why another cannot."""
    if flag(told, "is_external") or text(told, "mode", 40) in {"external", "tombstone", "hidden_by_limit"}:
        raise PermanentError(f"{name} does not lie in Slack (any more); ask for the text itself.")
    size = told.get("size")
    if isinstance(size, int) and size > LARGEST:
        raise _too_large(name)
    kind = text(told, "mimetype", _TYPE_LIMIT).partition(";")[0].strip().lower()
    called = text(told, "name", _NAME_LIMIT) or name
    by_name = kind in _VAGUE and called.lower().endswith(_SUFFIXES)
    if not (kind.startswith("text/") or kind in _PLAIN or by_name):
        raise PermanentError(f"{name} is no text ({kind or 'unknown type'}), so it cannot be read; ask what is in it.")
    return "text/html" if by_name and called.lower().endswith((".htm", ".html")) else kind


def _too_large(name: str) -> PermanentError:
    return PermanentError(f"{name} is larger than {LARGEST // 1024 // 1024} MB; ask for the part that matters.")


def _read(content: bytes, name: str, *, html: bool) -> str:
    """Return the text; what is not UTF-8, and has no mark that says otherwise, is read as Windows does."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        found = content.decode(encoding)
    except UnicodeDecodeError:
        found = content.decode("cp1252", "replace")
    if "\0" in found:
        raise PermanentError(f"{name} is no text, whatever it is called; ask what is in it.")
    return _words(found) if html else found


class _Words(HTMLParser):
    """Keeps what a page shows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.kept: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Begin a line, or what nobody sees."""
        self._hidden += tag in _HIDDEN
        if tag in _BREAKS:
            self.kept.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End what nobody sees."""
        self._hidden = max(0, self._hidden - (tag in _HIDDEN))

    def handle_data(self, data: str) -> None:
        """Keep words."""
        if not self._hidden:
            self.kept.append(data)


def _words(page: str) -> str:
    parser = _Words()
    parser.feed(page)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.kept).splitlines())
    return "\n".join(line for line in lines if line)


def _origin(address: str) -> tuple[str, str, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname or "", parts.port
