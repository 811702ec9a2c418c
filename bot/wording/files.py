"""How attached files are told of: to colleagues with links, to coworkers by name."""

from collections.abc import Sequence

from bot.file import File
from bot.links import plain_link

_MARKUP = frozenset("[]()<>`*_~|\\!\n\r")


def linked(files: Sequence[File]) -> str:
    """Return the files in one line of Markdown, each with its link where it has a plain one."""
    return f"Attached: {', '.join(_linked(file) for file in files)}"


def described(files: Sequence[File]) -> list[str]:
    """Return a numbered line for each file: name, type and size as the platform tells them."""
    return [f"{number}. {file.name}{_about(file)}" for number, file in enumerate(files, 1)]


def _linked(file: File) -> str:
    name = " ".join("".join(" " if char in _MARKUP else char for char in file.name).split()) or "file"
    return (f"[{name}]({file.link})" if plain_link(file.link) else name) + _about(file)


def _about(file: File) -> str:
    size = "" if file.size is None else f"{max(1, file.size // 1024):,} kB"
    known = ", ".join(item for item in (file.type, size) if item)
    return f" ({known})" if known else ""
