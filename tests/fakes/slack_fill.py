"""How somebody fills in a modal: as Slack's client lets them, which sends nothing before what is required is there.

A field is named by its label, its block id or its action id; a choice by what it says or by its value. What results is the
`state` that Slack sends, with every field in it, also those that were left as they stood.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.faults import JsonObject

Values = Mapping[str, Any]
_TYPED = ("plain_text_input", "number_input", "email_text_input", "url_text_input")
_PICKED = {
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
}


def fill(view: JsonObject, values: Values, file_of: Callable[[str], JsonObject]) -> JsonObject:
    """Give the state of a view after somebody has filled in `values`.

    LookupError: there is no such field or choice. ValueError: Slack's client does not send this yet.
    """
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    known = {name for block in inputs for name in _names(block)}
    if strange := sorted(values.keys() - known):
        labels = ", ".join(block["label"]["text"] for block in inputs)
        raise LookupError(f"The form has no field {', '.join(strange)}; it has: {labels}.")
    state: JsonObject = {}
    for block in inputs:
        given = [values[name] for name in _names(block) if name in values]
        element = block["element"]
        filled = _filled(element, given, file_of)
        if not block.get("optional") and not any(filled[name] for name in filled if name != "type"):
            raise ValueError(f"Please complete this required field: {block['label']['text']}")
        state[block["block_id"]] = {element.get("action_id", "a"): filled}
    return state


def _names(block: JsonObject) -> tuple[str, str, str]:
    return block["label"]["text"], block["block_id"], block["element"].get("action_id", "a")


def _filled(element: JsonObject, given: list[Any], file_of: Callable[[str], JsonObject]) -> JsonObject:
    kind = element["type"]
    if kind in _TYPED:
        return {"type": kind, "value": _typed(element, given)}
    if kind in _PICKED:
        now, before = _PICKED[kind]
        return {"type": kind, now: given[0] if given else element.get(before)}
    if kind in ("static_select", "radio_buttons"):
        chosen = _option(element, given[0]) if given and given[0] else element.get("initial_option")
        return {"type": kind, "selected_option": None if given and not given[0] else chosen}
    if kind in ("multi_static_select", "checkboxes"):
        several = [_option(element, item) for item in given[0]] if given else element.get("initial_options", [])
        return {"type": kind, "selected_options": several}
    if kind == "file_input":
        return {"type": kind, "files": [file_of(key) for key in (given[0] if given else [])]}
    raise LookupError(f"This person does not know how to fill in a {kind}.")


def _typed(element: JsonObject, given: list[Any]) -> str | None:
    text = str(given[0]) if given and given[0] is not None else None if given else element.get("initial_value")
    longest, shortest = element.get("max_length", 3_000), element.get("min_length", 0)
    if text and not shortest <= len(text) <= longest:
        raise ValueError(f"This field takes {shortest} to {longest} characters, not {len(text)}.")
    if text and not element.get("multiline") and "\n" in text:
        raise ValueError("This field has one line.")
    return text or None


def _option(element: JsonObject, wanted: str) -> JsonObject:
    options: list[JsonObject] = list(element.get("options") or [])
    options += [option for group in element.get("option_groups") or [] for option in group["options"]]
    for option in options:
        if wanted in (option["text"]["text"], option["value"]):
            return option
    said = ", ".join(option["text"]["text"] for option in options)
    raise LookupError(f"There is no choice {wanted!r}; there are: {said}.")
