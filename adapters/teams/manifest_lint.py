"""Looks for mistakes in a Teams app that the published schema lets pass, each of which would show only after the upload.

The schema sees no icon, takes any text for a permission and any GUID for any other, and does not mind a permission without the
application that holds it. What this adapter needs is known, so a permission that nothing needs is a mistake too: an admin would have to
consent to it for no reason.
"""

import re
from collections.abc import Iterator, Mapping

from adapters.manifest_reading import Document, is_https, part, parts, texts
from adapters.teams.manifest import PERMISSIONS
from adapters.teams.manifest_icons import COLOUR, OUTLINE, SIZES, size_of
from bot.commands.dispatch import COMMANDS

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_FIRST_TIERED = (1, 25)
_LISTS, _COMMANDS, _DESCRIBED = 3, 12, 128
_LENGTHS = {("developer", "name"): 32, ("name", "short"): 30, ("name", "full"): 100, ("description", "short"): 80}
"""Part and field → characters that Teams shows of it; none may be empty."""


def faults(manifest: Document, icons: Mapping[str, bytes]) -> list[str]:
    """Return what is wrong with an app whose manifest fits the schema, each in a sentence; none when it is in order."""
    return [
        *_versions(manifest),
        *_ids(manifest),
        *_texts(manifest),
        *_addresses(manifest),
        *_icons(manifest, icons),
        *_bots(manifest),
        *_actions(manifest),
        *_permissions(manifest),
    ]


def is_guid(text: str) -> bool:
    """Tell whether a text is a GUID as Azure writes app ids."""
    return _GUID.fullmatch(text) is not None


def _versions(manifest: Document) -> Iterator[str]:
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", str(manifest.get("version"))):
        yield f"The version {manifest.get('version')} must be three numbers, such as 1.2.3."
    stated = re.fullmatch(r"(\d+)\.(\d+)", str(manifest.get("manifestVersion")))
    tiered = stated is not None and (int(stated[1]), int(stated[2])) >= _FIRST_TIERED
    if "supportsChannelFeatures" in manifest and not tiered:
        yield "supportsChannelFeatures needs manifest version 1.25 or later."
    if tiered and manifest.get("supportsChannelFeatures") != "tier1":
        yield "Without supportsChannelFeatures the app is not offered in shared and private channels."


def _ids(manifest: Document) -> Iterator[str]:
    bots, extensions = parts(manifest, "bots"), parts(manifest, "composeExtensions")
    bot = bots[0].get("botId") if bots else None
    for name, given in {"id": manifest.get("id"), "botId": bot}.items():
        if not is_guid(str(given)):
            yield f"{name} must be a GUID: the app id of the bot's registration."
    others = {"composeExtensions": [item.get("botId") for item in extensions]}
    others["webApplicationInfo"] = [part(manifest, "webApplicationInfo").get("id")]
    for name, ids in others.items():
        if any(given != bot for given in ids):
            yield f"{name} names another app than the bot's."


def _texts(manifest: Document) -> Iterator[str]:
    for (about, field), most in _LENGTHS.items():
        text = str(part(manifest, about).get(field) or "").strip()
        if not text:
            yield f"{about}.{field} is empty."
        elif len(text) > most:
            yield f"{about}.{field} has {len(text)} characters; Teams takes {most}."
    if not str(part(manifest, "description").get("full") or "").strip():
        yield "description.full is empty."
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", str(manifest.get("accentColor"))):
        yield "accentColor must be written as #1F5FBF."


def _addresses(manifest: Document) -> Iterator[str]:
    for name in ("websiteUrl", "privacyUrl", "termsOfUseUrl"):
        if not is_https(part(manifest, "developer").get(name)):
            yield f"developer.{name} must be an https address."
    domains = manifest.get("validDomains")
    for domain in domains if isinstance(domains, list) else []:
        if not re.fullmatch(r"(?!-)[A-Za-z0-9.-]+", str(domain)):
            yield f"The valid domain {domain} must be a host name, without scheme, port or path."


def _icons(manifest: Document, icons: Mapping[str, bytes]) -> Iterator[str]:
    named = part(manifest, "icons")
    for name, size in ((str(named.get("color")), SIZES[COLOUR]), (str(named.get("outline")), SIZES[OUTLINE])):
        if name not in icons:
            yield f"The icon {name} is not in the package."
        elif size_of(icons[name]) != (size, size):
            yield f"The icon {name} must be a PNG file of {size} by {size} pixels."


def _bots(manifest: Document) -> Iterator[str]:
    for bot in parts(manifest, "bots"):
        if bot.get("supportsFiles") is not True:
            yield "Nobody can send files in personal chats without supportsFiles."
        if bot.get("isNotificationOnly") is True:
            yield "Nobody can write to a bot that only notifies."
        lists = parts(bot, "commandLists")
        if len(lists) > _LISTS:
            yield f"There are {len(lists)} command lists; Teams takes {_LISTS}."
        scopes = [scope for item in lists for scope in texts(item, "scopes")]
        for scope in sorted(set(scopes)):
            if scope not in texts(bot, "scopes"):
                yield f"Commands are listed for {scope}, where the bot is not."
            if scopes.count(scope) > 1:
                yield f"{scope} has several command lists."
        for item in lists:
            yield from _one_list(item)


def _one_list(listed: Document) -> Iterator[str]:
    commands = parts(listed, "commands")
    if len(commands) > _COMMANDS:
        yield f"A list has {len(commands)} commands; Teams takes {_COMMANDS}."
    for command in commands:
        title, told = str(command.get("title")), str(command.get("description") or "").strip()
        if title not in COMMANDS:
            yield f"Nothing obeys the command {title}."
        if not told:
            yield f"The command {title} has no description."
        elif len(told) > _DESCRIBED:
            yield f"The description of {title} has {len(told)} characters; Teams shows {_DESCRIBED}."


def _actions(manifest: Document) -> Iterator[str]:
    for extension in parts(manifest, "composeExtensions"):
        for command in parts(extension, "commands"):
            if command.get("type") != "action" or command.get("fetchTask") is not True:
                yield f"The message action {command.get('id')} opens no form."
            if not str(command.get("description") or "").strip():
                yield f"The message action {command.get('id')} has no description."


def _permissions(manifest: Document) -> Iterator[str]:
    granted = parts(part(part(manifest, "authorization"), "permissions"), "resourceSpecific")
    names = [str(item.get("name")) for item in granted]
    scopes = {scope for bot in parts(manifest, "bots") for scope in texts(bot, "scopes")}
    for name in names:
        if name not in PERMISSIONS or PERMISSIONS[name].scope not in scopes:
            yield f"Nothing needs the permission {name}."
    for item in granted:
        if item.get("type") != "Application":
            yield f"The permission {item.get('name')} must be of the type Application: nobody is signed in."
    for name, needed in PERMISSIONS.items():
        if needed.scope in scopes and name not in names:
            yield f"{needed.without} without the permission {name}."
    if names and not str(part(manifest, "webApplicationInfo").get("resource") or "").strip():
        yield "Permissions are not granted without webApplicationInfo.resource."
