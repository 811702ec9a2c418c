"""A map of a YAML file with typed questions: each wrong value becomes a problem with its line, and the answer a default.

Whoever reads a file asks for the keys it knows; `done` then names the keys that nobody asked for, with the one that was probably meant.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from coworkers.files.problem import Problems, choose
from coworkers.files.tree import Tree

_DURATION = re.compile(r"(\d{1,6})\s*([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_YES = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def duration(text: str) -> timedelta | None:
    """Return `15m`, `4h`, `3d` or `20s` as a time span; None when it is none of these."""
    match = _DURATION.fullmatch(text.strip())
    return timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else None


class Section:
    """One map."""

    def __init__(self, tree: Tree, path: str, problems: Problems, where: str = "") -> None:
        self.path, self.problems, self.where, self.line = path, problems, where, tree.line
        self._asked: dict[str, None] = {}
        self._tree = tree
        if tree.keys is None:
            self.error(f"{where or 'the file'} must be a map, not {tree.kind}", "Write `key: value` lines.")
        self._keys = tree.keys or {}

    def error(self, what: str, remedy: str, *, key: str = "", line: int = 0) -> None:
        """Note a mistake at `line`, else at `key`, else at the map itself."""
        self.problems.error(self.path, line or self.line_of(key), what, remedy)

    def warn(self, what: str, remedy: str, *, key: str = "") -> None:
        """Note a warning at `key`."""
        self.problems.warn(self.path, self.line_of(key), what, remedy)

    def line_of(self, key: str) -> int:
        """Return the line of `key`, or of the map when there is no such key."""
        return self._tree.key_lines.get(key, self._tree.line)

    def has(self, key: str) -> bool:
        """Tell whether the key is there with a value."""
        tree = self.get(key)
        return tree is not None and (tree.text is not None or tree.items is not None or tree.keys is not None)

    def get(self, key: str) -> Tree | None:
        """Return what stands at `key`, as it is."""
        self._asked[key] = None
        return self._keys.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without a default the key must be there and not be empty."""
        tree = self.get(key)
        if tree is None or tree.kind == "nothing":
            if default is None:
                self.error(f"`{key}` is missing{self._in()}", f"Add `{key}: …`.", key=key)
            return default or ""
        if tree.text is None:
            self.error(f"`{key}` must be text, not {tree.kind}", f"Write `{key}: some text`.", key=key)
            return default or ""
        if default is None and not tree.text.strip():
            self.error(f"`{key}` is empty{self._in()}", f"Write `{key}: some text`.", key=key)
        return tree.text

    def choice(self, key: str, options: Sequence[str], default: str | None = None) -> str:
        """Return a text that is one of `options`; a wrong one becomes the default or the first."""
        text = self.text(key, default)
        if text in options:
            return text
        if text or self.has(key):
            self.error(f"`{key}: {text}` is not known{self._in()}", choose(text, list(options), key), key=key)
        return default or options[0]

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        text = self.text(key, str(default)).lower()
        if text not in _YES:
            self.error(f"`{key}: {text}` is neither true nor false", f"Write `{key}: true` or `{key}: false`.", key=key)
        return _YES.get(text, default)

    def number(self, key: str, default: float | None = None) -> float | None:
        """Return a number that is 0 or more."""
        if not self.has(key):
            return default
        text = self.text(key, "")
        try:
            value = float(text.replace("_", ""))
        except ValueError:
            value = -1.0
        if 0 <= value < float("inf"):
            return value
        self.error(f"`{key}: {text}` is not a number of 0 or more", f"Write `{key}: 8`.", key=key)
        return default

    def whole(self, key: str, default: int | None = None) -> int | None:
        """Return a whole number that is 0 or more."""
        value = self.number(key, default)
        if value is not None and value != int(value):
            self.error(f"`{key}` must be a whole number", f"Write `{key}: {int(value)}`.", key=key)
        return default if value is None else int(value)

    def span(self, key: str, default: timedelta) -> timedelta:
        """Return a time span."""
        if not self.has(key):
            return default
        text = self.text(key, "")
        value = duration(text)
        if value is None:
            self.error(f"`{key}: {text}` is not a time span", f"Write `{key}: 15m` (s, m, h or d).", key=key)
        return default if value is None else value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty when the key is missing."""
        return tuple(text for text, _ in self.lines(key))

    def lines(self, key: str) -> list[tuple[str, int]]:
        """Return a list of texts, each with its line."""
        tree = self.get(key)
        if tree is None or tree.kind == "nothing":
            return []
        if tree.items is None:
            self.error(f"`{key}` must be a list, not {tree.kind}", f"Write `{key}: [one, two]`.", key=key)
            return []
        found = [(item.text, item.line) for item in tree.items if item.text is not None]
        for item in tree.items:
            if item.text is None:
                remedy = "Write text; put quotes around one that holds `: ` or begins with a bracket."
                self.error(f"an entry of `{key}` is {item.kind}, not text", remedy, line=item.line)
        return found

    def section(self, key: str) -> "Section":
        """Return the map at `key`; an empty one when it is missing."""
        tree = self.get(key)
        if tree is None or tree.kind == "nothing":
            tree = Tree(line=self.line_of(key), keys={})
        return Section(tree, self.path, self.problems, f"`{key}`")

    def pairs(self) -> Iterator[tuple[str, Tree]]:
        """Yield every key with what stands there, for maps whose keys are names."""
        for key, tree in self._keys.items():
            self._asked[key] = None
            yield key, tree

    def mapping(self, key: str) -> dict[str, str]:
        """Return a map of texts to texts."""
        inner = self.section(key)
        return {name: inner.text(name) for name, _ in inner.pairs()}

    def done(self, *also: str) -> None:
        """Report the keys that nobody asked for; `also` are known but kept for later."""
        known = [*self._asked, *also]
        for key in self._keys:
            if key not in known:
                self.error(f"`{key}` is not a known key{self._in()}", choose(key, known, "key"), key=key)

    def _in(self) -> str:
        return f" in {self.where}" if self.where else ""
