"""Whether an Adaptive Card is one that Teams shows, by the published schema and by what Teams adds to it.

Teams' own additions (`msteams`, the people picker's `choices.data`) are not in the schema and are taken out first. What the schema says
nothing about is checked here: ids that come twice, more actions in a row than are shown, whoever is asked anew by themselves.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import jsonschema

from tests.fakes.faults import JsonObject

SCHEMA = Path(__file__).parents[1] / "data" / "adaptive_cards" / "adaptive-card.1.5.0.json"
_ROW = 6
MOST_AUTOMATIC = 60
"""For so many people, and in places of so many, clients ask for a card anew by themselves."""
_TEAMS_OWN = {"msteams", "choices.data"}


@cache
def _validator() -> jsonschema.Draft6Validator:
    return jsonschema.Draft6Validator(json.loads(SCHEMA.read_text()))


def faults_of(card: JsonObject) -> list[str]:
    """Return what is wrong with a card; empty when Teams shows it as it is meant."""
    wrong = [f"{error.json_path}: {error.message[:200]}" for error in _validator().iter_errors(_published(card))]
    if card.get("type") != "AdaptiveCard" or card.get("version") not in {"1.2", "1.3", "1.4", "1.5"}:
        wrong.append("A card needs its type, and a version that Teams knows.")
    ids = [item["id"] for item in nodes(card) if str(item.get("type", "")).startswith("Input.")]
    if len(ids) != len(set(ids)):
        wrong.append("Two inputs have one id.")
    if any(len(item.get("actions") or []) > _ROW for item in nodes(card)):
        wrong.append("Teams shows six actions in a row.")
    refresh = card.get("refresh") or {}
    if refresh and not (refresh.get("action") or {}).get("verb"):
        wrong.append("What asks for the card anew needs a verb.")
    if len(refresh.get("userIds") or []) > MOST_AUTOMATIC:
        wrong.append("Teams asks anew for 60 people at most.")
    return wrong


def nodes(node: object) -> Iterator[JsonObject]:
    """Give every object in a card."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from nodes(value)
    elif isinstance(node, list):
        for item in node:
            yield from nodes(item)


def _published(node: object) -> object:
    if isinstance(node, dict):
        return {key: _published(value) for key, value in node.items() if key not in _TEAMS_OWN}
    return [_published(item) for item in node] if isinstance(node, list) else node
