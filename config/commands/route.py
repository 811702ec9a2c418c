"""`deskmate route --file IN.jsonl`: where each line would go, one JSON line each; nothing is written or sent."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from bot.errors import PermanentError
from config.settings import read_settings
from config.workforce_folder import employed
from coworkers.routing import Router, Routing, router_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the file and the folder."""
    parser.add_argument(
        "--file", required=True, metavar="IN.jsonl", help='lines of {"id", "text", "requester"?}; - for standard input'
    )
    parser.add_argument("--workforce", metavar="DIR", help="the workforce folder (default: DESKMATE_WORKFORCE)")


def run(given: argparse.Namespace) -> int:
    """Route each line, in order."""
    folder = Path(given.workforce) if given.workforce else read_settings(os.environ, offline=True).workforce
    router = router_of(employed(folder))
    for number, line in enumerate(_lines(given.file), start=1):
        if line.strip():
            print(json.dumps(_routed(router, _read(line, number)), ensure_ascii=False))
    return 0


def _lines(file: str) -> list[str]:
    if file == "-":
        return sys.stdin.readlines()
    try:
        return Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PermanentError(
            f"{file} cannot be read ({error}); name a UTF-8 file with one JSON object per line."
        ) from error


def _read(line: str, number: int) -> dict[str, Any]:
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise PermanentError(
            f'Line {number} is no JSON ({error}); write {{"id": …, "text": …}} on each line.'
        ) from error
    if not isinstance(item, dict) or not isinstance(item.get("text"), str) or "id" not in item:
        raise PermanentError(f'Line {number} lacks "id" or "text"; write {{"id": …, "text": …}} on each line.')
    return item


def _routed(router: Router, item: dict[str, Any]) -> dict[str, Any]:
    found: Routing = router.route(item["text"])
    return {
        "id": item["id"],
        "workspace": found.workspace,
        "coworker": found.coworker,
        "alternatives": [
            {"workspace": place.workspace, "coworker": place.coworker, "confidence": place.confidence}
            for place in found.alternatives
        ],
        "confidence": found.confidence,
        "reason": found.reason,
    }
