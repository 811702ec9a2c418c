"""A messenger that keeps what it posts and fails as a test scripted.

Each call of `post` or `change` takes the next entry of the script: nothing (it works), an error before anything is done, or
an error after it was done, as when an answer is lost. It keeps the moments of its calls, so that a test sees a retry that came too early.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.conversation import Conversation
from bot.errors import DeskmateError, PermanentError
from bot.ids import ReplyId
from bot.labels import Visibility
from bot.reply import Reply


class Killed(BaseException):
    """The process died here."""


@dataclass(frozen=True, kw_only=True)
class Posted:
    """What the platform shows."""

    id: str
    reply_id: ReplyId
    channel: str
    thread: str | None
    visibility: Visibility
    kind: str
    text: str
    footer: str


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What goes wrong with one call."""

    error: DeskmateError | Killed
    done: bool = False
    """The platform did it, and only the answer was lost."""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One call."""

    method: Literal["post", "change", "find"]
    reply_id: ReplyId
    at: datetime
    channel: str
    thread: str | None


class RecordingMessenger:
    """A `bot.ports.Messenger` of no platform."""

    def __init__(self, now: Callable[[], datetime], *, can_tell: bool = True) -> None:
        self._now = now
        self.can_tell = can_tell
        """False: `find` answers that it can never tell."""
        self.script: deque[Fault | None] = deque()
        self.find_script: deque[Fault | None] = deque()
        self.posts: list[Posted] = []
        """What stands, in the order of posting."""
        self.tries: list[Tried] = []

    async def post(self, reply: Reply, conversation: Conversation) -> str:
        """Post, unless the script says otherwise."""
        fault = self._next("post", self.script, reply, conversation)
        if fault is not None and not fault.done:
            raise fault.error
        post = f"{conversation.channel}-{len(self.posts) + 1}"
        self.posts.append(
            Posted(
                id=post,
                reply_id=reply.id,
                channel=conversation.channel,
                thread=conversation.thread,
                visibility=reply.visibility,
                kind=reply.kind,
                text=reply.text,
                footer=reply.footer,
            )
        )
        if fault is not None:
            raise fault.error
        return post

    async def change(self, reply: Reply, conversation: Conversation, post: str) -> None:
        """Change what stands, unless the script says otherwise."""
        fault = self._next("change", self.script, reply, conversation)
        if fault is not None and not fault.done:
            raise fault.error
        if post not in {standing.id for standing in self.posts}:
            raise PermanentError(f"There is no post {post}.")
        self.posts = [replace(old, text=reply.text) if old.id == post else old for old in self.posts]
        if fault is not None:
            raise fault.error

    async def find(self, reply: Reply, conversation: Conversation) -> str | None:
        """Look for the reply among what stands."""
        fault = self._next("find", self.find_script, reply, conversation)
        if fault is not None:
            raise fault.error
        if not self.can_tell:
            raise PermanentError("This platform keeps no ids of ours.")
        return next((standing.id for standing in self.posts if standing.reply_id == reply.id), None)

    def thread_of(self, conversation: Conversation, post: str) -> Conversation:
        """Return the conversation with the post's id as its thread."""
        return replace(conversation, thread=post)

    def _next(
        self,
        method: Literal["post", "change", "find"],
        script: deque[Fault | None],
        reply: Reply,
        conversation: Conversation,
    ) -> Fault | None:
        self.tries.append(
            Tried(
                method=method,
                reply_id=reply.id,
                at=self._now(),
                channel=conversation.channel,
                thread=conversation.thread,
            )
        )
        return script.popleft() if script else None
