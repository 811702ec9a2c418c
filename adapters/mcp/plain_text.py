"""What a server wrote, made harmless to show.

A tool's answer ends in a model's context, in a terminal and in chat. Colour codes, cursor movements, bells, text that
runs backwards and invisible tag characters have no business there. Nothing else is changed.
"""

import re
from typing import Any, Final

_SEQUENCES: Final = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]?"  # control sequences: colours, cursor
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?"  # strings: titles, links, device control
    r"|\x1b[ -/]*[0-~]?"  # other escapes
    r"|\x9b[0-?]*[ -/]*[@-~]?"
)
_CONTROLS: Final = dict.fromkeys(
    (
        *(code for code in range(0x20) if code not in (0x09, 0x0A)),
        *range(0x7F, 0xA0),
        *range(0x202A, 0x202F),  # direction embeddings and overrides
        *range(0x2066, 0x206A),  # direction isolates
        *range(0xD800, 0xE000),  # halves of characters
        *range(0xE0000, 0xE0080),  # tags: text that nobody sees
    )
)


def plain(text: str) -> str:
    """Return `text` without terminal sequences, control characters (but tab and line feed) and invisible marks."""
    unescaped = _SEQUENCES.sub("", text)
    return unescaped.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)


def one_line(text: str, size: int) -> str:
    """Return `text` as one line of at most `size` bytes."""
    return shortened(" ".join(plain(text).split()), size)


def shortened(text: str, size: int) -> str:
    """Return the first `size` bytes of `text`, whole characters only."""
    if len(text) * 4 <= size:
        return text
    return text.encode("utf-8", "ignore")[:size].decode("utf-8", "ignore")


def nested_deeper(value: object, levels: int) -> bool:
    """Say whether JSON data has more than `levels` levels, without recursion."""
    waiting: list[tuple[object, int]] = [(value, 1)]
    while waiting:
        item, level = waiting.pop()
        if not isinstance(item, dict | list):
            continue
        if level > levels:
            return True
        inner: Any = item.values() if isinstance(item, dict) else item
        waiting.extend((each, level + 1) for each in inner)
    return False
