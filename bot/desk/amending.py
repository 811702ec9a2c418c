"""Edits and deletions: what a person changes about their words after they were sent.

Words that nobody has worked yet are simply replaced, and a deleted message is not worked at all. Words that were worked have had their
effect: the change is told as a further note to the requests that they led to, in a thread with several of them only to those.
Platforms deliver out of order, so an edit may come before what it edits. Correcting old words opens nothing and re-opens nothing, and
that words were deleted is only noted: it says nothing that could answer what was asked.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.conversation import Conversation
from bot.desk.desk import Desk, person_actor
from bot.desk.notes import private_note, requester_note
from bot.desk.provenance import requests_from
from bot.desk.quoting import quoted_requests
from bot.desk.replying import requester_replied
from bot.ids import ConversationId, MessageId, derived_id
from bot.labels import Visibility
from bot.mail import Mail
from bot.mailroom import take
from bot.message import Arrival, Message
from bot.note import Note
from bot.person import Identity, Person
from bot.ports import Reader, UnitOfWork
from bot.request import FINAL, Request
from bot.wording import requester as wording

_AMENDING = ("edited", "deleted")
_WORDS = ("text", "command")
"""What can be changed later; a command only where it was written as a message."""
_LOOK_BACK = 500
"""Messages of a conversation among which a changed one, or changes, are looked for: a chat without threads has no end."""


async def as_it_stands(
    uow: UnitOfWork, conversation: ConversationId, mail: Sequence[Mail], messages: Sequence[Message]
) -> tuple[list[Mail], list[Message]]:
    """Return what still waits of `mail`, with its `messages` in their present words, stored so.

    Edits that were worked in, deleted messages and their deletions are taken out of the mailbox.
    """
    untaken = {item.id for item in await uow.find(Mail, id=[item.id for item in mail]) if item.taken_by is None}
    waiting = [(item, said) for item, said in zip(mail, messages, strict=True) if item.id in untaken]
    changes = await _changes(uow, conversation) if waiting else ()
    done: set[str] = set()
    kept: list[tuple[Mail, Message]] = []
    for item, said in waiting:
        mine = [change for change in changes if said.kind == "text" and _amends(change, said)]
        done |= {change.id for change in mine}
        if any(change.kind == "deleted" for change in mine):
            done.add(said.id)
            continue
        kept.append((item, await _in_present_words(uow, said, mine)))
    await take(uow, [item for item, said in waiting if said.id in done], "frontdoor")
    left = [(item, said) for item, said in kept if said.id not in done]
    return [item for item, _ in left], [said for _, said in left]


def _amends(change: Message, said: Message) -> bool:
    """Tell whether `change` is the author's own change of `said`."""
    return bool(said.post) and (change.post, change.author_id) == (said.post, said.author_id)


async def _in_present_words(uow: UnitOfWork, said: Message, edits: Sequence[Message]) -> Message:
    newest = max((edit for edit in edits if edit.text.strip()), key=lambda edit: edit.at, default=None)
    if newest is None:
        return said
    names = [file.name for file in said.files]
    present = replace(said, text=wording.with_files(newest.text, names) if names else newest.text)
    if present != said:
        await uow.put(present)
    return present


async def amended(
    uow: UnitOfWork, desk: Desk, conversation: Conversation, message: Message, person: Person, known: Sequence[Request]
) -> None:
    """Tell the requests that a worked message led to how it was changed; only what their requester or author changes counts.

    `known` are the requests of the conversation; one alone is meant also where the message itself is not known to us.
    """
    if message.kind == "edited" and not message.text.strip():
        return
    text = wording.edited(message.text) if message.kind == "edited" else wording.DELETED
    for request in await _led_to(uow, conversation, message, known):
        if person.id not in {request.requester, request.author} or request.status in FINAL:
            continue
        if message.kind == "deleted" or request.status == "resolved":
            await requester_note(uow, desk, request, text, person_actor(person), cause=message.id)
        else:
            await requester_replied(uow, desk, request, person, text, cause=message.id)


async def _led_to(
    reader: Reader, conversation: Conversation, message: Message, known: Sequence[Request]
) -> Sequence[Request]:
    """Return the requests that the message of which this is a change was opened as, continued or noted in."""
    original = await _original(reader, message)
    if original is None:
        return known if len(known) == 1 and conversation.thread is not None else ()
    also = [*known, *await quoted_requests(reader, conversation, original)]
    return await requests_from(reader, conversation, original, also=also)


async def _original(reader: Reader, change: Message) -> Message | None:
    """Return the message that was changed, as it is stored; None when it never was, or is long past."""
    said = await reader.find(
        Message,
        conversation_id=change.conversation_id,
        kind=_WORDS,
        author_id=change.author_id,
        newest=True,
        limit=_LOOK_BACK,
    )
    return next((item for item in said if _amends(change, item)), None)


async def _changes(reader: Reader, conversation: ConversationId) -> Sequence[Message]:
    return await reader.find(Message, conversation_id=conversation, kind=_AMENDING, newest=True, limit=_LOOK_BACK)


async def amended_among_colleagues(
    uow: UnitOfWork, desk: Desk, thread: Conversation, message: Message, person: Person
) -> None:
    """Note privately how a colleague changed their own private note; what went to the requester is not taken back."""
    original, request = await _original(uow, message), await uow.get(Request, thread.request_ids[0])
    if original is None or request is None or (message.kind == "edited" and not message.text.strip()):
        return
    note = await uow.get(Note, derived_id("note", request.id, original.id))
    if note is not None and note.visibility is Visibility.PRIVATE:
        text = wording.edited(message.text) if message.kind == "edited" else wording.DELETED
        actor = person_actor(person, request.requester)
        await private_note(uow, desk, request, text, actor, cause=message.id, source=note.source, written_in=thread.id)


async def recognised(uow: UnitOfWork, arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Return the arrivals, those that do not say whose message was deleted with what is stored of it; without that they are left out."""
    nameless = {item.message.id: _key_of_original(item.message) for item in arrivals if not item.message.author_id}
    if not nameless:
        return list(arrivals)
    stored = {item.id: item for item in await uow.find(Message, id=list(nameless.values()))}
    found: list[Arrival] = []
    for item in arrivals:
        said = stored.get(nameless.get(item.message.id, item.message.id))
        if item.message.author_id:
            found.append(item)
        elif said is not None:
            author = await uow.get(Identity, said.author_id)
            place = await uow.get(Conversation, said.conversation_id)
            if author is not None and place is not None:
                message = replace(
                    item.message,
                    author_id=said.author_id,
                    author_name=said.author_name,
                    conversation_id=place.id,
                    addresses_atom=said.addresses_atom,
                )
                found.append(Arrival(message=message, conversation=place, author=author))
    return found


def _key_of_original(deletion: Message) -> MessageId:
    return MessageId(deletion.id.removesuffix(":deleted"))
