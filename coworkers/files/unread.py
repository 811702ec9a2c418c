"""What could not be read, by the names that it would have defined.

A file with one wrong character defines nothing, and everything that names it would be wrong too: the one mistake to correct would drown
in those that follow from it. So what stands in an unreadable file counts as known to the others, and only the file itself is told of.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from coworkers.files.folder import Folder
from coworkers.files.tree import Tree


@dataclass(frozen=True, kw_only=True)
class Unread:
    """The ids whose files could not be read."""

    organisation: bool = False
    tools: frozenset[str] = frozenset()
    workspaces: frozenset[str] = frozenset()
    coworkers: frozenset[str] = frozenset()


def unread(folder: Folder) -> Unread:
    """Return what could not be read so far."""
    parts = [path.removesuffix(".yaml").split("/") for path in folder.unread]
    settings = [part[1] for part in parts if part[0] == "coworkers" and part[2:] == ["coworker"]]
    return Unread(
        organisation=["organisation"] in parts,
        tools=frozenset(part[1] for part in parts if part[0] == "tools"),
        workspaces=frozenset(part[1] for part in parts if part[0] == "workspaces"),
        coworkers=frozenset(settings),
    )


def beginning(tree: Tree, starts: Iterable[str]) -> frozenset[str]:
    """Return every text in a file that begins with one of `starts`: the names that it takes from files which could not be read."""
    prefixes = tuple(starts)
    return frozenset(text for text in _texts(tree) if prefixes and text.startswith(prefixes))


def _texts(tree: Tree) -> Iterator[str]:
    if tree.text is not None:
        yield tree.text
    for inner in (*(tree.items or ()), *(tree.keys or {}).values()):
        yield from _texts(inner)
