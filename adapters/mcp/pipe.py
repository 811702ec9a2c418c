"""A tool server as a child process that speaks JSON-RPC in lines.

The SDK's own transport keeps a line in memory however long it is. This one reads no more than the limit; a line that is
too long or unreadable becomes an error answer to the request that it belongs to, so that the caller learns of it at
once. The child is the leader of its own process group and ends with us: its input is closed, then the group is asked
and at last forced to end. When we are killed, the child's input ends too.
"""

import logging
import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final

import anyio
from anyio.abc import Process
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.os.posix.utilities import terminate_posix_process_tree
from mcp.shared.message import SessionMessage
from mcp_types import ErrorData, JSONRPCError, JSONRPCMessage, jsonrpc_message_adapter

from adapters.mcp.failures import UNREADABLE
from adapters.mcp.filtered import Streams
from adapters.mcp.limits import ServerLimits
from adapters.mcp.lines import EDGE, LineCutter, TooLong

_GRACE: Final = 2.0
"""Seconds that a child has to end by itself, and again after it was asked to."""
_GONE: Final = (anyio.EndOfStream, anyio.ClosedResourceError, anyio.BrokenResourceError, OSError)
_HEAD_ID: Final = re.compile(rb'^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d{1,15})\s*,')
_TAIL_ID: Final = re.compile(rb',\s*"id"\s*:\s*(\d{1,15})\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$')
_log = logging.getLogger(__name__)

Incoming = MemoryObjectSendStream[SessionMessage | Exception]


@asynccontextmanager
async def pipe(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    limits: ServerLimits,
    on_line: Callable[[bytes], None],
    on_end: Callable[[], None],
) -> AsyncGenerator[Streams, None]:
    """Start `command` with exactly `env` and connect to it.

    `on_line` is given each line of its error output, cut to the limit; `on_end` is called when it writes no more.
    Raises OSError when it cannot be started.
    """
    process = await anyio.open_process(list(command), env=dict(env), start_new_session=True)
    # Nothing is awaited before the block below, or a cancellation here would leave the child behind.
    incoming, read = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    write, outgoing = anyio.create_memory_object_stream[SessionMessage](0)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_read, process, incoming, limits.message, on_end)
        tasks.start_soon(_write, process, outgoing, incoming)
        tasks.start_soon(_listen, process, limits.log_line, on_line)
        try:
            yield read, write
        finally:
            with anyio.CancelScope(shield=True):
                read.close()  # what still comes is read and dropped, so that a child that is writing can end
                write.close()
                await _end(process)
            tasks.cancel_scope.cancel()
            for stream in (incoming, outgoing):
                stream.close()


async def _read(process: Process, incoming: Incoming, limit: int, on_end: Callable[[], None]) -> None:
    assert process.stdout is not None
    cutter = LineCutter(limit=limit)
    wanted = True
    with suppress(*_GONE):
        while True:
            for line in cutter.feed(await process.stdout.receive()):
                wanted = wanted and await _deliver(line, incoming)
    incoming.close()
    on_end()


async def _deliver(line: bytes | TooLong, incoming: Incoming) -> bool:
    """Hand a line to the SDK; False when nobody reads any more, or when a request would wait for ever."""
    message = parsed(line)
    if message is None and isinstance(line, TooLong):
        _log.warning("A server sent %d kB that answer no request of ours; the connection is ended", line.size // 1024)
        incoming.close()
        return False
    try:
        if message is not None:
            await incoming.send(SessionMessage(message))
    except (anyio.BrokenResourceError, anyio.ClosedResourceError):
        return False
    return True


def parsed(line: bytes | TooLong) -> JSONRPCMessage | None:
    """Return the message in a line, an error answer when only the request is recognised, or None."""
    if isinstance(line, TooLong):
        return _unreadable(line.head, line.tail, f"the answer is larger than can be read ({line.size // 1024} kB)")
    try:
        return jsonrpc_message_adapter.validate_json(line, by_name=False)
    except ValueError:
        return _unreadable(line[:EDGE], line[-EDGE:], "the answer is not valid JSON-RPC")


def _unreadable(head: bytes, tail: bytes, why: str) -> JSONRPCMessage | None:
    found = _HEAD_ID.search(head) or _TAIL_ID.search(tail)
    if found is None:
        return None
    return JSONRPCError(jsonrpc="2.0", id=int(found[1]), error=ErrorData(code=UNREADABLE, message=why))


async def _write(process: Process, outgoing: MemoryObjectReceiveStream[SessionMessage], incoming: Incoming) -> None:
    assert process.stdin is not None
    try:
        async for item in outgoing:
            line = item.message.model_dump_json(by_alias=True, exclude_unset=True)
            await process.stdin.send(line.encode("utf-8", "replace") + b"\n")
    except _GONE:
        incoming.close()  # so that nobody waits for an answer to what was not sent


async def _listen(process: Process, limit: int, on_line: Callable[[bytes], None]) -> None:
    assert process.stderr is not None
    cutter = LineCutter(limit=limit)
    with suppress(*_GONE):
        while True:
            for line in cutter.feed(await process.stderr.receive()):
                on_line(line.head if isinstance(line, TooLong) else line)


async def _end(process: Process) -> None:
    """Close the child's input and see to it that its whole group ends, in at most three times the grace."""
    assert process.stdin is not None
    with suppress(*_GONE):
        await process.stdin.aclose()
    with anyio.move_on_after(_GRACE):
        # Not wait(): that also waits for the ends of the pipes, which a grandchild may hold open.
        while process.returncode is None:  # noqa: ASYNC110 -- nothing tells of the end alone
            await anyio.sleep(0.01)
    await terminate_posix_process_tree(process, _GRACE)
    with anyio.move_on_after(_GRACE):
        await process.wait()
    # A process that left the group may hold a pipe open; nothing public lets go of our end.
    transport = getattr(getattr(process, "_process", None), "_transport", None)
    if transport is not None:
        transport.close()
