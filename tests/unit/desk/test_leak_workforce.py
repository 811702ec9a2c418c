"""The seeded workforce says publicly what it says: none of its notes may look like a leak of its own private ones."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import pytest
import yaml

from bot.leak import find_leak

Yaml: TypeAlias = "dict[str, Yaml] | list[Yaml] | str | int | float | bool | None"

COWORKERS = Path(__file__).parents[3] / "config" / "workforce" / "coworkers"
PLAYBOOKS = sorted(COWORKERS.glob("*/playbook.yaml"))
TOLD = ("public_note", "ask", "question", "ask_requester", "resolve")


def texts(part: Yaml, names: Sequence[str]) -> Iterator[str]:
    """Give the texts that stand under one of `names`, a word in place of each expression."""
    if isinstance(part, list):
        for item in part:
            yield from texts(item, names)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name in names and isinstance(value, str):
                yield re.sub(r"\{\{.*?\}\}", "X", value)
            yield from texts(value, names)


@pytest.mark.parametrize("path", PLAYBOOKS, ids=lambda path: path.parent.name)
def test_a_playbooks_public_notes_pass_beside_its_private_ones(path: Path) -> None:
    """Each alone, and each after the others: a playbook cannot find other words when it is refused."""
    playbook: Yaml = yaml.safe_load(path.read_text(encoding="utf-8"))
    private = list(texts(playbook, ["private_note"]))
    public = list(dict.fromkeys(texts(playbook, TOLD)))

    refused = [
        text
        for text in public
        for earlier in ([], [other for other in public if other != text][-6:])
        if find_leak(text, private, (), earlier)
    ]

    assert refused == []
