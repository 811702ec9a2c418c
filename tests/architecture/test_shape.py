"""Files, functions and Protocols stay small and are named for what they do."""

import ast
from collections.abc import Iterator

from tests.architecture.source import PACKAGES, files, name_of, tree_of

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
MOST_METHODS = 5
BANNED = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "base",
    "core",
    "manager",
    "managers",
    "service",
    "services",
}
GENERATED = "storage/migrations/versions/"


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    """One idea each; a migration is as long as its tables."""
    long = {
        name_of(path): count
        for path in files(*PACKAGES, "tests", "bench")
        if (count := path.read_text(encoding="utf-8").count("\n")) > LONGEST_FILE
        and not name_of(path).startswith(GENERATED)
    }

    assert {} == long


def test_no_function_is_longer_than_forty_lines() -> None:
    """Of code: its docstring does not count."""
    long = {
        f"{name_of(path)}:{function.name}": lines
        for path in files(*PACKAGES)
        if not name_of(path).startswith(GENERATED)
        for function in functions(tree_of(path))
        if (lines := length(function)) > LONGEST_FUNCTION
    }

    assert {} == long


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield all functions and methods."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines a function's statements take, its docstring apart."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_module_has_a_name_that_says_nothing() -> None:
    """A drawer for everything is filled with everything."""
    found = [
        name_of(path)
        for path in files(*PACKAGES, "tests", "bench")
        if BANNED & {part.removesuffix(".py") for part in path.relative_to(path.parents[-1]).parts[-3:]}
        and BANNED & {path.stem, path.parent.name}
        and not name_of(path).startswith("tests/unit/core/")
    ]

    assert [] == found


def test_a_protocol_has_at_most_five_methods() -> None:
    """What asks for more asks for too much."""
    big = {
        f"{name_of(path)}:{node.name}": count
        for path in files(*PACKAGES)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef) and any("Protocol" in ast.unparse(base) for base in node.bases)
        if (count := sum(isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) for item in node.body))
        > MOST_METHODS
    }

    assert {} == big


def test_every_module_says_why_it_exists() -> None:
    """An empty package file needs no reason."""
    silent = [
        name_of(path)
        for path in files(*PACKAGES)
        if path.read_text(encoding="utf-8").strip() and ast.get_docstring(tree_of(path)) is None
    ]

    assert [] == silent


def test_every_dataclass_of_the_core_is_frozen_and_keyword_only() -> None:
    """Records are passed around between transactions; nobody changes one behind another's back."""
    loose: list[str] = []
    for path in files("bot", "coworkers"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                for decorator in node.decorator_list:
                    text = ast.unparse(decorator)
                    if text.startswith("dataclass") and not {"frozen=True", "kw_only=True"} <= {
                        word.strip("() ,") for word in text.removeprefix("dataclass").split(", ")
                    }:
                        loose.append(f"{name_of(path)}:{node.name}")

    assert [] == loose
