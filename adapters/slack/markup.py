"""Slack's markup undone: what a person typed, as a person would read it.

Slack sends mentions, channels and links as `<…>` and escapes the three characters that this needs. Whatever else is in
angle brackets was put there by Slack, never by the author, whose own brackets arrive escaped.
Emphasis marks stay: they read well as they are, and a `*` that was meant is not told from one that was not.
"""

import re
from collections.abc import Collection

LIMIT = 40_000
"""Characters of one message; Slack cuts there too."""

_TAG = re.compile(r"<([^<>]*)>( ?)")
_AFTER_MENTION = re.compile(r"^[\s,:;]+")
_SCHEME = re.compile(r"^(?:https?://|mailto:|tel:)", re.IGNORECASE)


def mentions(text: str, users: Collection[str]) -> bool:
    """Tell whether `text` mentions one of `users` (user ids)."""
    return any(_user(match[1]) in users for match in _TAG.finditer(text))


def plain(text: str, own: Collection[str]) -> str:
    """Return `text` without markup and without mentions of `own`, the bot's user ids; at most 40,000 characters."""

    def undo(match: re.Match[str]) -> str:
        return "" if _user(match[1]) in own else _undone(match[1]) + match[2]

    words = _TAG.sub(undo, text)
    if match := _TAG.match(text.lstrip()):
        words = _AFTER_MENTION.sub("", words) if _user(match[1]) in own else words
    words = words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return words.strip()[:LIMIT]


def _user(tag: str) -> str:
    return tag[1:].partition("|")[0] if tag.startswith("@") else ""


def _undone(tag: str) -> str:
    target, _, label = tag.partition("|")
    if target[:1] in {"@", "#"}:
        return target[0] + (label.removeprefix(target[0]) or target[1:])
    if target.startswith("!"):
        return label or "@" + target[1:].split("^")[-1]
    address = re.sub(r"^(?:mailto|tel):", "", target)
    if not label or label in {target, address, _SCHEME.sub("", target), _SCHEME.sub("", target).rstrip("/")}:
        return address
    return f"{label} ({address})"
