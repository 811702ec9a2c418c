"""Puts a tool call and what it brought back into one line each."""

import json
from collections.abc import Mapping

from bot.turn import Call, CallResult

_VALUE = 60
"""Characters of one argument or field; longer ones are cut."""
_LINE = 160
_FIELDS = 6


def call_line(call: Call) -> str:
    """Return a call as `jumpcloud get_device(email=june@example.com)`."""
    tool, _, capability = call.name.partition("__")
    name = f"{tool} {capability}" if capability else tool
    given = ", ".join(f"{key}={_value(value)}" for key, value in call.arguments.items())
    return f"{name}({given})"


def result_line(result: CallResult) -> str:
    """Return what came back: the first fields of a structured result, or the beginning of its text."""
    if result.error or not result.data:
        return _cut(" ".join(result.text.split()) or "nothing", _LINE)
    shown = [f"{key}={_value(value)}" for key, value in list(result.data.items())[:_FIELDS]]
    more = len(result.data) - _FIELDS
    return _cut(", ".join(shown), _LINE) + (f", {more} more" if more > 0 else "")


def _value(value: object) -> str:
    if isinstance(value, str):
        return _cut(" ".join(value.split()) or '""', _VALUE)
    if isinstance(value, list):
        return f"{len(value)} item{'' if len(value) == 1 else 's'}"
    if isinstance(value, Mapping):
        return f"{len(value)} field{'' if len(value) == 1 else 's'}"
    return _cut(json.dumps(value, default=str), _VALUE)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 3].rstrip() + "..."
