"""Takes secrets out of texts, by value: whatever way one got into a note, a log line or an error, it is not shown.

Only values of some length are taken out: a short one would hit ordinary words, and is no secret.
"""

from collections.abc import Callable, Iterable
from typing import Any

SHORTEST = 8
MARK = "[redacted]"


class Redactor:
    """Replaces known secrets in any text."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: list[str] = []
        self.add(secrets)

    def add(self, secrets: Iterable[str]) -> None:
        """Know further secrets from now on."""
        known = {*self._secrets, *(value for value in secrets if len(value) >= SHORTEST)}
        self._secrets = sorted(known, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return `text` with each secret replaced by a mark."""
        for value in self._secrets:
            if value in text:
                text = text.replace(value, MARK)
        return text


def cleaned(data: Any, redact: Callable[[str], str]) -> Any:  # noqa: ANN401 -- JSON in, the same shape out
    """Return JSON data with `redact` applied to every key and text in it."""
    if isinstance(data, str):
        return redact(data)
    if isinstance(data, list):
        return [cleaned(each, redact) for each in data]
    if isinstance(data, dict):
        return {redact(str(key)): cleaned(value, redact) for key, value in data.items()}
    return data
