"""What is said about a post that cannot be delivered, or may be delivered twice.

Admins are told of the first, with the request and the reason, never the content; readers of the second see it under the post.
"""


def undelivered(number: str, problem: str) -> str:
    """Return the notice about a post that was given up."""
    return f"A post of {number} could not be delivered and was given up: {problem}"


def no_request() -> str:
    """Name what a post belongs to when it belongs to no request."""
    return "a conversation without a request"


def not_connected(platform: str) -> str:
    """Say why nothing can be posted on a platform."""
    return f"{platform} is not connected. Configure it, or answer the person elsewhere."


def unbegun(problem: str) -> str:
    """Say why a post that belongs into a thread waits for good."""
    return f"Its thread could not be begun: {problem}"


def begun_elsewhere() -> str:
    """Say what became of the header of a thread that was moved."""
    return "The thread was begun in the restricted channel instead."


def exhausted(attempts: int, problem: str) -> str:
    """Say that it was tried often enough."""
    return f"{attempts} attempts failed, the last because: {problem}"


def never_known() -> str:
    """Say that a post may stand although no answer came."""
    return "the platform never said whether it was posted; look in the thread before you repeat it"


def twice() -> str:
    """Tell the readers of a post that was repeated because nobody could tell whether it stands."""
    return "You may see this twice: it was not confirmed the first time"
