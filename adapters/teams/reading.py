"""Reading JSON that somebody else wrote, without ever failing.

Activities come from outside: a key may be missing, null, of another type, endless, or hold characters that a database refuses
(NUL, halves of surrogate pairs). Every string passes through here once and is safe to store afterwards.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import TypeAlias

Json: TypeAlias = Mapping[str, object]
JsonObject: TypeAlias = dict[str, object]

LONGEST_ID = 1000
_HALF = re.compile("[\ud800-\udfff]")
_NOTHING: Json = {}


def storable(text: str) -> str:
    """Return `text` without NUL and with lone surrogates replaced."""
    return _HALF.sub("\N{REPLACEMENT CHARACTER}", text.replace("\x00", ""))


def string(document: Json, key: str, *, longest: int = LONGEST_ID) -> str:
    """Return the string at `key`, cut at `longest` characters; empty when it is anything else."""
    value = document.get(key)
    return storable(value[:longest]) if isinstance(value, str) else ""


def identifier(document: Json, key: str) -> str:
    """Return the string at `key`; empty when it is anything else or longer than an id is."""
    value = string(document, key, longest=LONGEST_ID + 1)
    return value if len(value) <= LONGEST_ID else ""


def inside(document: Json, *keys: str) -> Json:
    """Return the object found by following `keys`; empty when there is none."""
    found: object = document
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else _NOTHING


def objects(document: Json, key: str) -> Iterator[Json]:
    """Give the objects in the list at `key`, leaving out whatever is none."""
    value = document.get(key)
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, Mapping))


def parse(body: bytes | str) -> JsonObject | None:
    """Return the JSON object that `body` holds; None when it holds something else."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
