"""Tables in words, for platforms and clients without tables of their own: set in columns where they are narrow, else a line per row.

Slack's own table block is taken by some surfaces only, once per message, and not by older clients, and Teams has none in a text
post. A narrow table is aligned by hand and shown as code, which a telephone shows without breaking lines. A wide one is a list in
which each value is named by its column; that is also what screen readers and notifications are given of every table, because a
reader who hears a row does not see the heading above it.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

WIDEST = 60
"""Characters of a line of code before a telephone breaks it."""
_GAP = "  "


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table's texts."""

    rows: tuple[tuple[str, ...], ...]
    """The first one is the heading; as markdown-it reads tables, every row has as many cells as the heading."""


def aligned(table: Table) -> str:
    """Return the table in columns with a rule under the heading; empty when it would be too wide."""
    rows = [[" ".join(cell.split()) for cell in row] for row in table.rows]
    columns = [max(map(_width, column)) for column in zip(*rows, strict=False)]
    if not columns or sum(columns) + len(_GAP) * (len(columns) - 1) > WIDEST:
        return ""
    lines = [_GAP.join(_padded(cell, width) for cell, width in zip(row, columns, strict=False)) for row in rows]
    rule = _GAP.join("-" * max(1, width) for width in columns)
    return "\n".join(written.rstrip() for written in [lines[0], rule, *lines[1:]])


def labelled(table: Table, write: Callable[[str], str]) -> str:
    """Return a line per row in which each value is named by its column; `write` escapes each text."""
    heading, *rows = [[write(" ".join(cell.split())) for cell in row] for row in table.rows] or [[]]
    if not rows:
        return "; ".join(filter(None, heading))
    lines = []
    for row in rows:
        named = (f"{name}: {value}" if name else value for name, value in zip(heading, row, strict=False) if value)
        lines.append("• " + "; ".join(named))
    return "\n".join(lines)


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _width(cell))


def _width(text: str) -> int:
    """Return how many columns `text` takes: wide characters two, marks none."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    marks = sum(unicodedata.category(character) in {"Mn", "Me", "Cf"} for character in text)
    return len(text) + wide - marks
