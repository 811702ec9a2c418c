"""Takes secrets out of texts, by value: whatever way one got into a note, a log line or an error, it is not shown.

Only values of some length are taken out: a short one would hit ordinary words, and is no secret.
"""

from collections.abc import Iterable

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
