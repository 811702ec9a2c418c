"""YAML as a tree that remembers its lines, read without trusting it.

Only plain data comes in: no tags, no merge keys, no duplicate keys, and bounds on size, depth and what aliases expand to (a few lines of
aliases can stand for billions of nodes). Scalars stay the text that was written, so that `no`, `09:30` or `007` in a list of
examples mean what the author typed; whoever wants a number or a yes asks for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from coworkers.files.problem import Problems

MAX_BYTES = 1_000_000
MAX_DEPTH = 24
MAX_NODES = 20_000
PLAIN = frozenset({"str", "int", "float", "bool", "null", "timestamp", "seq", "map", "value"})


@dataclass(frozen=True, kw_only=True)
class Tree:
    """A scalar (`text`), a list (`items`) or a map (`keys`)."""

    line: int
    text: str | None = None
    """The scalar as written; None for lists, maps and null."""
    items: tuple["Tree", ...] | None = None
    keys: dict[str, "Tree"] | None = None
    key_lines: dict[str, int] = field(default_factory=dict)
    tag: str = "str"
    """For a scalar, what YAML takes it for: `str`, `int`, `float`, `bool` …"""

    @property
    def kind(self) -> str:
        """Return what it is, in words for messages."""
        if self.items is not None:
            return "a list"
        if self.keys is not None:
            return "a map"
        return "nothing" if self.text is None else "text"

    def plain(self) -> str | int | float | bool:
        """Return a scalar as YAML takes it: a number, true or false, else text (empty for nothing)."""
        if self.text is None or self.tag not in {"int", "float", "bool"}:
            return self.text or ""
        value: object = yaml.safe_load(self.text)
        return value if isinstance(value, int | float) else self.text


class _Unsafe(Exception):
    """The document is not plain data; carries line, what and remedy."""

    def __init__(self, line: int, what: str, remedy: str) -> None:
        super().__init__(what)
        self.line, self.what, self.remedy = line, what, remedy


def read_tree(text: str, path: str, problems: Problems, *, first_line: int = 1) -> Tree | None:
    """Return the tree of a YAML document, or None after noting why not.

    `first_line` is the line of the file on which `text` begins (front matter begins on the second).
    """
    if len(text.encode()) > MAX_BYTES:
        problems.unreadable(
            path, first_line, "the file is larger than 1 MB", "Split it, or move long texts to knowledge."
        )
        return None
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        return None if node is None else _Builder(first_line - 1).build(node, 0)
    except _Unsafe as unsafe:
        problems.unreadable(path, unsafe.line, unsafe.what, unsafe.remedy)
    except yaml.MarkedYAMLError as error:
        line, why, remedy = _fault(error)
        problems.unreadable(path, first_line + line, f"this is not YAML: {why}", remedy)
    except (yaml.YAMLError, ValueError) as error:
        problems.unreadable(path, first_line, f"this is not YAML: {_first(error)}", "Save it as plain UTF-8 text.")
    except RecursionError:
        problems.unreadable(path, first_line, "it is nested too deeply", f"Keep it to {MAX_DEPTH} levels.")
    return None


def _fault(error: yaml.MarkedYAMLError) -> tuple[int, str, str]:
    """Return the line, from 0, what is wrong there and the remedy; in our words for what is mistyped most."""
    why = (error.problem or error.context or "unreadable").rstrip(".")
    mark = error.problem_mark or error.context_mark
    if "'\\t'" in why:
        return (mark.line if mark else 0), "a tab stands where only spaces may", "Indent with spaces."
    if "quoted scalar" in (error.context or "") and error.context_mark and "end of stream" in why:
        return error.context_mark.line, "a quote that begins on this line never ends", "Close it, or remove it."
    return (mark.line if mark else 0), why, "Check indentation, quotes and colons on this line."


def _first(error: Exception) -> str:
    return (str(error).splitlines() or ["unreadable"])[0]


class _Builder:
    """Turns PyYAML's nodes into trees, counting every node that aliases stand for."""

    def __init__(self, offset: int) -> None:
        self._offset = offset + 1
        self._count = 0

    def build(self, node: yaml.Node, depth: int) -> Tree:
        line = node.start_mark.line + self._offset
        self._count += 1
        if self._count > MAX_NODES:
            raise _Unsafe(
                line, f"it holds more than {MAX_NODES:,} values once aliases are written out", "Use fewer aliases."
            )
        if depth > MAX_DEPTH:
            raise _Unsafe(
                line, "it is nested too deeply", f"Keep it to {MAX_DEPTH} levels; an alias must not contain itself."
            )
        tag = node.tag.removeprefix("tag:yaml.org,2002:")
        if tag == "merge" or tag not in PLAIN:
            raise _Unsafe(
                line,
                f"the tag or merge key `{tag}` is not allowed",
                "Write plain values: text, numbers, lists and maps.",
            )
        if isinstance(node, yaml.SequenceNode):
            return Tree(line=line, items=tuple(self.build(item, depth + 1) for item in node.value))
        if isinstance(node, yaml.MappingNode):
            return self._map(node, line, depth)
        return Tree(line=line, text=None if tag == "null" else str(node.value), tag=tag)

    def _map(self, node: yaml.MappingNode, line: int, depth: int) -> Tree:
        keys: dict[str, Tree] = {}
        lines: dict[str, int] = {}
        for key, value in self._pairs(node):
            at = key.start_mark.line + self._offset
            if key.value in keys:
                raise _Unsafe(
                    at,
                    f"the key `{key.value}` stands here twice (first on line {lines[key.value]})",
                    "Keep one of the two.",
                )
            keys[key.value] = self.build(value, depth + 1)
            lines[key.value] = at
        return Tree(line=line, keys=keys, key_lines=lines)

    def _pairs(self, node: yaml.MappingNode) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        for key, value in node.value:
            line = key.start_mark.line + self._offset
            if not isinstance(key, yaml.ScalarNode):
                what = "a key is a list or a map"
                raise _Unsafe(line, what, 'Keys are plain text; put a text that begins with "{{" in quotes.')
            if key.tag.endswith(":merge"):
                raise _Unsafe(line, "the merge key `<<` is not allowed", "Write the values out.")
            if key.tag.removeprefix("tag:yaml.org,2002:") not in PLAIN:
                raise _Unsafe(line, f"the tag `{key.tag}` is not allowed", "Write plain text.")
            yield key, value
