"""Lines from standard input, without blocking the event loop and without standing in the way of the process's end.

One daemon thread reads the file descriptor itself, since a buffered reader that waits holds a lock that the interpreter wants
when it shuts down. The loop gets whole lines; `None` ends them. A terminal, a pipe, a file and nothing at all are read alike.
"""

import asyncio
import codecs
import contextlib
import os
import threading

_CHUNK = 4_096
LONGEST = 40_000
"""Characters of a line; what is longer is cut into lines."""


class Lines:
    """An asynchronous reader of lines; `start` it within a running loop."""

    def __init__(self, descriptor: int = 0) -> None:
        self._descriptor = descriptor
        self._queue: asyncio.Queue[str | None] = asyncio.Queue()

    @property
    def typed(self) -> bool:
        """Tell whether a person types the lines, who sees them and reads what comes back."""
        return os.isatty(self._descriptor)

    def start(self) -> None:
        """Begin to read."""
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, args=(loop,), name="terminal-lines", daemon=True).start()

    async def next(self) -> str | None:
        """Return the next line without its end, or None at the end of the input (and ever after)."""
        line = await self._queue.get()
        if line is None:
            self._queue.put_nowait(None)
        return line

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        rest = ""
        with contextlib.suppress(RuntimeError):  # the loop has been closed meanwhile: nobody listens
            while True:
                try:
                    chunk = os.read(self._descriptor, _CHUNK)
                except OSError:
                    chunk = b""
                *lines, rest = (rest + decoder.decode(chunk, final=not chunk)).split("\n")
                while len(rest) > LONGEST:
                    lines.append(rest[:LONGEST])
                    rest = rest[LONGEST:]
                for line in lines if chunk else [*lines, *([rest] if rest else [])]:
                    loop.call_soon_threadsafe(self._queue.put_nowait, line.removesuffix("\r"))
                if not chunk:
                    loop.call_soon_threadsafe(self._queue.put_nowait, None)
                    return
