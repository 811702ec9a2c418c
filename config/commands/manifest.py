"""`deskmate manifest slack|teams`: what the platform's app must be created from, made from what this version handles.

Standard output gets the text that can be read and compared. Teams wants a package with icons besides: `--out` writes that, and only for a
real app id, so that nobody uploads the example.
"""

import argparse
import os
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

from bot.errors import PermanentError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the platform, and where it reaches this Deskmate."""
    parser.add_argument("platform", choices=("slack", "teams"), help="the chat platform")
    parser.add_argument("--url", metavar="https://HOST", help="where the platform reaches this Deskmate")
    parser.add_argument("--socket", action="store_true", help="Slack: for Socket Mode, Slack need not reach Deskmate")
    parser.add_argument("--app-id", metavar="GUID", help="Teams: the bot's app id (else MICROSOFT_APP_ID)")
    parser.add_argument("--out", metavar="FILE", type=Path, help="Teams: write the zip file to upload")


def run(given: argparse.Namespace) -> int:
    """Print the manifest, or write the package; a `PermanentError` says why there is none."""
    return _teams(given) if given.platform == "teams" else _slack(given)


def _slack(given: argparse.Namespace) -> int:
    from adapters.slack.manifest import EXAMPLE_URL, manifest, rendered  # noqa: PLC0415  # no other command needs it
    from adapters.slack.manifest_lint import faults  # noqa: PLC0415

    if given.app_id or given.out:
        raise PermanentError("--app-id and --out are for Teams: leave them out, and keep what is printed in a file.")
    document = manifest(_checked(given.url or EXAMPLE_URL), socket=given.socket)
    _sound(faults(document))
    print(rendered(document), end="")
    return 0


def _teams(given: argparse.Namespace) -> int:
    from adapters.teams.manifest import EXAMPLE_ID, EXAMPLE_URL, manifest, package, rendered  # noqa: PLC0415
    from adapters.teams.manifest_icons import icons  # noqa: PLC0415
    from adapters.teams.manifest_lint import faults, is_guid  # noqa: PLC0415

    if given.socket:
        raise PermanentError("--socket is for Slack: Teams must reach Deskmate, so leave it out.")
    app_id = str(given.app_id or os.environ.get("MICROSOFT_APP_ID") or EXAMPLE_ID).strip()
    if not is_guid(app_id):
        raise PermanentError("The app id is no GUID: copy it from the bot's registration in Azure to --app-id.")
    url = _checked(given.url or EXAMPLE_URL)
    document, drawn = manifest(app_id=app_id, url=url, version=metadata.version("deskmate")), icons()
    _sound(faults(document, drawn))
    if given.out is None:
        print(rendered(document), end="")
        return 0
    if app_id == EXAMPLE_ID or given.url is None:
        raise PermanentError("Teams takes a package of a real bot only: give --app-id and --url.")
    given.out.write_bytes(package(document, drawn))
    print(f"{given.out} is ready: upload it in the Teams admin center (Manage apps, Upload new app).")
    return 0


def _sound(wrong: list[str]) -> None:
    if wrong:
        raise PermanentError(f"This version makes no sound manifest; report this: {wrong[0]}")


def _checked(url: str) -> str:
    """Return the address without what a platform has no use for."""
    try:
        parts = urlsplit(url.strip())
        port = f":{parts.port}" if parts.port else ""
        right = (
            parts.scheme == "https" and parts.hostname and not parts.username and not parts.query and not parts.fragment
        )
    except ValueError:
        right = False
    if not right:
        raise PermanentError(f"--url {url} is no address that the platform can reach: write --url https://your.host.")
    return f"https://{parts.hostname}{port}{parts.path.rstrip('/')}"
