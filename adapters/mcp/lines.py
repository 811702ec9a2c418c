"""Bytes of a pipe cut into lines, of which no line can take more memory than its limit.

Of a line that is too long only its beginning and its end are kept: enough to see which request it answers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

EDGE: Final = 256
"""Bytes kept at either end of a line that is too long."""


@dataclass(frozen=True, kw_only=True)
class TooLong:
    """What is left of a line that was longer than the limit."""

    head: bytes
    tail: bytes
    size: int
    """Bytes of the whole line."""


class LineCutter:
    """Takes chunks, gives lines without their line feed."""

    def __init__(self, *, limit: int) -> None:
        self._limit = limit
        self._line = bytearray()
        self._head = b""
        self._dropped = 0

    def feed(self, chunk: bytes) -> Iterator[bytes | TooLong]:
        """Yield the lines that `chunk` completes."""
        *whole, rest = chunk.split(b"\n")
        for part in whole:
            self._take(part)
            yield self._end()
        self._take(rest)

    def _take(self, part: bytes) -> None:
        self._line += part
        if len(self._line) <= self._limit:
            return
        if not self._dropped:
            self._head = bytes(self._line[:EDGE])
        self._dropped += len(self._line) - EDGE
        del self._line[:-EDGE]

    def _end(self) -> bytes | TooLong:
        line, dropped, head = bytes(self._line), self._dropped, self._head
        self._line.clear()
        self._dropped, self._head = 0, b""
        if dropped:
            return TooLong(head=head, tail=line[-EDGE:], size=dropped + len(line))
        return line
