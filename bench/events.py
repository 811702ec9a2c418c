"""Signed Slack events for load: a direct message each, no two alike, in the size of real ones (about 1.1 kB).

They are made and signed before anything is measured. Slack's signature holds for five minutes, which is longer than a round takes.
"""

import json
import time

from tests.fakes.slack import SIGNING_SECRET
from tests.fakes.slack_shapes import rich_text, sign
from tests.fakes.slack_state import APP, BOT_USER, TEAM

USERS = 20
"""People who write; each in a direct channel of their own."""
_WORDS = "My laptop has been very slow since this morning and the fan is loud; could somebody have a look, please? "


def user(number: int) -> str:
    """Return the id of a person who writes."""
    return f"U0BENCH{number % USERS:02d}"


def channel(number: int) -> str:
    """Return that person's direct channel."""
    return f"D0BENCH{number % USERS:02d}"


def body(number: int) -> bytes:
    """Return the payload of event `number`, as Slack writes it."""
    stamp = f"{1_700_000_000 + number}.{number % 1_000_000:06d}"
    said = _WORDS + f"(No. {number})"
    typed = {"user": user(number), "type": "message", "ts": stamp, "client_msg_id": f"client-{number}", "text": said}
    event = {**typed, "team": TEAM, "blocks": rich_text(said), "channel": channel(number), "event_ts": stamp}
    bot = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True, "is_enterprise_install": False}
    about = {"token": "verification", "team_id": TEAM, "context_team_id": TEAM, "context_enterprise_id": None}
    envelope = {
        **about,
        "api_app_id": APP,
        "event": {**event, "channel_type": "im"},
        "type": "event_callback",
        "event_id": f"EvBENCH{number:010d}",
        "event_time": int(time.time()),
        "authorizations": [bot],
        "is_ext_shared_channel": False,
        "event_context": f"4-eyJldCI6Im1lc3NhZ2UiLCJ0aWQiOiJUMEJFTkNIIiwiYWlkIjoiQTBCRU5DSCIsImNpZCI6IkQwQkVOQ0gifQ-{number}",
    }
    return json.dumps(envelope).encode()


def request(number: int, host: str) -> bytes:
    """Return the whole HTTP request that delivers event `number`, signed now."""
    content = body(number)
    headers = {
        "Host": host,
        "Content-Type": "application/json",
        "Content-Length": str(len(content)),
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        **sign(SIGNING_SECRET, int(time.time()), content),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /slack/events HTTP/1.1\r\n{lines}\r\n".encode() + content
