"""Bytes to lines, and lines to messages, whatever comes."""

from hypothesis import given
from hypothesis import strategies as st
from mcp_types import JSONRPCError, JSONRPCResponse

from adapters.mcp.failures import UNREADABLE
from adapters.mcp.lines import LineCutter, TooLong
from adapters.mcp.pipe import parsed

LIMIT = 1000


@given(st.lists(st.binary(max_size=600).map(lambda part: part.replace(b"\n", b" ")), max_size=6), st.integers(1, 700))
def test_lines_do_not_depend_on_how_the_bytes_arrive(lines: list[bytes], step: int) -> None:
    """Short lines come out as they went in."""
    whole = b"".join(line + b"\n" for line in lines)
    cutter = LineCutter(limit=LIMIT)

    cut = [line for start in range(0, len(whole), step) for line in cutter.feed(whole[start : start + step])]

    assert lines == cut


@given(st.integers(LIMIT + 1, 20_000), st.integers(1, 5000))
def test_a_long_line_keeps_its_ends_and_its_size(size: int, step: int) -> None:
    """The line after it is whole again."""
    whole = b"a" * (size // 2) + b"b" * (size - size // 2) + b"\nnext\n"
    cutter = LineCutter(limit=LIMIT)

    cut = [line for start in range(0, len(whole), step) for line in cutter.feed(whole[start : start + step])]

    assert cut == [TooLong(head=b"a" * 256, tail=b"b" * 256, size=size), b"next"]


def test_a_message_is_parsed() -> None:
    """A response is what it says."""
    message = parsed(b'{"jsonrpc":"2.0","id":7,"result":{"a":1}}')

    assert isinstance(message, JSONRPCResponse)
    assert (message.id, message.result) == (7, {"a": 1})


def test_an_unreadable_answer_fails_its_own_request() -> None:
    """The id is found at either end."""
    first = parsed(TooLong(head=b'{"jsonrpc":"2.0","id":7,"result":{"id":8,', tail=b'x"}}', size=10**8))
    last = parsed(TooLong(head=b'{"result":{"a":"', tail=b'x"},"jsonrpc":"2.0","id":9}', size=10**8))

    assert isinstance(first, JSONRPCError)
    assert isinstance(last, JSONRPCError)
    assert (first.id, last.id, last.error.code) == (7, 9, UNREADABLE)


@given(st.binary(max_size=200))
def test_garbage_is_never_a_crash(line: bytes) -> None:
    """It is a message, an error for a request, or nothing."""
    message = parsed(line)

    assert message is None or message.jsonrpc == "2.0"
