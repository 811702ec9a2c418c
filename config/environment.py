"""Reading single variables of the environment; `PermanentError` names the one that is wrong and says what to write."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from bot.errors import PermanentError

LARGEST = 86_400_000
"""Seconds or milliseconds; far more than any of these waits is meant to be."""


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
