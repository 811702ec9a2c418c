"""Reading single variables of the environment; `PermanentError` names the one that is wrong and says what to write."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from bot.errors import PermanentError

LARGEST = 86_400_000
"""Seconds or milliseconds; far more than any of these waits is meant to be."""
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def web_address(environment: Mapping[str, str], name: str) -> str | None:
    """Return a web address; None when it is not set."""
    given = environment.get(name, "").strip()
    if not given:
        return None
    try:
        right = urlsplit(given).scheme in {"http", "https"} and bool(urlsplit(given).hostname)
    except ValueError:
        right = False
    if not right:
        raise PermanentError(f"{name} is no web address: set it to one that begins with https://, or unset it.")
    return given


def encrypted_address(environment: Mapping[str, str], name: str) -> str | None:
    """Return a web address to which secrets go, so that nobody on the way may read it; None when it is not set."""
    given = web_address(environment, name)
    if given is not None and urlsplit(given).scheme != "https" and urlsplit(given).hostname not in _LOOPBACK:
        raise PermanentError(f"{name} must begin with https://: what proves who the bot is goes there.")
    return given


def guid(environment: Mapping[str, str], name: str, where: str) -> str:
    """Return a GUID as it was written; `where` says where to copy it from. Empty when it is not set."""
    given = environment.get(name, "").strip()
    if given and not _GUID.fullmatch(given.lower()):
        raise PermanentError(f"{name} is {given!r}, which is no GUID: copy it from {where}.")
    return given


def number(environment: Mapping[str, str], name: str, default: int, *, least: int = 0, most: int = LARGEST) -> int:
    """Return a whole number between two bounds."""
    given = environment.get(name, "").strip()
    if not given:
        return default
    found = int(given) if given.isdecimal() and len(given) <= len(str(LARGEST)) else -1
    if not least <= found <= most:
        raise PermanentError(
            f"{name} is {given!r}: set it to a whole number from {least} to {most}, such as {default}."
        )
    return found


def one_of(environment: Mapping[str, str], name: str, known: tuple[str, ...]) -> str:
    """Return one of the known values, the first when none is set."""
    given = environment.get(name, "").strip().lower() or known[0]
    if given not in known:
        raise PermanentError(f"{name} is {given!r}: set it to one of {', '.join(known)}.")
    return given
