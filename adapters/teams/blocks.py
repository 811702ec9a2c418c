"""Markdown as the body of an Adaptive Card.

Every piece of text becomes a TextRun: Teams reads no Markdown, no HTML and no mention inside one, so what is shown to somebody who
decides about an exact call is exactly what the call says. Bold, italics and links are properties of the run. Headings, lists
and quotations keep their shape with weight, bullets and bars that every client shows; tables are the card's own, with
lines of words for clients that know none. A text that begins in a script written from right to left is laid out so.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from markdown_it.token import Token

from adapters.tables import Table, labelled
from adapters.teams.prose import as_words, tokens
from adapters.teams.reading import JsonObject

_STYLES: dict[str, JsonObject] = {
    "strong": {"weight": "Bolder"},
    "em": {"italic": True},
    "s": {"strikethrough": True},
}
_LARGE = frozenset({"h1", "h2"})
_INDENT = re.compile(r"^[ \t]+")
_LONG = re.compile(r"\S{40}(?=\S)")
"""Code that no client breaks: its end would be out of sight of whoever decides about it."""
_COLUMNS = 5
"""A wider table is shown in lines of words."""


def run(text: str, **style: object) -> JsonObject:
    """Return one piece of literal text."""
    return {"type": "TextRun", "text": text, **style}


def rich(*runs: JsonObject, **about: object) -> JsonObject:
    """Return a wrapping paragraph of runs."""
    return {"type": "RichTextBlock", "inlines": list(runs), **about}


def body(text: str) -> list[JsonObject]:
    """Return the elements that show `text` (Markdown)."""
    found = list(_Walk().elements(tokens(text)))
    if not found or not _from_the_right(text):
        return found
    # A column, since the published schema misspells this property for containers.
    column = {"type": "Column", "width": "stretch", "rtl": True, "items": found}
    return [{"type": "ColumnSet", "columns": [column]}]


def _from_the_right(text: str) -> bool:
    """Tell whether the first letter belongs to a script that is written from right to left."""
    directions = (unicodedata.bidirectional(character) for character in as_words(text))
    return next((found for found in directions if found in {"L", "R", "AL"}), "L") != "L"


class _Walk:
    """Goes through block tokens once, knowing in which lists, quotations or table it is."""

    def __init__(self) -> None:
        self._lists: list[int | None] = []
        self._marker = ""
        self._heading: JsonObject = {}
        self._quoted = 0
        self._above: JsonObject = {}
        """How the next element stands below the one before it."""
        self._rows: list[list[Token]] | None = None

    def elements(self, found: Iterable[Token]) -> Iterator[JsonObject]:
        """Give one element for each line of a paragraph, heading, item or code, and one for each table."""
        for token in found:
            if self._rows is not None:
                yield from self._in_table(token, self._rows)
            elif token.type == "inline":
                yield from self._paragraph(token)
            elif token.type in {"fence", "code_block"}:
                yield from self._code(token.content)
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
        elif token.type == "list_item_close":
            self._marker = ""
        elif token.type == "paragraph_open" and token.hidden:
            self._above = {"spacing": "Small"} | self._above
        elif token.type in {"blockquote_open", "blockquote_close"}:
            self._quoted += token.nesting
        elif token.type == "hr":
            self._above = {"separator": True}
        elif token.type == "table_open":
            self._rows = []
        elif token.type.startswith("heading"):
            size = "Large" if token.tag in _LARGE else "Medium"
            self._heading = {"weight": "Bolder", "size": size} if token.nesting == 1 else {}

    def _next_marker(self) -> str:
        number = self._lists[-1]
        depth = "\xa0\xa0\xa0" * (len(self._lists) - 1)
        if number is None:
            return f"{depth}• "
        self._lists[-1] = number + 1
        return f"{depth}{number}. "

    def _place(self) -> JsonObject:
        above, self._above = self._above, {}
        return above

    def _bars(self) -> list[JsonObject]:
        return [run("│ " * self._quoted, isSubtle=True)] if self._quoted else []

    def _paragraph(self, token: Token) -> Iterator[JsonObject]:
        marker, self._marker = self._marker, ""
        above = self._place()
        for line in _lines(token.children or []):
            said = list(_runs(line, self._heading))
            if said or marker:
                yield rich(*self._bars(), *([run(marker)] if marker else []), *said, **above)
                above = {"spacing": "None"}
            marker = ""

    def _code(self, content: str) -> Iterator[JsonObject]:
        above = self._place()
        for line in _LONG.sub(r"\g<0>\n", content.rstrip("\n")).split("\n"):
            kept = _INDENT.sub(lambda gap: "\xa0" * len(gap.group().expandtabs(4)), line)
            yield rich(*self._bars(), run(kept or "\xa0", fontType="Monospace"), **above)
            above = {"spacing": "None"}

    def _in_table(self, token: Token, rows: list[list[Token]]) -> Iterator[JsonObject]:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(token)
        elif token.type == "table_close":
            self._rows = None
            yield from _table(rows, self._place())


def _table(rows: list[list[Token]], above: JsonObject) -> Iterator[JsonObject]:
    words = tuple(tuple("".join(piece.content for piece in cell.children or []) for cell in row) for row in rows)
    written = [rich(run(line)) for line in labelled(Table(rows=words), str).split("\n") if line]
    if len(rows[0]) > _COLUMNS:
        yield from written
        return
    made = [
        {"type": "TableRow", "cells": [_cell(cell, heading=not number) for cell in row]}
        for number, row in enumerate(rows)
    ]
    columns = [{"width": 1} for _ in rows[0]]
    table = {"type": "Table", "columns": columns, "rows": made, "firstRowAsHeader": True, "showGridLines": True}
    yield {**table, "fallback": {"type": "Container", "items": written}, **above} if written else {**table, **above}


def _cell(token: Token, *, heading: bool) -> JsonObject:
    said = list(_runs(token.children or [], {"weight": "Bolder"} if heading else {}))
    return {"type": "TableCell", "items": [rich(*(said or [run("\xa0")]))]}


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
