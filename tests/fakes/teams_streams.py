"""Streamed messages in personal chats: begun with a line or a text, continued with ever more of it, ended by a final or by its reader.

As published (learn.microsoft.com/microsoftteams/platform/bots/streaming-ux): one stream at a time in a chat, one request a second,
sequences from 1 and growing and none on the final, each text beginning with the one before, two minutes in all. A request that comes out of
order is accepted and dropped. A line that says what goes on leaves no post; the text is one, from its first piece on.
Stricter than published: what is still being streamed can neither be changed nor taken away. `now` is the test's to replace.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from tests.fakes.faults import JsonObject
from tests.fakes.teams_state import BOT_ID, BOT_NAME, TENANT, RefusalError, Tenant

Ending = Literal["", "final", "stopped", "frozen"]
LONGEST_LINE = 1000
SECONDS = 120.0
_WHY = {
    "final": "Content stream is not allowed on an already completed streamed message",
    "stopped": "Content stream was canceled by user.",
    "frozen": "Content stream was canceled by user.",
}


@dataclass(kw_only=True)
class Stream:
    """One streamed message."""

    id: str
    chat: str
    begun: float
    last: float
    sequence: int = 1
    texts: list[str] = field(default_factory=list)
    ended: Ending = ""


class Streams:
    """The streams of all chats."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self.all: dict[str, Stream] = {}
        self.now: Callable[[], float] = time.monotonic
        self.allowed = True
        """False: the feature is off."""

    def stops(self, chat: str, *, frozen: bool = False) -> None:
        """Let the reader press stop; `frozen`: what stands can then not be changed by the bot either."""
        for stream in self.all.values():
            if stream.chat == chat and self._open(stream):
                stream.ended = "frozen" if frozen else "stopped"

    def take(self, chat: str, body: JsonObject) -> tuple[int, object]:
        """Answer one call for a stream."""
        about = _about(body)
        if self._tenant.place(chat).kind != "personal" or not self.allowed:
            raise _not_allowed("Content stream is not allowed")
        if not body.get("text"):
            raise RefusalError(400, "BadRequest", "Start streaming activities should include text")
        if about.get("streamType") == "informative" and len(body["text"]) > LONGEST_LINE:
            raise RefusalError(400, "BadRequest", "The informative message is too long.")
        if about.get("streamId"):
            return self._goes_on(chat, body, about)
        return self._begins(chat, body, about)

    def may_change(self, activity: str) -> None:
        """Refuse a change of what is still being streamed, or was stopped for good."""
        stream = self.all.get(activity)
        if stream is not None and (self._open(stream) or stream.ended == "frozen"):
            raise _not_allowed("The message cannot be changed while it is streamed, or after it was stopped.")

    def may_delete(self, activity: str) -> None:
        """Refuse to take away what is still being streamed: clients go on showing it."""
        stream = self.all.get(activity)
        if stream is not None and self._open(stream):
            raise _not_allowed("The message is still being streamed.")

    def _begins(self, chat: str, body: JsonObject, about: JsonObject) -> tuple[int, object]:
        now = self.now()
        if body["type"] != "typing" or about.get("streamSequence") != 1:
            raise RefusalError(400, "BadSyntax", "A stream begins with a typing activity and sequence 1.")
        if any(other.chat == chat and self._open(other) for other in self.all.values()):
            raise _not_allowed("Only one stream at a time is allowed in a chat.")
        stream = Stream(id=self._tenant.next_id(), chat=chat, begun=now, last=now)
        self.all[stream.id] = stream
        if about.get("streamType") != "informative":
            self._show(stream, body)
        return 201, {"id": stream.id}

    def _goes_on(self, chat: str, body: JsonObject, about: JsonObject) -> tuple[int, object]:
        stream = self.all.get(str(about["streamId"]))
        if stream is None or stream.chat != chat:
            raise RefusalError(400, "BadRequest", "There is no such stream.")
        final = about.get("streamType") == "final"
        if final != (body["type"] == "message") or final == ("streamSequence" in about):
            raise RefusalError(400, "BadSyntax", "Only end streaming type is allowed as a message activity.")
        if not self._open(stream):
            raise _not_allowed(_WHY.get(stream.ended, "Content stream finished due to exceeded streaming time."))
        now = self.now()
        if now - stream.last < 1.0:
            raise RefusalError(429, "TooManyRequests", "API calls quota exceeded")
        stream.last = now
        if not final and int(about["streamSequence"]) <= stream.sequence:
            return 202, {"error": {"code": "ContentStreamSequenceOrderPreConditionFailed"}}
        stream.sequence = int(about.get("streamSequence", stream.sequence))
        if about.get("streamType") != "informative":
            self._show(stream, body)
        stream.ended = "final" if final else ""
        return 202, {}

    def _show(self, stream: Stream, body: JsonObject) -> None:
        if stream.texts and not body["text"].startswith(stream.texts[-1]):
            raise _not_allowed("Request streamed content should contain the previously streamed content")
        if body["type"] == "typing" and body.get("attachments"):
            raise RefusalError(400, "BadSyntax", "Attachments are for the final only.")
        stream.texts.append(body["text"])
        about = {"id": stream.chat, "conversationType": "personal", "tenantId": TENANT, "isGroup": False}
        said = {**body, "type": "message", "from": {"id": BOT_ID, "name": BOT_NAME}}
        kept = self._tenant.activities.setdefault(stream.chat, {})
        kept[stream.id] = {**said, "id": stream.id, "conversation": about}

    def goes_on(self, activity: str) -> bool:
        """Tell whether a post is shown as still being written."""
        return activity in self.all and self._open(self.all[activity])

    def _open(self, stream: Stream) -> bool:
        return not stream.ended and self.now() - stream.begun < SECONDS


def kind_of(body: JsonObject) -> str:
    """Name a call as faults do: `begin`, `piece` or `final` of a stream, else `post`."""
    about = _about(body)
    if not about:
        return "post"
    if not about.get("streamId"):
        return "begin"
    return "final" if about.get("streamType") == "final" else "piece"


def _about(body: JsonObject) -> JsonObject:
    found = (one for one in body.get("entities") or [] if one.get("type") == "streaminfo")
    return next(found, {})


def _not_allowed(why: str) -> RefusalError:
    return RefusalError(403, "ContentStreamNotAllowed", why)
