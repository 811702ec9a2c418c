"""Fetches the text of a file that somebody attached in Slack, because a coworker that may asks for it.

Slack gives files only to who shows the bot's token, so the token goes along: to Slack's own hosts and over https alone, and never on
to where a redirect leads. What Slack tells of the file is judged before anything is fetched, and what comes is judged again: its size
while it is read, and that it is text at all.
"""

import asyncio
import codecs
import html
import re
from collections.abc import Callable
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
_TAG = re.compile(r"</?([a-z][a-z0-9]*|!|\?)", re.IGNORECASE)
_HIDDEN = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "template", "noscript")}
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
        page = kind == "text/html"
        content = await self._fetched(link, calls.token, file.name, page=page)
        return await asyncio.to_thread(_read, content, file.name, page=page)

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

    async def _fetched(self, link: str, token: str, name: str, *, page: bool) -> bytes:
        headers = {"Authorization": f"Bearer {token}"}
        try:
            async with (
                asyncio.timeout(_SECONDS),
                self._http.get(link, headers=headers, allow_redirects=False) as answer,
            ):
                if answer.status == _TOO_MANY or answer.status >= _SERVER_ERROR:
                    raise TemporaryError(f"Slack does not give {name} now (HTTP {answer.status}).", delay=5.0)
                sign_in = answer.content_type == "text/html" and not page
                if answer.status != _OK or sign_in:
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


def _read(content: bytes, name: str, *, page: bool) -> str:
    """Return the text; what is not UTF-8, and has no mark that says otherwise, is read as Windows does."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        found = content.decode(encoding)
    except UnicodeDecodeError:
        found = content.decode("cp1252", "replace")
    if "\0" in found:
        raise PermanentError(f"{name} is no text, whatever it is called; ask what is in it.")
    return _words(found) if page else found


def _words(page: str) -> str:
    """Return what a page shows, a line for each block.

    It is scanned once from front to back: Python's own parser takes minutes for some hundred kilobytes that are made for that.
    """
    kept: list[str] = []
    at = 0
    while (begin := page.find("<", at)) >= 0:
        kept.append(page[at:begin])
        tag = _TAG.match(page, begin)
        if tag is None:
            kept.append("<")
            at = begin + 1
            continue
        name = tag[1].lower()
        kept.append("\n" if name in _BREAKS else "")
        at = _behind(page, begin, name)
    kept.append(page[at:])
    lines = (" ".join(line.split()) for line in html.unescape("".join(kept)).splitlines())
    return "\n".join(line for line in lines if line)


def _behind(page: str, begin: int, name: str) -> int:
    """Return where the text goes on behind a tag, a comment, or what nobody sees."""
    if page.startswith("<!--", begin):
        end = page.find("-->", begin)
        return end + 3 if end >= 0 else len(page)
    closing = _HIDDEN[name].search(page, begin) if name in _HIDDEN else None
    if name in _HIDDEN and closing is None:
        return len(page)
    end = page.find(">", closing.start() if closing else begin)
    return end + 1 if end >= 0 else len(page)


def _origin(address: str) -> tuple[str, str, int | None]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname or "", parts.port
