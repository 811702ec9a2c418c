"""A reply as the Markdown in which Teams streams it, block by block, or not at all.

While it is streamed only simple Markdown is formatted, and each piece must begin with the one before (learn.microsoft.com, streaming-ux),
so the HTML of an ordinary post will not do. The text is read first, with the rules of `prose` about links and labels, and written
anew. Teams' own reading of Markdown is not published: so a bracket that could open a tag, a link or a definition is broken up rather
than escaped, and a text in which something might be markup for one reader and a letter for another (a lone star, a backslash,
code with brackets, a quotation, a table) is not streamed but posted.
"""

import re
from collections.abc import Iterable

from markdown_it.tree import SyntaxTreeNode

from adapters.teams.prose import as_words, straight, tokens

_MARKS = {"strong": "**", "em": "_", "s": "~~"}
_LISTS = frozenset({"bullet_list", "ordered_list"})
_BREAK = "\N{ZERO WIDTH SPACE}"
_AMBIGUOUS = re.compile(r"[\\*`|]|~~|(?<!\w)_|_(?!\w)")
_OPENING = re.compile(r"<|&(?=#|\w+;)|\](?=[(\[:])|!(?=\[)|[!\]]\Z")
_LEADING = re.compile(r"(?m)^(?=[#>+=-]|\d+[.)])")
_NOT_IN_CODE = re.compile(r"[<>&`]|~~~")
_NOT_IN_TARGETS = re.compile(r"""[\s<>()\[\]\\"'`|*]""")


def blocks(text: str, *, speaker: str = "", footer: str = "") -> list[str]:
    """Return the speaker, each block of `text` and the footer as Markdown; nothing when any of it is not to be streamed."""
    found = [_emphasised(speaker, "**"), *map(_block, SyntaxTreeNode(tokens(text)).children)]
    found.append(_emphasised(as_words(footer), "_"))
    return [] if None in found else [block for block in found if block]


def _emphasised(words: str, mark: str) -> str | None:
    said = _literal(" ".join(straight(words).split()))
    return f"{mark}{said}{mark}" if said else said


def _block(node: SyntaxTreeNode, depth: int = 0) -> str | None:
    if node.type in {"fence", "code_block"}:
        return None if _NOT_IN_CODE.search(node.content) else f"```\n{node.content.rstrip()}\n```"
    if node.type in _LISTS:
        return _list(node, depth)
    if node.type == "heading":
        said = _inline(node)
        return f"**{said}**" if said and "**" not in said and "\n" not in said else None
    return _inline(node) if node.type == "paragraph" else None


def _list(node: SyntaxTreeNode, depth: int) -> str | None:
    first = int(node.attrs.get("start", 1))
    lines: list[str | None] = []
    for number, item in enumerate(node.children, start=first):
        mark = "-" if node.type == "bullet_list" else f"{number}."
        for position, child in enumerate(item.children):
            if child.type in _LISTS and position:
                lines.append(_list(child, depth + 1))
            else:
                said = _inline(child) if child.type == "paragraph" and not position else None
                lines.append(None if said is None or "\n" in said else f"{'    ' * depth}{mark} {said}")
    return _joined(lines, "\n")


def _inline(node: SyntaxTreeNode) -> str | None:
    """Return a paragraph's words, no line of which begins like anything else than a paragraph."""
    said = _joined(map(_words, node.children), "")
    return None if said is None else _LEADING.sub(_BREAK, said)


def _words(node: SyntaxTreeNode) -> str | None:
    if node.type == "text":
        return _literal(node.content)
    if node.type in {"softbreak", "hardbreak"}:
        return "  \n"
    if node.type == "code_inline":
        return None if _NOT_IN_CODE.search(node.content) else f"`{node.content}`"
    inner = _joined(map(_words, node.children), "")
    if node.type == "link":
        return _link(str(node.attrs.get("href") or ""), inner)
    if node.type in _MARKS:
        mark = _MARKS[node.type]
        return f"{mark}{inner}{mark}" if inner and inner.strip() == inner else None
    return inner if node.type == "inline" else None


def _link(target: str, label: str | None) -> str | None:
    if not label or _NOT_IN_TARGETS.search(target) or "[" in label or "]" in label:
        return None
    return f"[{label}]({target})"


def _literal(text: str) -> str | None:
    if _AMBIGUOUS.search(text):
        return None
    return _OPENING.sub(lambda found: f"{found[0]}{_BREAK}", text)


def _joined(parts: Iterable[str | None], between: str) -> str | None:
    known = list(parts)
    return None if None in known else between.join(part for part in known if part is not None)
