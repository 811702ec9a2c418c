"""What people are told who follow a request that is somebody else's."""

from bot.request import Request
from bot.wording.titles import closing


def following(request: Request, *, threaded: bool) -> str:
    """Begin a follower's thread; where personal chats have none, a reply says by a quote what it is about."""
    how = "What you write here" if threaded else "What you write with a quote of one of these messages"
    told = f"What its requester is told, I tell you here. {how} is read by all of them."
    return f"You follow **{request.number}**: {closing(request)}. {told}"
