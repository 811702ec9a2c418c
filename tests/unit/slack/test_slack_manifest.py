"""The manifest is what the code needs, fits Slack's published schema, and the lint finds what that schema lets pass.

The schema is Slack's own (github.com/slackapi/manifest-schema, MIT, its licence beside it).
"""

import ast
import copy
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from adapters.slack import manifest_table as table
from adapters.slack.listeners import PATH
from adapters.slack.manifest import manifest, rendered
from adapters.slack.manifest_known import EVENTS as KNOWN_EVENTS
from adapters.slack.manifest_lint import faults
from adapters.slack.membership import EVENTS as OF_MEMBERSHIP
from adapters.slack.oauth import REDIRECT, SCOPES
from adapters.slack.shortcuts import GLOBAL, ON_MESSAGE
from tests.architecture.source import ROOT, files, name_of, tree_of

DATA = Path(__file__).resolve().parents[2] / "data" / "slack_manifest"
Manifest = dict[str, Any]


def schema_errors(document: Manifest) -> list[str]:
    """Return what Slack's schema says against a manifest."""
    schema = json.loads((DATA / "manifest.schema.2.0.0.json").read_text(encoding="utf-8"))
    return [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(document)]


@pytest.mark.parametrize("socket", [False, True])
def test_the_manifest_is_in_order(*, socket: bool) -> None:
    """For Slack's schema and for our lint."""
    document = manifest("https://desk.example.com", socket=socket)

    assert [] == schema_errors(document)
    assert [] == faults(document)
    assert document == yaml.safe_load(rendered(document))


def test_the_committed_manifest_is_the_generated_one() -> None:
    """`deskmate manifest slack > manifest/slack.yaml` writes it anew."""
    committed = (ROOT / "manifest" / "slack.yaml").read_text(encoding="utf-8")

    assert rendered(manifest()) == committed


def test_with_socket_mode_slack_is_given_no_address_to_call() -> None:
    """It could not be reached; only people's browsers are sent to the redirect address."""
    document = manifest(socket=True)

    assert "request_url" not in json.dumps(document)
    assert [None] == [item.get("url") for item in document["features"]["slash_commands"]]
    assert document["settings"]["socket_mode_enabled"]


def _spoilt(change: Callable[[Manifest], object]) -> Manifest:
    document = copy.deepcopy(manifest())
    change(document)
    return document


def _bot(document: Manifest) -> list[str]:
    scopes: list[str] = document["oauth_config"]["scopes"]["bot"]
    return scopes


def _events(document: Manifest) -> list[str]:
    events: list[str] = document["settings"]["event_subscriptions"]["bot_events"]
    return events


BROKEN: list[tuple[Callable[[Manifest], object], str]] = [
    (lambda d: _bot(d).append("chat:wirte"), "Slack knows no scope chat:wirte; chat:write is meant, perhaps."),
    (lambda d: _bot(d).append("chat:write"), "The scope chat:write stands there twice."),
    (lambda d: _events(d).append("app_mentoin"), "Slack knows no event app_mentoin; app_mention is meant, perhaps."),
    (lambda d: _bot(d).remove("im:history"), "The event message.im does not arrive without the scope im:history."),
    (
        lambda d: _bot(d).remove("reactions:write"),
        "The method reactions.add is refused without the scope reactions:write.",
    ),
    (lambda d: _bot(d).remove("commands"), "Slash commands and shortcuts do not work without the scope commands."),
    (lambda d: _bot(d).append("pins:write"), "Nothing needs the scope pins:write."),
    (lambda d: _events(d).append("pin_added"), "Nothing handles the event pin_added."),
    (
        lambda d: d["settings"]["event_subscriptions"].pop("request_url"),
        "Without Socket Mode Slack needs an address: event_subscriptions.request_url is missing.",
    ),
    (
        lambda d: d["features"]["slash_commands"][0].pop("url"),
        "Without Socket Mode Slack needs an address: the url of /atom is missing.",
    ),
    (
        lambda d: d["settings"]["interactivity"].update(request_url="http://desk.example.com/slack/events"),
        "interactivity.request_url must be an https address.",
    ),
    (
        lambda d: d["oauth_config"].update(redirect_urls=["https://[oops"]),
        "The redirect address https://[oops must be an https address.",
    ),
    (
        lambda d: d["settings"]["interactivity"].update(is_enabled=False),
        "Buttons and forms do not work without interactivity.",
    ),
    (
        lambda d: d["features"].update(assistant_view={"assistant_description": "Old."}),
        "agent_view and assistant_view exclude each other; keep agent_view.",
    ),
    (
        lambda d: d["features"]["app_home"].update(messages_tab_enabled=False),
        "Nobody can write to an agent without the messages tab.",
    ),
    (lambda d: d["features"]["slash_commands"][0].update(description=" "), "/atom has no description."),
    (
        lambda d: d["features"]["slash_commands"][0].pop("usage_hint"),
        "/atom does not hint at what may follow it.",
    ),
]


@pytest.mark.parametrize(("change", "sentence"), BROKEN, ids=[sentence for _, sentence in BROKEN])
def test_the_lint_finds_what_the_schema_lets_pass(change: Callable[[Manifest], object], sentence: str) -> None:
    """One broken manifest for each rule; Slack's schema has nothing against any of them."""
    document = _spoilt(change)

    assert sentence in faults(document)
    assert [] == schema_errors(document)


def test_the_schema_is_one_that_can_refuse() -> None:
    """It stands for what Slack would refuse: an unknown key, too many prompts."""
    document = _spoilt(lambda d: d["features"].update(agents={}))
    document["features"]["agent_view"]["suggested_prompts"] *= 2

    assert 2 == len(schema_errors(document))


NOT_HANDLERS = {
    "adapters/slack/manifest.py",
    "adapters/slack/manifest_known.py",
    "adapters/slack/manifest_lint.py",
    "adapters/slack/manifest_table.py",
    "adapters/slack/pace.py",
    "adapters/slack/refusals.py",
}
"""Files that name methods and events without calling or handling them."""
METHOD = re.compile(
    r"(agents\.sessions|apps|apps\.connections|assistant\.threads|auth|bots|chat|conversations|files|oauth\.v2|reactions|team|"
    r"usergroups|users|views)\.[a-z][A-Za-z]+"
)


def said() -> Iterator[str]:
    """Yield every text constant of the adapter's code."""
    for path in files("adapters/slack"):
        if name_of(path) not in NOT_HANDLERS:
            yield from (
                node.value
                for node in ast.walk(tree_of(path))
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            )


def test_every_method_that_is_called_is_in_the_table_and_no_other() -> None:
    """So the manifest asks for the scopes of all calls, and for no more."""
    called = {constant for constant in said() if METHOD.fullmatch(constant)}

    assert set(table.METHODS) == called


def test_every_event_that_is_handled_is_subscribed_to_and_no_other() -> None:
    """An event that is not subscribed to never comes; one that is not handled comes for nothing."""
    subscribed = {subscription.type or name for name, subscription in table.EVENTS.items()}
    handled = {constant for constant in said() if constant in KNOWN_EVENTS or constant == "message"}

    assert subscribed == handled
    assert subscribed >= OF_MEMBERSHIP


def test_the_addresses_and_names_are_those_of_the_handlers() -> None:
    """Slack sends to the routes that exist, and names shortcuts as they are known."""
    shortcuts = {(item.kind, item.callback) for item in table.SHORTCUTS}

    assert (PATH, REDIRECT) == (table.EVENTS_PATH, table.REDIRECT_PATH)
    assert {("global", GLOBAL), ("message", ON_MESSAGE)} == shortcuts


def test_an_installation_asks_for_the_scopes_of_the_manifest() -> None:
    """Slack grants by what is asked for then."""
    assert sorted(SCOPES) == list(table.needs())
