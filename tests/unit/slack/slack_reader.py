"""Slack's markup as Slack reads it, written for the tests alone: it shares nothing with what produces it.

In mrkdwn everything between `<` and `>` is a tag: a mention (`@`, `#`, `!`) or a link with an optional label. In the Markdown of
streams the tags are alive as well, and links are written in brackets. A label lies when a reader would take it for
another place than the one that the link goes to.
"""

import html
import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

NASTY = Path(__file__).resolve().parents[4] / "shared" / "data" / "nasty" / "blns.json"
_HOSTLIKE = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE)
_PING = re.compile(r"(?<![\w.])@(?:here|channel|everyone)\b", re.IGNORECASE)


def nasty_strings() -> list[str]:
    """Read the list of naughty strings; empty where it is not beside the repository."""
    found: list[str] = json.loads(NASTY.read_text()) if NASTY.is_file() else []
    return found


def texts(node: object) -> Iterator[dict[str, Any]]:
    """Give every text object of blocks, whatever holds it."""
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node
        for value in node.values():
            yield from texts(value)
    elif isinstance(node, list):
        for item in node:
            yield from texts(item)


def dangers(text: str) -> list[str]:
    """List what is wrong with a text that Slack reads as mrkdwn."""
    found: list[str] = []
    at = 0
    while (start := text.find("<", at)) >= 0:
        end = text.find(">", start)
        tag = text[start + 1 : end if end >= 0 else None]
        if end < 0 or tag[:1] in {"!", "@", "#"}:
            found.append(f"tag {tag!r}")
            break
        target, _, label = tag.partition("|")
        found += _lies(html.unescape(target), html.unescape(label), text[end + 1 :])
        at = end + 1
    bare = re.sub(r"<[^<>]*>", "", text)
    return found + [f"ping {ping}" for ping in _PING.findall(bare)]


def plain_dangers(text: str) -> list[str]:
    """List what would be wrong with a plain_text, were it read as markup after all."""
    tags = re.findall(r"<[!@#a-z][^\u200b]*", text, re.IGNORECASE)
    return [tag for tag in tags if re.match(r"<(?:[!@#]|[a-z][a-z0-9+.-]*:)", tag, re.IGNORECASE)] + _PING.findall(text)


def stream_dangers(text: str) -> list[str]:
    """List what is wrong with a text that Slack reads as Markdown."""
    found = [f"bracket in {text!r}"] if "<" in text or ">" in text else []
    found += [f"ping {ping}" for ping in _PING.findall(text)]
    environment: dict[str, Any] = {}
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for token in reader.parse(text, environment):
        if token.type in {"html_block", "table_open"}:
            found.append(token.type)
        found += list(_inline_dangers(token.children or []))
    return found + (["a definition"] if environment.get("references") else [])


def _inline_dangers(tokens: list[Token]) -> Iterator[str]:
    for number, token in enumerate(tokens):
        if token.type in {"html_inline", "image"}:
            yield token.type
        if token.type == "link_open":
            closing = next(at for at in range(number, len(tokens)) if tokens[at].type == "link_close")
            label = "".join(inner.content for inner in tokens[number:closing])
            behind = "".join(inner.content for inner in tokens[closing : closing + 2])
            yield from _lies(str(token.attrs["href"]), label, behind)


def _lies(target: str, label: str, behind: str) -> list[str]:
    if target.lower().startswith("mailto:"):
        host = target[7:]
    elif re.match(r"https?://", target, re.IGNORECASE):
        parsed = urlsplit(target)
        host = parsed.hostname or ""
        if parsed.username is not None:
            return [f"user in {target!r}"]
    else:
        return [f"address {target!r}"]
    said = unicodedata.normalize("NFKC", label).replace("\u200b", "").strip()
    if not said:
        return []
    hosts = [name.casefold() for name in _HOSTLIKE.findall(said)]
    if hosts and (said.casefold() == host.casefold() or hosts == [host.casefold()]):
        return []
    if hosts:
        return [f"{label!r} goes to {host}"]
    return (
        []
        if html.unescape(behind).strip().casefold().startswith(f"({host.casefold()}") or said == host
        else [f"{label!r} hides {host}"]
    )
