"""What Slack says no to in blocks: how many, how long, which fields.

The figures are those of Slack's reference pages for blocks and elements. Slack's own SDK checks some of them, and what it
regards as wrong is refused here too; it does not count blocks, and it lets empty texts and doubled ids pass, which Slack
does not. Problems are sentences as Slack puts them into `response_metadata`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.fakes.faults import JsonObject

MAX_BLOCKS = 50
MAX_VIEW_BLOCKS = 100
MAX_MARKDOWN = 12_000

TEXTS: Mapping[tuple[str, str], int] = {
    ("section", "text"): 3_000,
    ("section", "fields"): 2_000,
    ("header", "text"): 150,
    ("markdown", "text"): MAX_MARKDOWN,
    ("image", "title"): 2_000,
    ("input", "label"): 2_000,
    ("input", "hint"): 2_000,
    ("button", "text"): 75,
    ("option", "text"): 75,
    ("option", "description"): 75,
    ("confirm", "title"): 100,
    ("confirm", "text"): 300,
    ("confirm", "confirm"): 30,
    ("confirm", "deny"): 30,
    ("element", "placeholder"): 150,
    ("feedback", "text"): 75,
    ("modal", "title"): 24,
    ("modal", "submit"): 24,
    ("modal", "close"): 24,
}
"""Characters of a text, by what holds it and under which name."""
STRINGS: Mapping[str, int] = {
    "block_id": 255,
    "action_id": 255,
    "callback_id": 255,
    "private_metadata": 3_000,
    "url": 3_000,
    "image_url": 3_000,
    "alt_text": 2_000,
    "accessibility_label": 75,
}
LISTS: Mapping[tuple[str, str], int] = {
    ("actions", "elements"): 25,
    ("context", "elements"): 10,
    ("context_actions", "elements"): 5,
    ("section", "fields"): 10,
    ("table", "rows"): 100,
    ("element", "options"): 100,
    ("element", "option_groups"): 100,
}
VALUES = {"button": 2_000, "option": 150, "feedback": 2_000}
_ONE_TEXT = 3_000
_COLUMNS = 20
_HOLDERS = {"confirm": "confirm", "positive_button": "feedback", "negative_button": "feedback"}
_OPTIONS = ("options", "option", "initial_option", "initial_options")
_BLOCKS = ("section", "header", "markdown", "image", "input", "actions", "context", "context_actions", "table")


def texts(node: object) -> Iterator[str]:
    """Give every text within blocks."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from texts(value)
    elif isinstance(node, list):
        for item in node:
            yield from texts(item)


def problems(blocks: object, *, most: int = MAX_BLOCKS) -> list[str]:
    """Say what is wrong with blocks; nothing when Slack takes them."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return ["[ERROR] blocks are not a list of objects"]
    found = [f"[ERROR] no more than {most} items allowed [json-pointer:/blocks]"] if len(blocks) > most else []
    found += [
        f"[ERROR] two blocks have the id {key}"
        for key in _doubled(str(block.get("block_id") or "") for block in blocks)
    ]
    if sum(block.get("type") == "table" for block in blocks) > 1:
        found.append("[ERROR] only_one_table_allowed")
    for number, block in enumerate(blocks):
        found += [f"[ERROR] {wrong} [json-pointer:/blocks/{number}]" for wrong in _readable(_wrong_block, block)]
    return found


def _readable(judge: Callable[[JsonObject], Iterable[str]], node: JsonObject) -> list[str]:
    """Return what is wrong; that something is not of the kind that it should be, where it cannot be read at all."""
    try:
        return list(judge(node))
    except (TypeError, AttributeError, KeyError, ValueError):
        return ["a field is not of the kind that it should be"]


def view_problems(view: JsonObject) -> list[str]:
    """Say what is wrong with a modal or a home page."""
    if view.get("type") not in ("modal", "home"):
        return ["[ERROR] unsupported view type"]
    found = problems(view.get("blocks") or [], most=MAX_VIEW_BLOCKS)
    return found or [f"[ERROR] {wrong}" for wrong in _readable(_wrong_view, view)]


def _wrong_view(view: JsonObject) -> list[str]:
    found: list[str] = []
    kind, blocks = view["type"], view.get("blocks") or []
    if kind == "modal":
        if not view.get("title"):
            found.append("missing required field: title")
        if not view.get("submit") and any(block.get("type") == "input" for block in blocks):
            found.append("missing required field: submit")
        found += _texts_of("modal", view, ("title", "submit", "close"))
    found += _strings(view)
    return found or _as_the_sdk_sees(lambda: View(**view).validate_json())


def _wrong_block(block: JsonObject) -> list[str]:
    if not isinstance(block.get("type"), str):
        return ["missing required field: type"]
    ids = [str(element.get("action_id") or "") for element in block.get("elements") or [] if isinstance(element, dict)]
    found = [f"action_id {key} already exists" for key in _doubled(ids)]
    if block["type"] == "table" and any(len(row) > _COLUMNS for row in block.get("rows") or []):
        found.append(f"no more than {_COLUMNS} columns allowed")
    return [*found, *_wrong(block, "")] or _as_the_sdk_sees(lambda: _parsed(block))


def _parsed(block: JsonObject) -> None:
    if (parsed := Block.parse(block)) is not None:
        parsed.validate_json()


def _as_the_sdk_sees(check: Any) -> list[str]:  # noqa: ANN401 -- whatever the SDK's models do
    try:
        check()
    except SlackObjectFormationError as error:
        return [str(error)]
    except TypeError:
        return ["a required field is missing"]
    return []


def _wrong(node: JsonObject, role: str) -> Iterator[str]:
    kind = str(node.get("type", ""))
    role = role or (kind if kind in _BLOCKS else "element")
    names = {name for holder, name in TEXTS if holder in (role, kind)}
    yield from _texts_of(role, node, names)
    if kind == "button":
        yield from _texts_of("button", node, {"text"})
    yield from _strings(node)
    longest = VALUES.get(kind if kind == "button" else role)
    if longest is not None and len(str(node.get("value", ""))) > longest:
        yield f"must be less than {longest + 1} characters: value"
    for (holder, name), most in LISTS.items():
        if holder == role and len(node.get(name) or []) > most:
            yield f"no more than {most} items allowed: {name}"
    for name, value in node.items():
        yield from _wrong_part(name, value)


def _wrong_part(name: str, value: object) -> Iterator[str]:
    if name in ("rows", "value", "metadata"):
        return
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict):
            continue
        if item.get("type") in ("plain_text", "mrkdwn"):
            yield from _wrong_text(item)
        else:
            yield from _wrong(item, "option" if name in _OPTIONS else _HOLDERS.get(name, ""))


def _wrong_text(node: JsonObject) -> Iterator[str]:
    words = node.get("text")
    if not isinstance(words, str) or not words:
        yield "must be more than 0 characters: text"
    elif len(words) > _ONE_TEXT:
        yield f"must be less than {_ONE_TEXT + 1} characters: text"


def _texts_of(role: str, node: JsonObject, names: Iterable[str]) -> Iterator[str]:
    for name in sorted(names):
        longest, held = TEXTS.get((role, name)), node.get(name)
        if longest is None or held is None:
            continue
        for item in held if isinstance(held, list) else [held]:
            words = item if isinstance(item, str) else item.get("text", "")
            if not words:
                yield f"must be more than 0 characters: {name}"
            if len(words) > longest:
                yield f"must be less than {longest + 1} characters: {name}"


def _strings(node: JsonObject) -> Iterator[str]:
    for name, longest in STRINGS.items():
        if len(str(node.get(name) or "")) > longest:
            yield f"must be less than {longest + 1} characters: {name}"


def _doubled(keys: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    return {key for key in keys if key and (key in seen or seen.add(key))}  # type: ignore[func-returns-value]
