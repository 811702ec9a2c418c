"""From our Markdown to Slack's mrkdwn, and to plain words for notifications and screen readers.

markdown-it reads the text; its tree is written in Slack's marks. Everything is escaped, so no mention, ping or link is formed
but our own, and a backtick in a text becomes one that Slack does not take for code. Tables are set by `tables`.
A text comes out as few pieces as possible, none longer than a section of Slack may be, cut between paragraphs where it can.
"""

import re
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from adapters.slack.links import escaped, link, linked
from adapters.tables import Table, aligned, labelled

PIECE_LIMIT = 3_000
_NOT_CODE = "\u02cb"
_MARKS = {"strong": "*", "em": "_", "s": "~"}
_FENCE = "```"
_INDENT = "    "
_ATOMS = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);|.", re.DOTALL)


def mrkdwn(text: str) -> list[str]:
    """Return `text` in Slack's marks, escaped, in pieces of at most `PIECE_LIMIT` characters."""
    pieces: list[str] = []
    for node in tree(text).children:
        written = _Writer(rich=True).block(node)
        if node.type in {"fence", "code_block"} or _is_aligned(node):
            pieces += [f"{_FENCE}\n{part}\n{_FENCE}" for part in _split(written, PIECE_LIMIT - 8)]
        else:
            pieces += _split(written, PIECE_LIMIT)
    return _joined([piece for piece in pieces if piece.strip()])


def _joined(pieces: list[str]) -> list[str]:
    joined: list[str] = []
    for piece in pieces:
        if joined and len(joined[-1]) + len(piece) + 2 <= PIECE_LIMIT:
            joined[-1] += f"\n\n{piece}"
        else:
            joined.append(piece)
    return joined


def words(text: str, limit: int) -> str:
    """Return `text` without marks, escaped, at most `limit` characters."""
    writer = _Writer(rich=False)
    plain = "\n\n".join(filter(None, map(writer.block, tree(text).children))) or escaped(text)
    parts = _split(plain, limit - 1) or [""]
    return parts[0] + ("…" if len(parts) > 1 else "")


def line(text: str, limit: int) -> str:
    """Return `text` in Slack's marks on one line of at most `limit` characters."""
    parts = _split(" ".join(" ".join(mrkdwn(text)).split()), limit - 1) or [""]
    return parts[0] + ("…" if len(parts) > 1 else "")


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "maxNesting": 100}).enable(["strikethrough", "table"])


def tree(text: str) -> SyntaxTreeNode:
    """Return `text` as markdown-it reads it."""
    return SyntaxTreeNode(_reader().parse(text))


class _Writer:
    """Writes a tree, with Slack's marks (`rich`) or without any."""

    def __init__(self, *, rich: bool) -> None:
        self._rich = rich

    def block(self, node: SyntaxTreeNode) -> str:
        """Write a paragraph, heading, list, quote or code block (the last without its fence)."""
        if node.type in {"fence", "code_block"}:
            return escaped(node.content.rstrip("\n")).replace(_FENCE, _NOT_CODE * 3)
        if node.type == "table":
            return self._table(node)
        if node.type == "heading":
            return self._marked("*", self._inline(node, bold=True))
        if node.type == "blockquote":
            quoted = "\n".join(self._inner(child) for child in node.children)
            return "\n".join(f"> {line}" if self._rich else line for line in quoted.split("\n"))
        if node.type in {"bullet_list", "ordered_list"}:
            return "\n".join(self._items(node))
        if node.type == "hr":
            return "———"
        return self._inline(node)

    def _table(self, node: SyntaxTreeNode) -> str:
        """Write a table aligned (without its fence) where it is narrow, else, and in plain words, a line per row."""
        table = _table(node)
        if self._rich and (narrow := aligned(table)):
            return escaped(narrow).replace(_FENCE, _NOT_CODE * 3)
        return labelled(table, linked if self._rich else escaped).replace("`", _NOT_CODE)

    def _inner(self, node: SyntaxTreeNode) -> str:
        written = self.block(node)
        fenced = self._rich and (node.type in {"fence", "code_block"} or _is_aligned(node))
        return f"{_FENCE}\n{written}\n{_FENCE}" if fenced else written

    def _items(self, node: SyntaxTreeNode) -> Iterator[str]:
        first = int(node.attrs.get("start", 1))
        for number, item in enumerate(node.children, start=first):
            bullet = "•" if node.type == "bullet_list" else f"{number}."
            inner = "\n".join(self._inner(child) for child in item.children)
            yield f"{bullet} " + inner.replace("\n", f"\n{_INDENT}")

    def _inline(self, node: SyntaxTreeNode, *, bold: bool = False) -> str:
        if node.type == "text":
            return self._text(node.content)
        if node.type in {"softbreak", "hardbreak"}:
            return "\n"
        if node.type == "code_inline":
            return self._marked("`", escaped(node.content).replace("`", _NOT_CODE))
        if node.type in {"link", "image"}:
            return self._link(node)
        mark = "" if bold and node.type == "strong" else _MARKS.get(node.type, "")
        inner = "".join(self._inline(child, bold=bold or mark == "*") for child in node.children)
        return self._marked(mark, inner)

    def _text(self, content: str) -> str:
        written = linked(content) if self._rich else escaped(content)
        return written.replace("`", _NOT_CODE)

    def _link(self, node: SyntaxTreeNode) -> str:
        address = str(node.attrs.get("href") or node.attrs.get("src") or "")
        label = label_of(node)
        if self._rich:
            return link(address, label).replace("`", _NOT_CODE)
        return escaped(label if label in {address, ""} else f"{label} ({address})") or escaped(address)

    def _marked(self, mark: str, inner: str) -> str:
        if not self._rich or not mark:
            return inner
        lines = (f"{mark}{line.strip()}{mark}" if line.strip() else "" for line in inner.split("\n"))
        return "\n".join(lines)


def _is_aligned(node: SyntaxTreeNode) -> bool:
    return node.type == "table" and bool(aligned(_table(node)))


def _table(node: SyntaxTreeNode) -> Table:
    rows = [row for part in node.children for row in part.children]
    return Table(rows=tuple(tuple(_cell(cell) for cell in row.children) for row in rows))


def _cell(node: SyntaxTreeNode) -> str:
    """Return the text of a cell; a link is followed by where it goes."""
    if node.type in {"link", "image"}:
        address, label = str(node.attrs.get("href") or node.attrs.get("src") or ""), label_of(node)
        return label or address if label in {address, ""} else f"{label} ({address})"
    if not node.children:
        return " " if node.type in {"softbreak", "hardbreak"} else node.content
    return "".join(map(_cell, node.children))


def label_of(node: SyntaxTreeNode) -> str:
    """Return the words of a link or a picture."""
    inner = "".join(map(label_of, node.children))
    return inner or (" " if node.type in {"softbreak", "hardbreak"} else node.content)


def _split(written: str, limit: int) -> list[str]:
    """Cut where a line or a word ends, and never inside a link or an escaped character."""
    parts: list[str] = []
    current: list[str] = []
    size = 0
    for atom in _ATOMS.findall(written):
        if size + len(atom) > limit:
            cut = _last_break(current)
            parts.append("".join(current[:cut]).rstrip())
            current = current[cut + 1 :] if current[cut : cut + 1] in (["\n"], [" "]) else current[cut:]
            size = sum(map(len, current))
        current.append(atom)
        size += len(atom)
    return [*parts, "".join(current)] if current else parts


def _last_break(atoms: list[str]) -> int:
    """Return the index of the last line end in the second half, else of the last space there, else the end."""
    for wanted in ("\n", " "):
        for index in range(len(atoms) - 1, len(atoms) // 2, -1):
            if atoms[index] == wanted:
                return index
    return len(atoms)
