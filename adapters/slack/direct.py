"""The direct chat with somebody who is named by their user id.

Slack takes a user's id for a channel where a message is posted, and nowhere else: who reads there, and what was said there, is asked by
the id of the direct chat. Admins are told of trouble in such chats, which may not exist yet; opening one shows nothing, and
opening it again gives the same.
"""

from adapters.slack.calls import Calls
from adapters.slack.payload import identifier, part
from bot.errors import TemporaryError


async def channel_id(calls: Calls, channel: str) -> str:
    """Return `channel`, or the direct chat with the user whose id it is; raises what `calls` raises."""
    if channel[:1] not in {"U", "W"}:
        return channel
    opened = identifier(part(await calls.tell("conversations.open", users=channel), "channel"), "id")
    if not opened:
        raise TemporaryError(f"Slack opens no direct chat with {channel} now; it is tried again.")
    return opened
