"""From the text that Teams sends to the text that was meant.

Teams marks mentions with tags, escapes HTML and pads with no-break spaces. A mention is replaced where its entity says it is: the
entities of one name are matched with its places in order, so that a bot called "Help" does not swallow the word "help", nor a
colleague of the same name. What a person typed as `<b>` arrives escaped and stays what they typed.
"""

import html
import re
from collections.abc import Iterable

LONGEST = 40_000
_NAMES = (
    "a|at|attachment|b|blockquote|br|code|codeblock|del|div|em|emoji|font|h[1-6]|hr|i|img|li|ol|p|pre|quoted|readonly|s|span|strike"
    "|strong|sub|sup|systemeventmessage|table|tbody|td|th|thead|tr|u|ul"
)
_TAG = re.compile(rf"""</?(?P<name>{_NAMES})(?:\s+[\w:-]+="[^"<>]{{0,2000}}"){{0,20}}\s*/?>""", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_LINES = frozenset({"br", "div", "hr", "li", "p", "pre", "tr"})
_BREAKS = re.compile(r"\n{3,}")


def plain(text: str, mentions: Iterable[tuple[str, str | None]]) -> str:
    """Return plain text of at most 40,000 characters.

    `mentions` are the mention entities in order: the text that each stands for, and the name to show, or None for the bot itself,
    whose mention is taken out.
    """
    shown = _named(text[: 2 * LONGEST], mentions)
    untagged = _TAG.sub(_untagged, shown)
    unescaped = _ENTITY.sub(lambda found: html.unescape(found.group()), untagged).replace("\xa0", " ")
    lines = (line.rstrip() for line in unescaped.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return _BREAKS.sub("\n\n", "\n".join(lines)).strip()[:LONGEST]


def _named(text: str, mentions: Iterable[tuple[str, str | None]]) -> str:
    seen: dict[str, int] = {}
    places: list[tuple[int, int, str]] = []
    for marked, name in mentions:
        start = text.find(marked, seen.get(marked, 0)) if marked else -1
        if start >= 0:
            seen[marked] = start + len(marked)
            shown = "" if name is None else f"@{html.escape(name, quote=False)}"
            places.append((start, start + len(marked), shown))
    pieces, done = [], 0
    for start, end, name in sorted(places):
        if start < done:
            continue
        pieces += [text[done:start], name]
        done = end if name else _without_double_space(text, start, end)
    return "".join([*pieces, text[done:]])


def _without_double_space(text: str, start: int, end: int) -> int:
    if start and not text[start - 1].isspace():
        return end
    for gap in ("&nbsp;", "\xa0", " "):
        if text.startswith(gap, end):
            return end + len(gap)
    return end


def _untagged(tag: re.Match[str]) -> str:
    name = tag["name"].lower()
    if name not in _LINES or (tag.group().startswith("</") and name != "p"):
        return ""
    return "\n"
