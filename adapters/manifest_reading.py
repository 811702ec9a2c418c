"""Reading a manifest that may be anything: what is missing or of another kind is empty, so that a lint falls over nothing.

The manifests of both platforms are trees of objects, lists and texts. The platforms do not know each other, so what their lints share
is here.
"""

from collections.abc import Mapping
from typing import TypeAlias
from urllib.parse import urlsplit

Document: TypeAlias = Mapping[str, object]


def part(document: Document, name: str) -> Document:
    """Return the object in a field."""
    found = document.get(name)
    return found if isinstance(found, Mapping) else {}


def parts(document: Document, name: str) -> list[Document]:
    """Return the objects of the list in a field."""
    found = document.get(name)
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def texts(document: Document, name: str) -> list[str]:
    """Return the texts of the list in a field."""
    found = document.get(name)
    return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []


def is_https(given: object) -> bool:
    """Tell whether this is an https address with a host."""
    try:
        address = urlsplit(given) if isinstance(given, str) else None
        return address is not None and address.scheme == "https" and bool(address.hostname)
    except ValueError:
        return False
