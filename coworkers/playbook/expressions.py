"""CEL expressions and the templates that hold them: evaluated over plain data, with nothing that acts.

An expression is compiled and its names are looked up when the file is checked, so that a spelling mistake is found on its line and
not in the middle of a request. The library does not bound evaluation time; the bounds here (length, loops inside loops, list length)
do: they guard against accidents with large results, the author being the organisation itself.
An expression that fails while running raises: a check that could not be made must not count as passed.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from coworkers.files.problem import choose
from coworkers.playbook.cel_engine import engine
from coworkers.playbook.steps import Template

if TYPE_CHECKING:
    import cel

MAX_LENGTH = 1_000
MAX_NESTED = 2
MAX_ELEMENTS = 1_000

FIELDS: dict[str, frozenset[str]] = {
    "request": frozenset(
        ["number", "title", "description", "text", "priority", "status", "type", "workspace", "tags", "fields"]
    ),
    "requester": frozenset({"name", "first_name", "email", "about", "asked_by"}),
    "reply": frozenset({"text", "bucket"}),
    "occasion": frozenset({"kind", "text"}),
    "packet": frozenset({"asked", "reason", "sender", "facts", "actions", "open_questions"}),
    "mine": frozenset({"public", "private"}),
}
"""The built-in maps and their fields."""
NAMES = frozenset({*FIELDS, "bucket", "facts", "said", "result", "failed", "news"})

_NATIVE = frozenset(
    [
        "size",
        "contains",
        "startsWith",
        "endsWith",
        "matches",
        "string",
        "int",
        "uint",
        "double",
        "bool",
        "timestamp",
        "duration",
        "type",
    ]
)
_HOLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_LITERAL = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'')
_LOOP = re.compile(r"\.(?:exists_one|exists|all|filter|map)\s*$")
_BOUND = re.compile(r"\.(?:exists_one|exists|all|filter|map)\s*\(\s*([A-Za-z_]\w*)\s*,")
_FIELD = re.compile(r"(?<![\w.])([a-z]+)\.([A-Za-z_]\w*)(?!\s*\()")


class ExpressionFailed(Exception):
    """An expression could not be evaluated over the data at hand; the message says why."""


def fault(source: str, names: frozenset[str]) -> tuple[str, str] | None:
    """Return what is wrong with an expression and the remedy; None when it will do. `names` are the results it may use."""
    if len(source) > MAX_LENGTH:
        return f"the expression is longer than {MAX_LENGTH:,} characters", "Split it into several steps."
    bare = _LITERAL.sub('""', source)
    if _nesting(bare) > MAX_NESTED:
        return f"more than {MAX_NESTED} loops stand inside one another", "Look at one list at a time."
    try:
        used = engine().compile(source).references()
    except ValueError as error:
        return f"`{source.strip()}` is not a CEL expression: {_reason(error)}", "Compare it with docs/playbooks.md."
    return _unknown(bare, used, NAMES | names)


def _unknown(bare: str, used: dict[str, list[str]], names: frozenset[str]) -> tuple[str, str] | None:
    bound = set(_BOUND.findall(bare))
    for name in used["variables"]:
        if name not in names and name not in bound:
            what = f"`{name}` is not a known name here"
            return what, choose(name, sorted(names), "name") + " A result is known in the steps after its `as`."
    for function in used["functions"]:
        if function[0].isalpha() and function not in _NATIVE and function not in FUNCTIONS:
            return f"there is no function `{function}`", choose(function, sorted({*_NATIVE, *FUNCTIONS}), "function")
    for name, key in _FIELD.findall(bare):
        if name in FIELDS and name not in bound and key not in FIELDS[name]:
            return f"`{name}` has no field `{key}`", choose(key, sorted(FIELDS[name]), "field")
    return None


def _reason(error: Exception) -> str:
    match = re.search(r"ERROR: <input>:\d+:(\d+): (?:Syntax error: )?([^\n]{1,80})", str(error))
    return f"at character {match[1]}, {match[2].split(' expecting')[0]}" if match else "it cannot be parsed"


def _nesting(bare: str) -> int:
    deepest, stack = 0, list[bool]()
    for at, character in enumerate(bare):
        if character == "(":
            stack.append(_LOOP.search(bare, max(0, at - 14), at) is not None)
            deepest = max(deepest, sum(stack))
        elif character == ")" and stack:
            stack.pop()
    return deepest


def holes(text: str) -> list[str]:
    """Return the expressions that stand in a template text."""
    return _HOLE.findall(text)


def evaluate(source: str, names: Mapping[str, object]) -> object:
    """Return the value of an expression; raises `ExpressionFailed`."""
    try:
        value: object = _compiled(source).execute(engine().Context(dict(names), dict(FUNCTIONS)))
        return value
    except KeyError as error:
        raise ExpressionFailed(f"`{source.strip()}` asks for {error}, which is not there") from error
    except (ValueError, TypeError, RuntimeError, LookupError, ArithmeticError) as error:
        raise ExpressionFailed(f"`{source.strip()}` could not be worked out ({str(error).split('.')[0]})") from error


def holds(source: str | None, names: Mapping[str, object]) -> bool:
    """Tell whether a condition is met (no condition is); raises `ExpressionFailed`, also when it is neither true nor false."""
    if source is None:
        return True
    value = evaluate(source, names)
    if not isinstance(value, bool):
        raise ExpressionFailed(f"`{source.strip()}` is neither true nor false")
    return value


def render(template: Template, names: Mapping[str, object]) -> object:
    """Return the template with its expressions replaced; one that is nothing but an expression keeps the value's type."""
    if isinstance(template, dict):
        return {key: render(value, names) for key, value in template.items()}
    if isinstance(template, list):
        return [render(value, names) for value in template]
    if not isinstance(template, str):
        return template
    whole = _HOLE.fullmatch(template.strip())
    if whole and "{{" not in whole[1]:
        return evaluate(whole[1], names)
    return _HOLE.sub(lambda match: as_text(evaluate(match[1], names)), template).strip()


def bounded(data: object) -> object:
    """Return data that expressions may be given; raises `ExpressionFailed` when a list in it is too long to look through."""
    if isinstance(data, dict):
        return {str(key): bounded(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        if len(data) > MAX_ELEMENTS:
            raise ExpressionFailed(
                f"the result holds a list of {len(data):,} entries; at most {MAX_ELEMENTS:,} can be looked through"
            )
        return [bounded(value) for value in data]
    return data if isinstance(data, str | int | float | bool | None) else str(data)


def as_text(value: object) -> str:
    """Return a value as a person would write it: lists with commas, yes and no, nothing for null."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(as_text(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {as_text(item)}" for key, item in value.items())
    return "" if value is None else str(value)


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _join(value: object, separator: object = ", ") -> str:
    return as_text(separator).join(as_text(item) for item in _items(value))


def _bullets(value: object) -> str:
    return "\n".join(f"- {as_text(item)}" for item in _items(value))


def _take(value: object, count: object = 5) -> list[object]:
    return _items(value)[: count if isinstance(count, int) else 5]


def _unique(value: object) -> list[object]:
    kept: list[object] = []
    for item in _items(value):
        if item not in kept:
            kept.append(item)
    return kept


def _lower(value: object) -> str:
    return as_text(value).lower()


FUNCTIONS: dict[str, Callable[..., object]] = {
    "join": _join,
    "bullets": _bullets,
    "take": _take,
    "unique": _unique,
    "lower": _lower,
}
"""What is added to CEL: pure, and total (the library prints a failing function's traceback)."""


@lru_cache(maxsize=1_024)
def _compiled(source: str) -> "cel.Program":
    return engine().compile(source)
