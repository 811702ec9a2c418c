"""The load generator, a process of its own: `python -m bench.load HOST:PORT --first N --count N [--rate R]`, or `--requests FILE`.

Requests are built and signed first and then written as they are, so that the generator costs little of the two cores that it shares with
the server. Without a rate each connection sends its next request when the last was answered (closed loop). With one, a
request is sent when its time has come, whatever became of those before it, and waiting for a free connection counts (open loop).
It prints one JSON document: how many were acknowledged, the seconds, and each latency in ms.
"""

import argparse
import asyncio
import gc
import json
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from bench.events import request


@dataclass(kw_only=True)
class Round:
    """What is to be sent, and what came of it."""

    waiting: deque[bytes]
    latencies: list[float] = field(default_factory=list)
    """Of acknowledged requests, in ms."""
    refused: int = 0
    done: asyncio.Event = field(default_factory=asyncio.Event)
    in_flight: int = 0

    def answered(self, began: float, *, ok: bool) -> None:
        """Note one answer."""
        self.in_flight -= 1
        if ok:
            self.latencies.append((time.perf_counter() - began) * 1000)
        else:
            self.refused += 1


class Line(asyncio.Protocol):
    """One connection, with one request at a time."""

    def __init__(self, whole: Round) -> None:
        self._round = whole
        self._transport: asyncio.Transport | None = None
        self._read = b""
        self._began = 0.0
        self.free: asyncio.Queue[Line] | None = None
        """Where it is put when it has nothing to do; None: it takes the next request by itself."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def send(self, content: bytes, began: float) -> None:
        """Send one request."""
        assert self._transport is not None
        self._began = began
        self._round.in_flight += 1
        self._transport.write(content)

    def next(self) -> None:
        """Send the next request, if there is one."""
        if self._round.waiting:
            self.send(self._round.waiting.popleft(), time.perf_counter())
        elif not self._round.in_flight:
            self._round.done.set()

    def data_received(self, data: bytes) -> None:
        """Read an answer; it is whole once its body is as long as it says."""
        self._read += data
        head, end, rest = self._read.partition(b"\r\n\r\n")
        if not end:
            return
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0)
        if len(rest) < length:
            return
        self._read = b""
        self._round.answered(self._began, ok=head.startswith(b"HTTP/1.1 20"))
        if self.free is None:
            self.next()
        else:
            self.free.put_nowait(self)
            if not self._round.waiting and not self._round.in_flight:
                self._round.done.set()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 -- asyncio's signature
        """End the round: a server that hangs up has failed it."""
        self._round.done.set()


async def _closed(lines: list[Line]) -> None:
    for line in lines:
        line.next()


async def _open(lines: list[Line], whole: Round, rate: float) -> None:
    free: asyncio.Queue[Line] = asyncio.Queue()
    for line in lines:
        line.free = free
        free.put_nowait(line)
    loop = asyncio.get_running_loop()
    begin, number = loop.time(), 0
    while whole.waiting:
        await asyncio.sleep(max(0.0, begin + number / rate - loop.time()))
        came, number = time.perf_counter(), number + 1
        line = await free.get()
        if whole.waiting:
            line.send(whole.waiting.popleft(), came)


def _requests(options: argparse.Namespace) -> Iterator[bytes]:
    if options.requests is not None:
        yield from (ready.encode() for ready in json.loads(options.requests.read_text(encoding="utf-8")))
        return
    for number in range(options.first, options.first + options.count):
        yield request(number, options.server)


async def run(options: argparse.Namespace) -> dict[str, object]:
    """Send everything and return what came of it."""
    host, _, port = options.server.rpartition(":")
    whole = Round(waiting=deque(_requests(options)))
    loop = asyncio.get_running_loop()
    opened = [await loop.create_connection(lambda: Line(whole), host, int(port)) for _ in range(options.connections)]
    lines = [line for _, line in opened]
    gc.disable()
    began, at = time.perf_counter(), time.monotonic()
    await (_open(lines, whole, options.rate) if options.rate else _closed(lines))
    try:
        await asyncio.wait_for(whole.done.wait(), options.seconds)
    except TimeoutError:
        whole.waiting.clear()
    seconds = time.perf_counter() - began
    unanswered = whole.in_flight
    for transport, _ in opened:
        transport.abort()
    return {
        "acknowledged": len(whole.latencies),
        "refused": whole.refused,
        "unanswered": unanswered,
        "seconds": seconds,
        "began": at,
        "latencies": [round(value, 3) for value in whole.latencies],
    }


def main() -> None:
    """Read the arguments, send, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("server", help="HOST:PORT")
    parser.add_argument("--first", type=int, default=0, help="number of the first event of Slack")
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument("--requests", type=Path, help="a JSON list of whole HTTP requests to send instead")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--rate", type=float, default=0, help="events per second; 0: as fast as they are answered")
    parser.add_argument("--seconds", type=float, default=30, help="stop waiting after so long")
    json.dump(asyncio.run(run(parser.parse_args())), sys.stdout)


if __name__ == "__main__":
    main()
