"""Markdown as the body of an Adaptive Card.

Every piece of text becomes a TextRun: Teams reads no Markdown, no HTML and no mention inside one, so what is shown to somebody who
decides about an exact call is exactly what the call says. Bold, italics and links are properties of the run. Headings and lists
keep their shape with weight and bullets in words that every client shows.
"""

import re
from collections.abc import Iterable, Iterator

from markdown_it.token import Token

from adapters.teams.prose import tokens
from adapters.teams.reading import JsonObject

_STYLES: dict[str, JsonObject] = {
    "strong": {"weight": "Bolder"},
    "em": {"italic": True},
    "s": {"strikethrough": True},
}
_INDENT = re.compile(r"^[ \t]+")


def run(text: str, **style: object) -> JsonObject:
    """Return one piece of literal text."""
    return {"type": "TextRun", "text": text, **style}


def rich(*runs: JsonObject, **about: object) -> JsonObject:
    """Return a wrapping paragraph of runs."""
    return {"type": "RichTextBlock", "inlines": list(runs), **about}


def body(text: str) -> list[JsonObject]:
    """Return the elements that show `text` (Markdown)."""
    return list(_Walk().elements(tokens(text)))


class _Walk:
    """Goes through block tokens once, knowing in which lists it is."""

    def __init__(self) -> None:
        self._lists: list[int | None] = []
        self._marker = ""
        self._heading = False

    def elements(self, found: Iterable[Token]) -> Iterator[JsonObject]:
        """Give one element for each paragraph, heading, item, rule and line of code."""
        for token in found:
            if token.type == "inline":
                yield from self._paragraph(token)
            elif token.type in {"fence", "code_block"}:
                yield from _code(token.content)
            else:
                self._enter(token)

    def _enter(self, token: Token) -> None:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            ordered = token.type.startswith("ordered")
            self._lists.append(int(token.attrGet("start") or 1) if ordered else None)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self._lists.pop()
        elif token.type == "list_item_open":
            self._marker = self._next_marker()
        elif token.tag[:1] == "h" and token.type.startswith("heading"):
            self._heading = token.nesting == 1

    def _next_marker(self) -> str:
        number = self._lists[-1]
        depth = "\xa0\xa0\xa0" * (len(self._lists) - 1)
        if number is None:
            return f"{depth}• "
        self._lists[-1] = number + 1
        return f"{depth}{number}. "

    def _paragraph(self, token: Token) -> Iterator[JsonObject]:
        marker, self._marker = self._marker, ""
        style: JsonObject = {"weight": "Bolder", "size": "Medium"} if self._heading else {}
        for line in _lines(token.children or []):
            runs = [*([run(marker)] if marker else []), *_runs(line, style)]
            marker = ""
            if runs:
                yield rich(*runs)


def _lines(children: Iterable[Token]) -> Iterator[list[Token]]:
    """Split at line breaks; whatever is open (bold, a link) stays open in the next line."""
    line: list[Token] = []
    still_open: list[Token] = []
    for child in children:
        if child.type in {"softbreak", "hardbreak"}:
            yield line
            line = list(still_open)
            continue
        line.append(child)
        if child.nesting == 1:
            still_open.append(child)
        elif child.nesting == -1 and still_open:
            still_open.pop()
    yield line


def _runs(line: Iterable[Token], style: JsonObject) -> Iterator[JsonObject]:
    styles: list[JsonObject] = [style]
    for token in line:
        if token.nesting == 1:
            href = token.attrGet("href")
            added = {"selectAction": {"type": "Action.OpenUrl", "url": href}} if href else _STYLES.get(token.tag, {})
            styles.append({**styles[-1], **added})
        elif token.nesting == -1:
            styles.pop()
        elif token.content:
            code: JsonObject = {"fontType": "Monospace"} if token.type == "code_inline" else {}
            yield run(token.content, **styles[-1], **code)


def _code(content: str) -> Iterator[JsonObject]:
    for line in content.rstrip("\n").split("\n"):
        kept = _INDENT.sub(lambda gap: "\xa0" * len(gap.group().expandtabs(4)), line)
        yield rich(run(kept or "\xa0", fontType="Monospace"), spacing="None")
