"""Reading what Slack sends without trusting its shape.

A signed payload may still lack a field, hold null, or hold something of another type or size; Slack adds and drops fields
without notice. Every reader here gives a harmless value instead of raising, so that translation can be a straight line
and one odd event never makes Slack repeat it for an hour.
Texts lose what no database and no other platform takes: NUL and halves of surrogate pairs.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

Json: TypeAlias = Mapping[str, object]

_IDENTIFIER = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_TS = re.compile(r"([0-9]{1,11})\.([0-9]{1,6})", re.ASCII)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def part(document: Json, name: str) -> Json:
    """Return the object at `name`, or an empty one."""
    value = document.get(name)
    return value if isinstance(value, Mapping) else {}


def parts(document: Json, name: str, limit: int = 50) -> list[Json]:
    """Return the objects in the list at `name`, at most `limit`; anything else in it is left out."""
    value = document.get(name)
    return [item for item in value[:limit] if isinstance(item, Mapping)] if isinstance(value, list) else []


def text(document: Json, name: str, limit: int) -> str:
    """Return the text at `name`, at most `limit` characters of it, storable anywhere; empty when there is none."""
    value = document.get(name)
    return storable(value[:limit]) if isinstance(value, str) else ""


def storable(text: str) -> str:
    """Return `text` without what no database and no platform takes."""
    return _UNSTORABLE.sub("\ufffd", text)


def identifier(document: Json, name: str) -> str:
    """Return the id at `name`: letters, digits, `_`, `.` and `-`, at most 64; empty when it is anything else."""
    value = document.get(name)
    return value if isinstance(value, str) and _IDENTIFIER.fullmatch(value) else ""


def flag(document: Json, name: str) -> bool:
    """Tell whether `name` is true; anything but `true` is not."""
    return document.get(name) is True


def ts(document: Json, name: str) -> str:
    """Return the Slack timestamp at `name` (`1700000000.000100`); empty when it is no such thing."""
    value = document.get(name)
    return value if isinstance(value, str) and _TS.fullmatch(value) else ""


def moment(stamp: str) -> datetime:
    """Return the moment that a timestamp given by `ts` names; ValueError for anything else."""
    match = _TS.fullmatch(stamp)
    if match is None:
        raise ValueError(f"{stamp!r} is not a Slack timestamp; pass what `ts` returned.")
    return _EPOCH + timedelta(seconds=int(match[1]), microseconds=int(match[2].ljust(6, "0")))


def team_of(body: Json) -> str:
    """Return the team through which the app receives an event: in a shared channel that is not always `team_id`."""
    authorizations = parts(body, "authorizations", limit=1)
    ours = identifier(authorizations[0], "team_id") if authorizations else ""
    return ours or identifier(body, "context_team_id") or identifier(body, "team_id")
