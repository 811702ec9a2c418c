"""The manifest of the Teams app and the package that an admin uploads, made from the commands that exist.

Whoever installs Deskmate in Teams uploads one zip file: the manifest and two icons, at its top. What stands in the manifest is decided
here and nowhere else, so that the app asks for no permission that nothing needs. Each of them is resource-specific: an owner grants it for
one team or chat when the app is added there, and it holds nowhere else. None of them lets Atom write or change anything.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from adapters.teams.manifest_icons import COLOUR, OUTLINE
from bot.commands.dispatch import COMMANDS
from bot.wording.command_help import EXPLAINED

EXAMPLE_URL = "https://deskmate.example.com"
EXAMPLE_ID = "00000000-0000-0000-0000-000000000000"
"""Stands for the app id where none was given; a package is never made with it."""
MANIFEST_VERSION = "1.25"
"""The first with `supportsChannelFeatures`."""
OPEN_REQUEST = "open_request"
"""The message action's command id, as it arrives in `composeExtension/fetchTask`."""
SCOPES = ("personal", "team", "groupChat")


@dataclass(frozen=True, kw_only=True)
class Permission:
    """Why a resource-specific permission is asked for."""

    scope: str
    """The bot's scope in which it is needed."""
    without: str
    """What is not there without it, as a sentence to which its name is added."""


_UNHEARD = "Messages without a mention do not arrive in"
PERMISSIONS = {
    "ChannelMessage.Read.Group": Permission(scope="team", without=f"{_UNHEARD} team"),
    "ChatMessage.Read.Chat": Permission(scope="groupChat", without=f"{_UNHEARD} groupChat"),
    "TeamSettings.Read.Group": Permission(scope="team", without="Nobody knows whether a team is public"),
    "ChannelMember.Read.Group": Permission(scope="team", without="Nobody knows who reads a private channel of a team"),
}
"""By name. The first two also let Atom look whether a post of its own stands, when the answer to it was lost."""

_SCHEMA = f"https://developer.microsoft.com/json-schemas/teams/v{MANIFEST_VERSION}/MicrosoftTeams.schema.json"
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def manifest(*, app_id: str = EXAMPLE_ID, url: str = EXAMPLE_URL, version: str) -> dict[str, Any]:
    """Return the manifest for the bot `app_id` of a Deskmate that Teams reaches at `url`; `version` is as `1.2.3`."""
    root = url.rstrip("/")
    host = urlsplit(root).hostname or ""
    return {
        "$schema": _SCHEMA,
        "manifestVersion": MANIFEST_VERSION,
        "version": version,
        "id": app_id,
        "developer": {
            "name": "Deskmate",
            "websiteUrl": root,
            "privacyUrl": f"{root}/privacy",
            "termsOfUseUrl": f"{root}/terms",
        },
        "name": {"short": "Atom", "full": "Atom, the front door of your service teams"},
        "description": {
            "short": "Opens requests with your service teams and keeps you posted.",
            "full": (
                "Tell Atom what you need. It answers what is known, opens a request for the rest, and the right coworker or "
                "colleague replies where you wrote. Service teams work on requests in their private channels."
            ),
        },
        "icons": {"color": COLOUR, "outline": OUTLINE},
        "accentColor": "#1F5FBF",
        "bots": [_bot(app_id)],
        "composeExtensions": [_message_action(app_id)],
        "authorization": {
            "permissions": {"resourceSpecific": [{"name": name, "type": "Application"} for name in PERMISSIONS]}
        },
        "webApplicationInfo": {"id": app_id, "resource": f"api://{host}/{app_id}"},
        "supportsChannelFeatures": "tier1",
        "validDomains": [host],
    }


def rendered(document: Mapping[str, Any]) -> str:
    """Return a manifest as JSON."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def package(document: Mapping[str, Any], icons: Mapping[str, bytes]) -> bytes:
    """Return the zip file to upload; the same manifest and icons make the same bytes."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, content in {"manifest.json": rendered(document).encode(), **icons}.items():
            archive.writestr(zipfile.ZipInfo(name, _FIRST_DAY), content, zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def _bot(app_id: str) -> dict[str, Any]:
    """Return the bot; what agents type is offered in teams alone, where the support channels are."""
    everybody = [name for name, item in COMMANDS.items() if item.role == "employee"]
    agents = [name for name, item in COMMANDS.items() if item.role in {"employee", "agent"}]
    return {
        "botId": app_id,
        "scopes": list(SCOPES),
        "supportsFiles": True,
        "isNotificationOnly": False,
        "commandLists": [_listed(["personal", "groupChat"], everybody), _listed(["team"], agents)],
    }


def _listed(scopes: list[str], names: list[str]) -> dict[str, Any]:
    told = {name: EXPLAINED[name] for name in names}
    return {
        "scopes": scopes,
        "commands": [
            {"title": name, "description": f"{item.summary} For example: {item.example}"} for name, item in told.items()
        ],
    }


def _message_action(app_id: str) -> dict[str, Any]:
    return {
        "botId": app_id,
        "commands": [
            {
                "id": OPEN_REQUEST,
                "type": "action",
                "context": ["message"],
                "title": "Open a request",
                "description": "Open a request from this message and keep its author, its words and its link.",
                "fetchTask": True,
            }
        ],
    }
