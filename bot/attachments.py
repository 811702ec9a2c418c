"""Attached files of a request: which there are, and asking their platform for the text of one.

Files are recorded and listed; none is fetched because somebody attached it. Only a coworker that was granted the capability asks, and
only for files of that very request: those in messages that opened it or were written to it by people in the requester's conversation.
What colleagues attach in the private thread is not among them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.conversation import Conversation
from bot.desk.own_thread import begun_by_us
from bot.desk.provenance import requests_from
from bot.file import File
from bot.message import Message
from bot.person import identity_id
from bot.ports import Reader
from bot.request import Request

LOOK_BACK = 500
"""Messages of a conversation among which files are looked for."""
MOST = 50
"""Files of one request that are listed."""


class Attachments(Protocol):
    """Reads attached files on one platform."""

    async def text(self, file: File, conversation: Conversation) -> str:
        """Return the file as text.

        Raises `PermanentError`, with a sentence, for what is no text, too large, gone or not to be had; `TemporaryError` to try later.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A file of a request, with where it was attached."""

    file: File
    conversation: Conversation


async def files_of(reader: Reader, request: Request) -> Sequence[Attached]:
    """Return the files of a request, in the order in which they came, each once."""
    home = await reader.get(Conversation, request.conversation_id)
    if home is None:
        return ()
    found: dict[str, Attached] = {}
    for place, message in [*await _form(reader, request), *await _messages(reader, home, request)]:
        sent = message.form.files if message.form is not None else ()
        for file in (*message.files, *sent):
            found.setdefault(file.key or f"{message.id}:{file.name}", Attached(file=file, conversation=place))
    return tuple(found.values())[:MOST]


async def _messages(reader: Reader, home: Conversation, request: Request) -> list[tuple[Conversation, Message]]:
    """Return what people wrote to the request, each with where."""
    if begun_by_us(home):
        return await _replies(reader, home)
    messages = await reader.find(Message, conversation_id=home.id, kind="text", newest=True, limit=LOOK_BACK)
    alone = home.thread is not None and set(home.request_ids) <= {request.id}
    return [
        (home, message)
        for message in reversed(messages)
        if message.files
        and (alone or any(item.id == request.id for item in await requests_from(reader, home, message)))
    ]


async def _replies(reader: Reader, home: Conversation) -> list[tuple[Conversation, Message]]:
    """Return what a person wrote in a thread that Deskmate began in their chat; it comes from the chat's own channel."""
    if home.thread is None:
        return []
    same = await reader.find(
        Conversation, platform=home.platform, tenant=home.tenant, thread=home.thread, kind="direct"
    )
    places = {item.id: item for item in same if item.id != home.id}
    author = identity_id(home.platform, home.tenant, home.channel)
    messages = await reader.find(Message, conversation_id=list(places), kind="text") if places else ()
    return [(places[item.conversation_id], item) for item in messages if item.author_id == author]


async def _form(reader: Reader, request: Request) -> list[tuple[Conversation, Message]]:
    """Return the form by which the request was opened, with where it was sent."""
    sent = await reader.get(Message, request.fields.get("opened_in", ""))
    place = await reader.get(Conversation, sent.conversation_id) if sent is not None and sent.form is not None else None
    return [(place, sent)] if sent is not None and place is not None else []
