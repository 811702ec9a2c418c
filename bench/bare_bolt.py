"""The reference for intake: a bare Bolt app, as its documentation shows it, with listeners that do nothing.

It acknowledges messages, commands and presses at once and keeps nothing; its shortcut opens a small form.
Run as `python -m bench.bare_bolt SLACK_API_URL`; it prints its address first.
"""

import argparse
import asyncio
import json
import re
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import SIGNING_SECRET, TOKEN

_TITLE = {"type": "plain_text", "text": "New"}
_FIELD = {"type": "plain_text_input", "action_id": "text"}
FORM = {
    "type": "modal",
    "title": _TITLE,
    "submit": _TITLE,
    "blocks": [{"type": "input", "block_id": "text", "label": _TITLE, "element": _FIELD}],
}


async def serve(api_url: str) -> None:
    """Serve until SIGTERM."""
    app = AsyncApp(client=AsyncWebClient(token=TOKEN, base_url=api_url), signing_secret=SIGNING_SECRET)

    async def nothing() -> None:
        """Do nothing."""

    async def at_once(ack: Callable[[], Awaitable[object]]) -> None:
        """Acknowledge and do nothing."""
        await ack()

    async def shown(ack: Callable[[], Awaitable[object]], body: dict[str, Any], client: AsyncWebClient) -> None:
        """Open a form, then acknowledge, as Deskmate does."""
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)
        await ack()

    app.message()(nothing)
    app.command("/atom")(at_once)
    app.action(re.compile(".*"))(at_once)
    app.shortcut("new_request")(shown)
    runner = web.AppRunner(app.server(port=0, path="/slack/events").web_app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{runner.addresses[0][1]}"}) + "\n")
    sys.stdout.flush()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    await runner.cleanup()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("api_url")
    asyncio.run(serve(parser.parse_args().api_url))
