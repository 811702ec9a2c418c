"""What a server writes to its error output, as lines of our log.

A server's own words are the best hint when it does not start, and noise otherwise: each line is made plain, freed of the
server's secrets, and kept to so many in a second. The last one is remembered for the error message.
"""

import logging
import time

from adapters.mcp.limits import ServerLimits
from adapters.mcp.plain_text import one_line
from adapters.mcp.references import Redactor

_log = logging.getLogger(__name__)


class ServerLog:
    """The error output of one server."""

    def __init__(self, name: str, limits: ServerLimits) -> None:
        self._name = name
        self._limits = limits
        self._second = 0.0
        self._lines = 0
        self._dropped = 0
        self.redactor = Redactor()
        self.last = ""
        """The last line that was not empty, made plain."""

    def begin(self) -> None:
        """Forget the last words of an earlier start."""
        self.last = ""

    def line(self, raw: bytes) -> None:
        """Log a line."""
        if not self._may_log():
            return
        text = self.redactor.text(one_line(raw.decode("utf-8", "replace"), self._limits.log_line))
        if text:
            self.last = text
            _log.info("%s: %s", self._name, text)

    def _may_log(self) -> bool:
        now = time.monotonic()
        if now - self._second >= 1:
            if self._dropped:
                _log.info("%s: %d more lines were left out", self._name, self._dropped)
            self._second, self._lines, self._dropped = now, 0, 0
        self._lines += 1
        if self._lines <= self._limits.log_lines:
            return True
        self._dropped += 1
        return False
