"""The CEL library's engine, loaded without its command line.

`import cel` loads the library's interactive console too, with everything that draws it: 11 MB in every process, for a program that nobody
here starts. The engine itself is one compiled module inside the package, which is loaded by itself where it is found, and only once
(it cannot be loaded twice); the package is imported as usual where it is not.
"""

import importlib
from functools import lru_cache
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    import cel


class Engine(Protocol):
    """The part of the library that is used here."""

    @property
    def Context(self) -> "type[cel.Context]":  # noqa: N802 -- the library's name
        """The class of what an expression is evaluated over."""
        ...

    def compile(self, expression: str) -> "cel.Program":
        """Return the program of an expression; `ValueError` when it is none."""
        ...


@lru_cache(maxsize=1)
def engine() -> Engine:
    """Return the engine."""
    package = find_spec("cel")
    for folder in (package.submodule_search_locations or ()) if package else ():
        for file in (Path(folder, f"cel{suffix}") for suffix in EXTENSION_SUFFIXES):
            spec = spec_from_file_location("cel", file, loader=ExtensionFileLoader("cel", str(file)))
            if file.is_file() and spec is not None and spec.loader is not None:
                module = module_from_spec(spec)
                spec.loader.exec_module(module)
                return cast("Engine", module)
    return cast("Engine", importlib.import_module("cel"))
