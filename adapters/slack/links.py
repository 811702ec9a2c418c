"""Links as Slack takes them, none of which may lie about where it goes.

A label is followed by the real host; a label that looks like an address itself is dropped and the address shown. What is
not plainly http, https or mailto stays text. `<`, `>` and `|` are the only characters with a meaning inside Slack's angle
brackets, so they are encoded there, and a label is escaped like any text.
"""

import re
import unicodedata
from urllib.parse import urlsplit

from bot.graphemes import safe_cut

_LONGEST, _LABEL = 1_500, 200
"""Characters of an address as Slack is sent it, and of a label: both fit into one section together."""
_HTTP = re.compile(r"https?://[\x21-\x7e]+", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9.:-]+")
_MAILTO = re.compile(r"mailto:([A-Za-z0-9.!#$%&'*+/=?^_{}~-]+@[A-Za-z0-9.-]+)", re.IGNORECASE)
LIKE_ADDRESS = re.compile(r"://|@|\bwww\.|\w\.\w{2,}", re.IGNORECASE)
_BARE = re.compile(r"https?://[^\s<>|\"`]+", re.IGNORECASE)
_CLOSING = ".,;:!?)]}'*_~"
_UNSAFE = re.compile("[\x00\ud800-\udfff]|[\u202a-\u202e\u2066-\u2069]")
"""What cannot be sent, and what turns the direction of reading round so that an address seems another."""
_PING = re.compile(r"(?<![\w.])@(?=here|channel|everyone)", re.IGNORECASE)
"""A name that calls many, also where more follows: a text may be cut behind it."""
_BRACKET = re.compile(r"<(?=[!@#]|[a-z][a-z0-9+.-]*:)", re.IGNORECASE)
"""A bracket that begins a mention, a command or a link where Slack reads them."""


def plain(text: str, limit: int) -> str:
    """Return `text` for one of Slack's plain_text objects (labels, options, titles): one line, at most `limit` characters.

    Slack reads no markup there; what would be markup elsewhere is broken all the same. It may come out empty.
    """
    words = " ".join(unpinged(text).split())
    words = _BRACKET.sub("<\u200b", words)
    if len(words) <= limit:
        return words
    cut = next((at for at in range(limit - 1, 0, -1) if safe_cut(words, at)), limit - 1)
    return words[:cut].rstrip() + "…"


def unpinged(text: str) -> str:
    """Return `text` with spelled pings broken and without what cannot be sent; brackets stay."""
    return _PING.sub("@\u200b", _UNSAFE.sub("\ufffd", text))


def escaped(text: str) -> str:
    """Return `text` so that Slack reads no mention, link or command in it."""
    return unpinged(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def link(address: str, label: str) -> str:
    """Return a link to `address`, escaped; what is no safe link becomes text that shows both."""
    words = " ".join(label.split())
    shown = where(address)
    target = address.replace("&", "&amp;").replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")
    if shown is None or len(target) > _LONGEST:
        return escaped(address if words in {"", address} else f"{words} ({address})")
    if not words or LIKE_ADDRESS.search(unicodedata.normalize("NFKC", words)):
        return f"<{target}>" if address.lower().startswith("http") else f"<{target}|{escaped(shown)}>"
    return f"<{target}|{escaped(words[:_LABEL])}> ({escaped(shown)})"


def linked(text: str) -> str:
    """Return `text` escaped, with the addresses in it as links."""
    done, end = [], 0
    for address in addresses(text):
        start = text.index(address, end)
        done += [escaped(text[end:start]), link(address, "")]
        end = start + len(address)
    return "".join([*done, escaped(text[end:])])


def addresses(text: str) -> list[str]:
    """Return the http addresses in `text`, in order, without the punctuation behind them."""
    return [match[0].rstrip(_CLOSING) for match in _BARE.finditer(text)]


def where(address: str) -> str | None:
    """Return the host (or the mail address) that people are shown; None when `address` is not to be a link."""
    if mail := _MAILTO.fullmatch(address):
        return mail[1]
    if not _HTTP.fullmatch(address):
        return None
    try:
        parsed = urlsplit(address)
        host = parsed.hostname or ""
        plain = parsed.username is None and parsed.port != 0
    except ValueError:
        return None
    return host if plain and _HOST.fullmatch(host) else None
