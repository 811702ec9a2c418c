"""`deskmate route --file IN.jsonl`: where each line would go, one JSON line each; nothing is written or sent.

A line that cannot be read gets an `error` in its place and does not keep the others from being routed; the exit status tells of it.
"""

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeGuard

from bot.errors import PermanentError
from config.settings import read_settings
from config.workforce_folder import employed
from coworkers.routing import Router, router_of

FORM = 'write {"id": …, "text": …, "requester": …} on each line, the last where it is known'
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One line of the file."""

    id: str | int | float
    text: str


class Unreadable(Exception):
    """A line cannot be routed; the message says why, and `id` which it is, where that is known."""

    def __init__(self, what: str, *, id: object = None) -> None:  # noqa: A002  # as it is called in the file
        super().__init__(what)
        self.id = id if _is_id(id) else None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file and the folder."""
    parser.add_argument(
        "--file", required=True, metavar="IN.jsonl", help='lines of {"id", "text", "requester"?}; - for standard input'
    )
    parser.add_argument("--workforce", metavar="DIR", help="the workforce folder (default: DESKMATE_WORKFORCE)")


def run(given: argparse.Namespace) -> int:
    """Route each line, in order; 1 when one of them could not be."""
    named = Path(given.workforce) if given.workforce else read_settings(os.environ, offline=True).workforce
    router = router_of(employed(named))
    wrong = count = 0
    with _opened(given.file) as file:
        for number, line in enumerate(_lines(file, given.file), start=1):
            if not line.strip():
                continue
            count += 1
            try:
                answer = _routed(router, read_line(line, number))
            except Unreadable as error:
                wrong += 1
                answer = {"id": error.id, "error": str(error)}
            print(_written(answer), flush=True)
    if wrong:
        raise PermanentError(f"{wrong} of {count} lines could not be routed: see the error of each, and {FORM}.")
    return 0


@contextlib.contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        yield sys.stdin.buffer
        return
    with contextlib.ExitStack() as stack:
        try:
            opened = stack.enter_context(Path(file).open("rb"))
        except (OSError, ValueError) as error:
            raise _unopened(file, error) from error
        yield opened


def _lines(file: BinaryIO, name: str) -> Iterator[bytes]:
    try:
        yield from file
    except OSError as error:
        raise _unopened(name, error) from error


def _unopened(file: str, error: OSError | ValueError) -> PermanentError:
    why = (error.strerror or "").lower() if isinstance(error, OSError) else ""
    return PermanentError(
        f"{file!r} cannot be read ({why or 'no such name'}): name a file with one JSON object per line."
    )


def read_line(line: bytes, number: int) -> Item:
    """Return what the line says; `Unreadable` says what is wrong with it. `number`: from 1."""
    try:
        said = json.loads(line.removeprefix(_BOM) if number == 1 else line, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise Unreadable(f"line {number} is not UTF-8 text") from error
    except (ValueError, RecursionError) as error:
        why = f": {error.msg} at character {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise Unreadable(f"line {number} is no JSON{why}") from error
    if not isinstance(said, dict):
        raise Unreadable(f"line {number} is no JSON object")
    key, text, requester = said.get("id"), said.get("text"), said.get("requester")
    if not _is_id(key):
        raise Unreadable(f'line {number} has no "id" that is text or a number')
    if not isinstance(text, str):
        raise Unreadable(f'line {number} has no "text" that is text', id=key)
    if requester is not None and not isinstance(requester, str):
        raise Unreadable(f'line {number} has a "requester" that is no text: write an e-mail address', id=key)
    return Item(id=key, text=text)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON")


def _is_id(key: object) -> TypeGuard[str | int | float]:
    return isinstance(key, str | int) or (isinstance(key, float) and abs(key) < float("inf"))


def _written(answer: Mapping[str, object]) -> str:
    """Return the answer as one line of JSON, escaped where it could not be printed otherwise."""
    readable = json.dumps(answer, ensure_ascii=False)
    try:
        readable.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(answer)
    return readable


def _routed(router: Router, item: Item) -> dict[str, object]:
    found = router.route(item.text)
    return {
        "id": item.id,
        "workspace": found.workspace,
        "coworker": found.coworker,
        "alternatives": [
            {"workspace": place.workspace, "coworker": place.coworker, "confidence": place.confidence}
            for place in found.alternatives
        ],
        "confidence": found.confidence,
        "reason": found.reason,
    }
