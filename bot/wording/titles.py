"""A request's title as part of a sentence of ours."""

from bot.request import Request


def closing(request: Request) -> str:
    """Return the title on one line, without the mark that ends it, so that our own sentence can end there."""
    return " ".join(request.title.split()).rstrip(" .?!")
