"""`deskmate manifest slack`: what the Slack app must be created from, made from what this version handles."""

import argparse
from urllib.parse import urlsplit

from bot.errors import PermanentError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the platform, and where Slack reaches this Deskmate."""
    parser.add_argument("platform", choices=("slack", "teams"), help="the chat platform")
    parser.add_argument("--url", metavar="https://HOST", help="where the platform reaches this Deskmate")
    parser.add_argument("--socket", action="store_true", help="for Socket Mode: Slack need not reach this Deskmate")


def run(given: argparse.Namespace) -> int:
    """Print the manifest; a `PermanentError` says why there is none."""
    if given.platform == "teams":
        raise PermanentError("There is no manifest for Teams yet: register the bot in Azure by hand instead.")
    from adapters.slack.manifest import EXAMPLE_URL, manifest, rendered  # noqa: PLC0415  # no other command needs it
    from adapters.slack.manifest_lint import faults  # noqa: PLC0415

    document = manifest(_checked(given.url or EXAMPLE_URL), socket=given.socket)
    wrong = faults(document)
    if wrong:
        raise PermanentError(f"This version makes no sound manifest; report this: {wrong[0]}")
    print(rendered(document), end="")
    return 0


def _checked(url: str) -> str:
    """Return the address without what Slack has no use for."""
    try:
        parts = urlsplit(url.strip())
        port = f":{parts.port}" if parts.port else ""
        right = (
            parts.scheme == "https" and parts.hostname and not parts.username and not parts.query and not parts.fragment
        )
    except ValueError:
        right = False
    if not right:
        raise PermanentError(f"--url {url} is no address that Slack can reach: write --url https://your.host.")
    return f"https://{parts.hostname}{port}{parts.path.rstrip('/')}"
