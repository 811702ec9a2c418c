"""What people are told who follow a request that is somebody else's."""

from bot.request import Request
from bot.wording.titles import closing


def following(request: Request) -> str:
    """Begin a follower's thread."""
    told = "What its requester is told, I tell you here. What you write here is read by all of them."
    return f"You follow **{request.number}**: {closing(request)}. {told}"
