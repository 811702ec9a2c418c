"""The reference for intake: a bare Bolt app, as its documentation shows it, with one message listener that does nothing.

It acknowledges at once and keeps nothing. Run as `python -m bench.bare_bolt SLACK_API_URL`; it prints its address first.
"""

import argparse
import asyncio
import json
import signal
import sys

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import SIGNING_SECRET, TOKEN


async def serve(api_url: str) -> None:
    """Serve until SIGTERM."""
    app = AsyncApp(client=AsyncWebClient(token=TOKEN, base_url=api_url), signing_secret=SIGNING_SECRET)

    async def nothing() -> None:
        """Do nothing."""

    app.message()(nothing)
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
