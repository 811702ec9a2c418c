"""Files that people attach: recorded by what the platform says of them, never fetched because somebody attached them."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class File:
    """One attached file."""

    name: str
    type: str = ""
    """The media type as the platform tells it; nobody has looked inside."""
    size: int | None = None
    """Bytes, as the platform tells them."""
    link: str = ""
    """Where people who may see it on the platform can open it."""
    key: str = ""
    """The platform's own id of the file, by which its adapter can fetch it."""
