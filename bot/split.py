"""Splits a long text into posts that every platform takes.

Platforms limit a post by the length of what they are sent, in which `&`, `<` and `>` take more room than one character. A text is
cut at the last paragraph that fits, failing that at a line, a sentence, a word, and only then between two characters. A code block
that is cut is closed, and opened again in the next part. Nothing but whitespace at the cuts is lost.
"""

import re
from collections.abc import Callable, Iterator

from bot.graphemes import safe_cut

LIMIT = 3_000
"""Characters as escaped: a Slack section's limit (facts of Slack; Teams takes more)."""

_PARAGRAPH = re.compile(r"\n[ \t]*\n+")
_LINE = re.compile(r"\n+")
_SENTENCE = re.compile(r"(?<=[.!?\u2026\u3002\uff01\uff1f])[\"'\u2019\u201d)\]]*\s+")
_WORD = re.compile(r"\s+")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$", re.MULTILINE)
_LOOK_BACK = 200
"""How far back a cut between two characters is looked for before a grapheme is broken after all."""


def escaped_length(text: str) -> int:
    """Return the length of `text` as Slack and Teams are sent it: `&amp;`, `&lt;`, `&gt;`."""
    return len(text) + 4 * text.count("&") + 3 * text.count("<") + 3 * text.count(">")


def split(text: str, limit: int = LIMIT, cost: Callable[[str], int] = escaped_length) -> tuple[str, ...]:
    """Return `text` in parts that cost at most `limit` each; nothing for a blank text.

    `cost` is the sum of what each character costs, and each costs at least 1. A part may cost more than `limit` only when a
    single character does.
    """
    parts: list[str] = []
    rest, reopened = text.strip("\n"), 0
    while rest.strip():
        if len(rest) <= limit and cost(rest) <= limit:
            parts.append(rest.rstrip())
            break
        head, rest, opener = _take(rest, limit, cost, reopened)
        if head.strip():
            parts.append(head)
        reopened = len(opener)
        rest = opener + rest
    return tuple(parts)


def _take(text: str, limit: int, cost: Callable[[str], int], reopened: int) -> tuple[str, str, str]:
    """Return the next part, what is left, and the line that opens the cut code block again (empty: none was cut)."""
    head, rest = _cut(text, _fitting(text, limit, cost), reopened)
    fence = _open_fence(head)
    if fence is None:
        return head, rest, ""
    opener, closer = fence
    if 4 * (cost(opener) + cost(closer)) > limit:
        return head, rest, ""
    head, rest = _cut(text, _fitting(text, limit - cost(closer), cost), reopened)
    fence = _open_fence(head)
    if fence is None:
        return head, rest, ""
    if not rest.strip() or _FENCE.fullmatch(rest.strip()):
        return head + closer, "", ""
    return head + closer, rest, opener


def _fitting(text: str, limit: int, cost: Callable[[str], int]) -> int:
    """Return how many characters from the start fit, at least 1."""
    low, high = 1, max(1, min(limit, len(text)))
    while low < high:
        middle = (low + high + 1) // 2
        if cost(text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _cut(text: str, room: int, reopened: int) -> tuple[str, str]:
    """Cut `text` at the best place within `room`, behind the `reopened` first characters."""
    for boundary, floor in ((_PARAGRAPH, room // 3), (_LINE, room // 3), (_SENTENCE, room // 3), (_WORD, 0)):
        for start, end in reversed(list(_boundaries(boundary, text, room))):
            if start > max(floor, reopened) and safe_cut(text, end):
                return text[:start].rstrip(), text[end:]
    for position in range(room, max(reopened, room - _LOOK_BACK, 0), -1):
        if safe_cut(text, position):
            return text[:position], text[position:]
    return text[:room], text[room:]


def _boundaries(boundary: re.Pattern[str], text: str, room: int) -> Iterator[tuple[int, int]]:
    for match in boundary.finditer(text, 0, room + _LOOK_BACK):
        if match.start() <= room:
            yield match.span()


def _open_fence(head: str) -> tuple[str, str] | None:
    """Return how to open and close again the code block in which `head` ends; None when it ends outside of one."""
    mark, line = "", ""
    for match in _FENCE.finditer(head):
        if not mark:
            mark, line = match[1], match[0].strip()
        elif match[1].startswith(mark) and not match[2].strip():
            mark = ""
    return (f"{line}\n", f"\n{mark}") if mark else None
