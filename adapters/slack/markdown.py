"""Our Markdown as Slack's streams take it: Markdown again, in which nothing can ping, mention or disguise a link.

A streamed text is Markdown that Slack reads itself, where `<!channel>` and `<@U…>` are alive, `&lt;` and `&gt;` are the only
escapes, and links are written as usual (measured, PostHog#95054). So the text is read first and written anew: brackets escaped,
links with the host behind the label, everything that could still be read as a link or a definition broken.
What cannot be written so that both readers agree is not streamed but posted: code with brackets, tables, pictures, lists
within quotes and the like. A text is cut into pieces between its paragraphs.
"""

import re
import unicodedata

from markdown_it.tree import SyntaxTreeNode

from adapters.slack.links import LIKE_ADDRESS, addresses, plain, unpinged, where
from adapters.slack.mrkdwn import label_of, tree

LONGEST = 11_000
"""Characters; Slack takes 12,000 as Markdown."""
_LABEL = 200
_MARKS = {"strong": "**", "em": "_", "s": "~~"}
_STREAMED = frozenset(
    {"paragraph", "heading", "inline", "text", "softbreak", "hardbreak", "code_inline", "link", *_MARKS}
)
_LISTS = frozenset({"bullet_list", "ordered_list"})
_NOT_IN_CODE = re.compile(r"[<>&`]|~~~")
_AMBIGUOUS = re.compile(r"[\\*]|~~|(?<!\w)_|_(?!\w)")
"""What might be, or might undo, a mark of emphasis, depending on who reads it."""
_CLOSING = re.compile(r"\](?=[(\[:])")
_ENTITY = re.compile(r"&(?=#|\w+;)")
_LEADING = re.compile(r"(?m)^(?=[#>|=+-]|\d+[.)]|[_~]+[ \t]*$)")
_TARGET = str.maketrans({character: f"%{ord(character):02X}" for character in "<>|()[]`\\\"'"})
_BREAK, _BACKTICK = "\u200b", "\u02cb"


def pieces(text: str, shortest: int, *, speaker: str = "") -> list[str]:
    """Return `text` as safe Markdown in pieces of some `shortest` characters; nothing when it is not to be streamed.

    The pieces one after the other are the text, with `speaker` above it.
    """
    name = _text(plain(speaker, _LABEL))
    if name is None:
        return []
    blocks = [f"**{name}**"] if name else []
    for node in tree(text).children:
        written = _block(node)
        if written is None:
            return []
        blocks.append(written)
    if sum(map(len, blocks)) + 2 * len(blocks) > LONGEST:
        return []
    found: list[str] = []
    for block in blocks:
        if found and len(found[-1]) < shortest:
            found[-1] += f"\n\n{block}"
        else:
            found.append(f"\n\n{block}" if found else block)
    return found


def _block(node: SyntaxTreeNode) -> str | None:
    """Return a block as Markdown; None when it is none of those that are streamed."""
    if node.type in {"fence", "code_block"}:
        return _code(node.content)
    if node.type in _LISTS:
        return _list(node, depth=0)
    if node.type == "paragraph":
        return _inline(node)
    if node.type == "heading":
        written = _inline(node)
        return None if written is None or "\n" in written else f"{'#' * min(3, int(node.tag[1]))} {written}"
    return None


def _code(content: str) -> str | None:
    return None if _NOT_IN_CODE.search(content) else f"```\n{unpinged(content).rstrip()}\n```"


def _list(node: SyntaxTreeNode, depth: int) -> str | None:
    first = int(node.attrs.get("start", 1))
    lines: list[str | None] = []
    for number, item in enumerate(node.children, start=first):
        bullet = "-" if node.type == "bullet_list" else f"{number}."
        for position, child in enumerate(item.children):
            if child.type in _LISTS:
                lines.append(_list(child, depth + 1))
            elif child.type == "paragraph" and position == 0 and (said := _inline(child)) is not None:
                lines.append(f"{'    ' * depth}{bullet} " + said.replace("\n", f"\n{'    ' * (depth + 1)}"))
            else:
                return None
    return _together(lines, "\n")


def _inline(node: SyntaxTreeNode) -> str | None:
    """Return a paragraph's words; None when they hold what is not streamed."""
    if any(inner.type not in _STREAMED for inner in node.walk()):
        return None
    written = _words(node)
    return None if written is None else _LEADING.sub(_BREAK, written)


def _words(node: SyntaxTreeNode) -> str | None:
    if node.type == "text":
        return _text(node.content)
    if node.type in {"softbreak", "hardbreak"}:
        return "\n"
    if node.type == "code_inline":
        return None if _NOT_IN_CODE.search(node.content) else f"`{unpinged(node.content)}`"
    if node.type == "link":
        return _link(str(node.attrs.get("href") or ""), label_of(node))
    inner = _together([_words(child) for child in node.children], "")
    mark = _MARKS.get(node.type, "")
    return f"{mark}{inner}{mark}" if inner and inner.strip() == inner else inner


def _text(content: str) -> str | None:
    if _AMBIGUOUS.search(content) or not all(map(_writable, addresses(content))):
        return None
    safe = _ENTITY.sub(f"&{_BREAK}", unpinged(content)).replace("<", "&lt;").replace(">", "&gt;")
    safe = _CLOSING.sub(f"]{_BREAK}", safe).replace("`", _BACKTICK)
    return f"{safe}{_BREAK}" if safe.endswith(("!", "]")) else safe


def _writable(address: str) -> bool:
    """Tell whether an address can stand in a text as it is."""
    return where(address) is not None and unpinged(address) == address


def _link(address: str, label: str) -> str | None:
    """Return a link whose label is followed by the host, or is the host; None when it is not to be one."""
    shown = where(address)
    if shown is None:
        return None
    target = address.translate(_TARGET)
    said = plain(label, _LABEL)
    if not said or LIKE_ADDRESS.search(unicodedata.normalize("NFKC", said)):
        return f"[{shown}]({target})"
    if (written := _text(said)) is None or re.search(r"[\[\]]", said):
        return None
    return f"[{written}]({target}) ({shown})"


def _together(parts: list[str | None], between: str) -> str | None:
    known = [part for part in parts if part is not None]
    return between.join(known) if len(known) == len(parts) else None
