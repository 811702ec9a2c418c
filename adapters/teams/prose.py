"""Markdown as tokens that are safe to show in Teams.

Replies are written by models, tools and people, so their Markdown is data. A parser that others keep reads it (raw HTML is text to
it); here links may only lead to web pages and mail, a label that looks like another address than its target is replaced by the target,
and a bare web address is a link to itself. Pictures become links (a picture is fetched by whoever looks), what only looks like
link markup is broken up, and characters that turn the reading direction are taken out, also those that were written as `&#x202e;`. What is
invisible, or only another dot, hides no address in a label. Both renderings, a text post and a card, start from these tokens, so
neither can forget a rule.
"""

import html
import re
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from adapters.tables import Table, aligned, labelled
from bot.leak.folding import clean

_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LINE = re.compile("[\r\n\x85\u2028\u2029]")
_ALLOWED = ("http://", "https://", "mailto:")
_ADDRESS = re.compile(r"://|^\s*(?:www\.|mailto:)|[\w-]\.[^\W\d_]{2,}|@|\.xn--", re.IGNORECASE)
_DOTS = str.maketrans("\N{IDEOGRAPHIC FULL STOP}\N{LISU LETTER TONE MYA TI}\N{SYRIAC SUBLINEAR FULL STOP}", "...")
"""Further dots for the eye, or for a browser, that are none to Unicode."""
_BARE = re.compile(r"https?://[^\s<>\"'`*|\\^{}\[\]]+[^\s<>\"'`*|\\^{}\[\].,;:!?_~)]")
"""A web address in a text, without the punctuation behind it."""
_SHOWN = 36
"""Characters of a bare address that are shown: a card breaks no words."""
_DECORATION = re.compile(r"^(?:https?://|mailto:)|/$", re.IGNORECASE)


@cache
def _parser() -> MarkdownIt:
    options = {"html": False, "linkify": False, "typographer": False, "breaks": True, "xhtmlOut": True}
    return MarkdownIt("commonmark", options).enable(["strikethrough", "table"])


def tokens(text: str) -> list[Token]:
    """Return the block tokens of `text`, with links and pictures made safe."""
    parsed = _parser().parse(_TURNING.sub("", text))
    for token in parsed:
        if token.type == "inline":
            token.children = list(_safe(token.children or []))
        elif token.type == "fence":
            token.info = ""
    return parsed


def as_html(text: str) -> str:
    """Return `text` as the small HTML that Teams shows in a text post (`textFormat` xml), where tables are set in words."""
    rendered: str = _parser().renderer.render(list(_without_tables(tokens(text))), _parser().options, {})
    return rendered.strip().replace("&quot;", '"')  # no attribute holds one: see `_link`


def as_words(text: str) -> str:
    """Return `text` on one line without markup, for notifications."""
    found = (token.children or [token] for token in tokens(text) if token.type in {"inline", "fence", "code_block"})
    return " ".join(
        "".join(piece.content or (" " if piece.nesting == 0 else "") for piece in pieces) for pieces in found
    )


def straight(words: str) -> str:
    """Return words as one line without what turns their direction; in Markdown an entity may have held either."""
    return _LINE.sub(" ", _TURNING.sub("", words))


def _safe(children: list[Token]) -> Iterator[Token]:
    at = 0
    while at < len(children):
        token = children[at]
        if token.type == "link_open":
            end = next(n for n in range(at, len(children)) if children[n].type == "link_close")
            yield from _link(str(token.attrGet("href") or ""), children[at + 1 : end])
            at = end
        elif token.type == "image":
            yield from _link(str(token.attrGet("src") or ""), [token])
        else:
            yield from _linked(token.content) if token.type == "text" else [token]
        at += 1


def _linked(content: str) -> Iterator[Token]:
    """Give a text, with what only looks like a link broken up, and bare addresses as links."""
    text, done = straight(content).replace("](", "]\N{ZERO WIDTH SPACE}("), 0
    for found in _BARE.finditer(text):
        if found.start() > done:
            yield _text(text[done : found.start()])
        yield from _address(found.group())
        done = found.end()
    if done < len(text) or not text:
        yield _text(text[done:])


def _address(address: str) -> Iterator[Token]:
    """Give a web address as a link to itself; of a long one its beginning is shown, with the host."""
    target = _parser().normalizeLink(address).replace('"', "%22")
    shown = address if len(address) <= _SHOWN else f"{address[:_SHOWN]}…"
    yield Token("link_open", "a", 1, attrs={"href": target})
    yield _text(shown)
    yield Token("link_close", "a", -1)


def _without_tables(found: list[Token]) -> Iterator[Token]:
    rows: list[list[str]] | None = None
    for token in found:
        if token.type == "table_open":
            rows = []
        elif rows is None:
            yield token
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append("".join(piece.content for piece in token.children or []))
        elif token.type == "table_close":
            table, rows = Table(rows=tuple(map(tuple, rows))), None
            yield _set(table)


def _set(table: Table) -> Token:
    narrow = aligned(table)
    if narrow:
        return Token("fence", "code", 0, content=narrow)
    lines = labelled(table, lambda words: html.escape(words, quote=False)).replace("\n", "<br />\n")
    return Token("html_block", "", 0, content=f"<p>{lines}</p>\n")


def _link(target: str, label: list[Token]) -> Iterator[Token]:
    target = target.replace('"', "%22")
    label = [_labelling(token) for token in label]
    shown = "".join(token.content for token in label)
    if not target.lower().startswith(_ALLOWED):
        yield from label
        yield _text(f" ({target})" if target else "")
        return
    seen = clean(shown).translate(_DOTS)
    if not seen.strip() or (_ADDRESS.search(seen) and _bare(shown) != _bare(target)):
        label = [_text(target)]
    yield Token("link_open", "a", 1, attrs={"href": target})
    yield from label
    yield Token("link_close", "a", -1)


def _labelling(token: Token) -> Token:
    """Return a piece of a label as it is shown; a picture as its words."""
    if token.type == "image":
        return _text(straight(token.content) or "picture")
    return _text(straight(token.content)) if token.type == "text" else token


def _bare(address: str) -> str:
    return _DECORATION.sub("", address.strip()).removesuffix("/").casefold()


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
