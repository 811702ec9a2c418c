"""Secrets of a tool server: resolved at the last moment, and kept out of everything that is shown.

A tool file names secrets as `env:NAME`, alone or behind a scheme word as in `Bearer env:TOKEN`. The values exist in the
child's environment or in request headers only. Whatever a server sends back, or an error quotes, is searched for them,
because a server may repeat its own key in a message.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.errors import PermanentError
from bot.redaction import cleaned

Secret = Callable[[str], str]
"""From a reference (`env:NAME`) to its value; a LookupError or an empty text when it is not set."""

_REFERENCE: Final = re.compile(r"(?P<scheme>[A-Za-z][\w-]* )?(?P<reference>env:(?P<name>\w+))")
_SHORTEST: Final = 4
"""Shorter values are not searched for: they would be found in ordinary words."""


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """Values ready for use."""

    values: Mapping[str, str]
    secrets: frozenset[str]
    """The values of the references among them."""


class Redactor:
    """Replaces secrets by their value."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = sorted((value for value in secrets if len(value) >= _SHORTEST), key=len, reverse=True)

    def text(self, text: str) -> str:
        """Return `text` with each secret replaced."""
        for secret in self._secrets:
            text = text.replace(secret, "[redacted]")
        return text

    def data(self, data: Any) -> Any:  # noqa: ANN401 -- JSON in, the same shape out
        """Return JSON data with each secret in keys and values replaced."""
        return cleaned(data, self.text)


def resolve(values: Mapping[str, str], *, tool: str, secret: Secret, needed: bool = True) -> Resolved:
    """Return `values` with their references replaced; without the unset ones when they are not `needed`.

    Raises `PermanentError`, naming the variable, when a reference that is needed has no value.
    """
    resolved: dict[str, str] = {}
    secrets: set[str] = set()
    for key, value in values.items():
        found = _REFERENCE.fullmatch(value)
        if found is None:
            resolved[key] = value
            continue
        known = _value(found["reference"], secret)
        if not known and needed:
            raise PermanentError(
                f"{tool} needs the environment variable {found['name']}: set it for Deskmate and start it again."
            )
        if not known:
            continue
        secrets.add(known)
        resolved[key] = (found["scheme"] or "") + known
    return Resolved(values=resolved, secrets=frozenset(secrets))


def _value(reference: str, secret: Secret) -> str:
    try:
        return secret(reference)
    except LookupError:
        return ""
