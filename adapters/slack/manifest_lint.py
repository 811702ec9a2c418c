"""Looks for mistakes in a manifest that Slack's published schema lets pass, each of which would show only after the installation.

The schema takes misspelt scopes and events, an event without the scope that lets it arrive, a missing address, and both chat views at once.
What this adapter calls and handles is known, so a scope that nothing needs is a mistake too: it would have to be approved for no reason.
"""

import difflib
from collections.abc import Iterator, Sequence

from adapters.manifest_reading import Document, is_https, part, parts, texts
from adapters.slack.manifest_known import EVENTS as KNOWN_EVENTS
from adapters.slack.manifest_known import SCOPES as KNOWN_SCOPES
from adapters.slack.manifest_table import EVENTS, METHODS, NEEDED_BY_COMMANDS


def faults(manifest: Document) -> list[str]:
    """Return what is wrong with a manifest that fits the schema, each in a sentence; none when it is in order."""
    settings, features = part(manifest, "settings"), part(manifest, "features")
    oauth = part(manifest, "oauth_config")
    scopes = texts(part(oauth, "scopes"), "bot")
    events = texts(part(settings, "event_subscriptions"), "bot_events")
    return [
        *_misspelt("scope", scopes, KNOWN_SCOPES),
        *_misspelt("event", events, KNOWN_EVENTS),
        *_lacking(scopes, events, features),
        *_unused(scopes, events, features),
        *_addresses(settings, features, oauth),
        *_views(features),
        *_described(features),
    ]


def _misspelt(kind: str, names: Sequence[str], known: frozenset[str]) -> Iterator[str]:
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, sorted(known), n=1)
            hint = f"; {near[0]} is meant, perhaps" if near else ""
            yield f"Slack knows no {kind} {name}{hint}."
        if names.count(name) > 1:
            yield f"The {kind} {name} stands there twice."


def _lacking(scopes: Sequence[str], events: Sequence[str], features: Document) -> Iterator[str]:
    for event in events:
        for scope in EVENTS[event].scopes if event in EVENTS else ():
            if scope not in scopes:
                yield f"The event {event} does not arrive without the scope {scope}."
    for method, needed in METHODS.items():
        for scope in needed:
            if scope not in scopes:
                yield f"The method {method} is refused without the scope {scope}."
    if _ways_in(features) and NEEDED_BY_COMMANDS not in scopes:
        yield f"Slash commands and shortcuts do not work without the scope {NEEDED_BY_COMMANDS}."


def _unused(scopes: Sequence[str], events: Sequence[str], features: Document) -> Iterator[str]:
    used = {scope for event in events if event in EVENTS for scope in EVENTS[event].scopes}
    used |= {scope for needed in METHODS.values() for scope in needed}
    used |= {NEEDED_BY_COMMANDS} if _ways_in(features) else set()
    for scope in scopes:
        if scope in KNOWN_SCOPES and scope not in used:
            yield f"Nothing needs the scope {scope}."
    for event in events:
        if event in KNOWN_EVENTS and event not in EVENTS:
            yield f"Nothing handles the event {event}."


def _addresses(settings: Document, features: Document, oauth: Document) -> Iterator[str]:
    wanted = {
        "event_subscriptions.request_url": part(settings, "event_subscriptions").get("request_url"),
        "interactivity.request_url": part(settings, "interactivity").get("request_url"),
        **{f"the url of {item.get('command')}": item.get("url") for item in parts(features, "slash_commands")},
    }
    socket = settings.get("socket_mode_enabled") is True
    for name, given in wanted.items():
        if given is None and not socket:
            yield f"Without Socket Mode Slack needs an address: {name} is missing."
        elif given is not None and not is_https(given):
            yield f"{name} must be an https address."
    for given in texts(oauth, "redirect_urls"):
        if not is_https(given):
            yield f"The redirect address {given} must be an https address."
    if part(settings, "interactivity").get("is_enabled") is not True:
        yield "Buttons and forms do not work without interactivity."


def _views(features: Document) -> Iterator[str]:
    if "agent_view" in features and "assistant_view" in features:
        yield "agent_view and assistant_view exclude each other; keep agent_view."
    if "agent_view" in features and part(features, "app_home").get("messages_tab_enabled") is not True:
        yield "Nobody can write to an agent without the messages tab."


def _described(features: Document) -> Iterator[str]:
    for item in (*parts(features, "slash_commands"), *parts(features, "shortcuts")):
        if not str(item.get("description") or "").strip():
            yield f"{item.get('command') or item.get('name')} has no description."
    for item in parts(features, "slash_commands"):
        if not str(item.get("usage_hint") or "").strip():
            yield f"{item.get('command')} does not hint at what may follow it."


def _ways_in(features: Document) -> bool:
    return bool(parts(features, "slash_commands") or parts(features, "shortcuts"))
