"""Slack's documented limits on views, read off a view as Slack would: what breaks one is not shown at all.

The numbers are those of Slack's Block Kit reference, written down anew here so that a wrong one in our code is found.
"""

from collections.abc import Callable, Iterator
from typing import Any

Found = dict[str, Any]


def _text(found: Found, longest: int) -> bool:
    return 1 <= len(found["text"]) <= longest and found["type"] in {"plain_text", "mrkdwn"}


def _input(block: Found) -> bool:
    element = block["element"]
    fits = _text(block["label"], 2_000) and ("hint" not in block or _text(block["hint"], 2_000))
    return fits and ELEMENTS[element["type"]](element)


def _typed(element: Found) -> bool:
    longest = element["max_length"]
    initial: str = element.get("initial_value", "x")
    return bool(1 <= longest <= 3_000) and 0 < len(initial) <= longest


def _select(element: Found) -> bool:
    options = element["options"]
    fit = all(_text(option["text"], 75) and 1 <= len(option["value"]) <= 150 for option in options)
    initial = element.get("initial_option", options[0] if options else None)
    return 1 <= len(options) <= 100 and fit and initial in options


def _button(element: Found) -> bool:
    return _text(element["text"], 75) and len(element.get("value", "")) <= 2_000


ELEMENTS: dict[str, Callable[[Found], bool]] = {
    "plain_text_input": _typed,
    "static_select": _select,
    "users_select": lambda element: bool(element.get("initial_user", "U1")),
    "file_input": lambda element: 1 <= element["max_files"] <= 10,
    "button": _button,
}
BLOCKS: dict[str, Callable[[Found], bool]] = {
    "section": lambda block: _text(block["text"], 3_000),
    "header": lambda block: _text(block["text"], 150) and block["text"]["type"] == "plain_text",
    "context": lambda block: (
        1 <= len(block["elements"]) <= 10 and all(_text(item, 2_000) for item in block["elements"])
    ),
    "actions": lambda block: 1 <= len(block["elements"]) <= 25 and all(map(_button, block["elements"])),
    "input": _input,
}


def broken(view: Found) -> list[object]:
    """Return what of a view breaks a limit; empty when Slack would show it."""
    around = [view[name] for name in ("title", "submit", "close") if name in view]
    wrong: list[object] = [found for found in around if not _text(found, 24)]
    wrong += [block for block in view["blocks"] if not BLOCKS[block["type"]](block)]
    wrong += [ids for ids in _ids(view) if len(ids) != len(set(ids)) or any(not 1 <= len(key) <= 255 for key in ids)]
    counts = len(view["blocks"]) <= 100 and len(view.get("private_metadata", "")) <= 3_000
    return wrong if counts else [*wrong, "too much in all"]


def _ids(view: Found) -> Iterator[list[str]]:
    """Give the ids that must be unique among each other: of blocks, and of the elements of each block."""
    yield [block["block_id"] for block in view["blocks"] if "block_id" in block]
    for block in view["blocks"]:
        elements = [*block.get("elements", []), block.get("element", {})]
        yield [element["action_id"] for element in elements if "action_id" in element]
