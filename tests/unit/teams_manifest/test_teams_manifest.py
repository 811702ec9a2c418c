"""The Teams app is what the code needs, fits Microsoft's published schema, and the lint finds what that schema lets pass.

The schema is Microsoft's own (github.com/microsoft/json-schemas, MIT, its licence beside it).
"""

import copy
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from adapters.teams.manifest import PERMISSIONS, manifest, package, rendered
from adapters.teams.manifest_icons import COLOUR, OUTLINE, SIGNATURE, icons, size_of
from adapters.teams.manifest_lint import faults
from bot.commands.dispatch import COMMANDS
from tests.architecture.source import ROOT

DATA = Path(__file__).resolve().parents[2] / "data" / "teams_manifest"
KEPT = ROOT / "manifest" / "teams"
APP = "b0700000-0000-4000-8000-000000000002"
ICONS = icons()
Manifest = dict[str, Any]


def made() -> Manifest:
    return manifest(app_id=APP, url="https://desk.example.org:8443/atom", version="1.2.3")


def schema_errors(document: Manifest) -> list[str]:
    """Return what Microsoft's schema says against a manifest."""
    schema = json.loads((DATA / "MicrosoftTeams.schema.1.25.json").read_text(encoding="utf-8"))
    return [error.message for error in jsonschema.Draft4Validator(schema).iter_errors(document)]


def test_the_manifest_is_in_order() -> None:
    """For Microsoft's schema and for our lint."""
    document = made()

    assert [] == schema_errors(document)
    assert [] == faults(document, ICONS)
    assert document == json.loads(rendered(document))


def test_it_names_the_bot_and_the_host() -> None:
    """One id everywhere, and the host without port and path where Teams wants a domain."""
    document = made()

    named = [document["id"], document["bots"][0]["botId"], document["composeExtensions"][0]["botId"]]
    assert [APP] * 3 == named
    assert ["desk.example.org"] == document["validDomains"]
    assert {"id": APP, "resource": f"api://desk.example.org/{APP}"} == document["webApplicationInfo"]


def test_it_lists_what_people_type() -> None:
    """Employees' commands where anybody writes, agents' too where the support channels are, those of admins nowhere."""
    offered = {
        scope: [command["title"] for command in listed["commands"]]
        for listed in made()["bots"][0]["commandLists"]
        for scope in listed["scopes"]
    }

    employees = [name for name, command in COMMANDS.items() if command.role == "employee"]
    agents = [name for name, command in COMMANDS.items() if command.role in {"employee", "agent"}]
    assert {"personal": employees, "groupChat": employees, "team": agents} == offered


def test_it_asks_for_four_permissions_and_no_more() -> None:
    """To hear and look up words in channels and in chats, and to know whether a team is public and who is in its channels."""
    asked = made()["authorization"]["permissions"]["resourceSpecific"]

    assert [{"name": name, "type": "Application"} for name in PERMISSIONS] == asked
    of_teams = {"ChannelMessage.Read.Group", "TeamSettings.Read.Group", "ChannelMember.Read.Group"}
    assert {*of_teams, "ChatMessage.Read.Chat"} == set(PERMISSIONS)


def test_the_committed_files_are_the_generated_ones() -> None:
    """`deskmate manifest teams > manifest/teams/manifest.json` writes it anew; the icons are compared by their pixels."""
    committed = (KEPT / "manifest.json").read_text(encoding="utf-8")

    assert rendered(manifest(version=metadata.version("deskmate"))) == committed
    for name, icon in ICONS.items():
        assert _pixels(icon) == _pixels((KEPT / name).read_bytes())


def _pixels(icon: bytes) -> bytes:
    """Return the rows of a PNG file with one data chunk; every check sum must be right."""
    found, rest = b"", icon.removeprefix(SIGNATURE)
    while rest:
        (length,) = struct.unpack(">I", rest[:4])
        kind, content, check = rest[4:8], rest[8 : 8 + length], rest[8 + length : 12 + length]
        assert struct.pack(">I", zlib.crc32(kind + content)) == check
        found += zlib.decompress(content) if kind == b"IDAT" else b""
        rest = rest[12 + length :]
    return found


def test_the_icons_are_what_teams_wants() -> None:
    """192 pixels a side, opaque; and 32, of white and nothing else, seen on any ground."""
    outline = _pixels(ICONS[OUTLINE])
    rows = [outline[start + 1 : start + 129] for start in range(0, len(outline), 129)]
    pixels = [tuple(row[at : at + 4]) for row in rows for at in range(0, 128, 4)]

    assert ((192, 192), (32, 32)) == (size_of(ICONS[COLOUR]), size_of(ICONS[OUTLINE]))
    assert {(255, 255, 255)} == {pixel[:3] for pixel in pixels}
    assert {0, 255} <= {pixel[3] for pixel in pixels}
    assert len(set(_pixels(ICONS[COLOUR]))) > 2


@pytest.mark.parametrize("broken", [b"", b"GIF89a", SIGNATURE, SIGNATURE + b"....IHDR1234567"])
def test_what_is_no_icon_has_no_size(broken: bytes) -> None:
    """Also a file that ends in its header."""

    assert size_of(broken) is None


def test_the_package_holds_three_files_at_its_top() -> None:
    """The same each time, byte for byte, with nothing else in it."""
    document = made()
    packed = package(document, ICONS)

    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert ["manifest.json", COLOUR, OUTLINE] == archive.namelist()
        assert document == json.loads(archive.read("manifest.json"))
        assert ICONS[COLOUR] == archive.read(COLOUR)
    assert packed == package(document, ICONS)


def _list(document: Manifest) -> list[Manifest]:
    commands: list[Manifest] = document["bots"][0]["commandLists"][0]["commands"]
    return commands


def _granted(document: Manifest) -> list[Manifest]:
    granted: list[Manifest] = document["authorization"]["permissions"]["resourceSpecific"]
    return granted


OTHER = "b0700000-0000-4000-8000-000000000003"
BROKEN: list[tuple[Callable[[Manifest], object], str]] = [
    (lambda d: d.update(version="1.02"), "The version 1.02 must be three numbers, such as 1.2.3."),
    (
        lambda d: d.pop("supportsChannelFeatures"),
        "Without supportsChannelFeatures the app is not offered in shared and private channels.",
    ),
    (
        lambda d: d["composeExtensions"][0].update(botId=OTHER),
        "composeExtensions names another app than the bot's.",
    ),
    (lambda d: d["webApplicationInfo"].update(id=OTHER), "webApplicationInfo names another app than the bot's."),
    (lambda d: d["developer"].update(websiteUrl="http://x"), "developer.websiteUrl must be an https address."),
    (lambda d: d["name"].update(short=" "), "name.short is empty."),
    (lambda d: d["description"].update(full=""), "description.full is empty."),
    (
        lambda d: d["validDomains"].append("https://x.example"),
        ("The valid domain https://x.example must be a host name, without scheme, port or path."),
    ),
    (lambda d: d["icons"].update(color="logo.png"), "The icon logo.png is not in the package."),
    (lambda d: d["icons"].update(color=OUTLINE), "The icon outline.png must be a PNG file of 192 by 192 pixels."),
    (lambda d: _list(d).append({"title": "reboot", "description": "."}), "Nothing obeys the command reboot."),
    (lambda d: _list(d)[0].update(description=""), "The command help has no description."),
    (
        lambda d: _list(d)[0].update(description="x" * 129),
        "The description of help has 129 characters; Teams shows 128.",
    ),
    (
        lambda d: d["bots"][0].update(supportsFiles=False),
        "Nobody can send files in personal chats without supportsFiles.",
    ),
    (
        lambda d: d["bots"][0].update(isNotificationOnly=True),
        "Nobody can write to a bot that only notifies.",
    ),
    (
        lambda d: d["bots"][0].update(scopes=["personal", "team"]),
        "Commands are listed for groupChat, where the bot is not.",
    ),
    (
        lambda d: d["bots"][0]["commandLists"][1].update(scopes=["team", "personal"]),
        "personal has several command lists.",
    ),
    (
        lambda d: d["composeExtensions"][0]["commands"][0].update(fetchTask=False),
        "The message action open_request opens no form.",
    ),
    (
        lambda d: d["composeExtensions"][0]["commands"][0].pop("description"),
        "The message action open_request has no description.",
    ),
    (
        lambda d: _granted(d).append({"name": "TeamSettings.ReadWrite.Group", "type": "Application"}),
        "Nothing needs the permission TeamSettings.ReadWrite.Group.",
    ),
    (
        lambda d: _granted(d).pop(0),
        "Messages without a mention do not arrive in team without the permission ChannelMessage.Read.Group.",
    ),
    (
        lambda d: _granted(d).pop(2),
        "Nobody knows whether a team is public without the permission TeamSettings.Read.Group.",
    ),
    (
        lambda d: _granted(d).pop(3),
        "Nobody knows who reads a private channel of a team without the permission ChannelMember.Read.Group.",
    ),
    (
        lambda d: _granted(d)[0].update(type="Delegated"),
        "The permission ChannelMessage.Read.Group must be of the type Application: nobody is signed in.",
    ),
    (
        lambda d: d["webApplicationInfo"].pop("resource"),
        "Permissions are not granted without webApplicationInfo.resource.",
    ),
]


@pytest.mark.parametrize(("change", "sentence"), BROKEN, ids=[sentence for _, sentence in BROKEN])
def test_the_lint_finds_what_the_schema_lets_pass(change: Callable[[Manifest], object], sentence: str) -> None:
    """One broken manifest for each rule; Microsoft's schema has nothing against any of them."""
    document = copy.deepcopy(made())
    change(document)

    assert [sentence] == [fault for fault in faults(document, ICONS) if fault == sentence]
    assert [] == schema_errors(document)


STRICTER: list[tuple[Callable[[Manifest], object], str]] = [
    (lambda d: d.update(id="atom"), "id must be a GUID: the app id of the bot's registration."),
    (lambda d: d["name"].update(short="A" * 31), "name.short has 31 characters; Teams takes 30."),
    (lambda d: d.update(accentColor="blue"), "accentColor must be written as #1F5FBF."),
    (lambda d: _list(d).extend(_list(d) * 3), "A list has 16 commands; Teams takes 12."),
]


@pytest.mark.parametrize(("change", "sentence"), STRICTER, ids=[sentence for _, sentence in STRICTER])
def test_what_the_schema_refuses_the_lint_refuses_in_words(change: Callable[[Manifest], object], sentence: str) -> None:
    """So that `deskmate manifest teams`, which has no schema at hand, refuses it too."""
    document = copy.deepcopy(made())
    change(document)

    assert sentence in faults(document, ICONS)
    assert [] != schema_errors(document)


@pytest.mark.parametrize("empty", [{}, {"bots": None, "icons": []}, {"bots": [3], "developer": {"name": []}}])
def test_the_lint_falls_over_nothing(empty: Manifest) -> None:
    """Whatever is missing is a fault."""

    assert [] != faults(empty, {})
