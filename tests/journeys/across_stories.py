"""The two private threads of each request as stories: what each was told, and whether both were told the same in the same order."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise

from bot.conversation import Conversation
from bot.ids import ConversationId, NoteId
from bot.note import Note
from bot.ports import Reader
from bot.reply import Reply


async def told_apart(reader: Reader) -> list[tuple[str, str]]:
    """Return what one of a request's two private threads was told and the other was not: channel, text.

    A colleague's own words stand in the thread where they were written, so they are told in the other only.
    """
    notes = {note.id: note for note in await reader.find(Note)}
    stories = await _stories(reader)
    found: list[tuple[str, str]] = []
    for request, by_channel in stories.items():
        channels = sorted(by_channel)
        for one in channels:
            others = [item for other in channels if other != one for item in by_channel[other]]
            mine = [item for item in by_channel[one] if not _persons(item, notes)]
            found += [(f"{request}:{one}", item.text) for item in mine if _key(item) not in map(_key, others)]
    return found


async def disorder(reader: Reader) -> list[tuple[str, str]]:
    """Return the posts that stand above what was stored before them: channel, text."""
    found: list[tuple[str, str]] = []
    for by_channel in (await _stories(reader)).values():
        for channel, replies in by_channel.items():
            posts = [item for item in replies if item.replaces is None and item.post]
            found += [
                (channel, later.text)
                for earlier, later in pairwise(posts)
                if float(str(later.post)) < float(str(earlier.post))
            ]
    return found


async def _stories(reader: Reader) -> Mapping[str, Mapping[str, list[Reply]]]:
    """Return request → channel → what its private thread there was told, oldest first; headers are changed in place."""
    places = {item.id: item for item in await reader.find(Conversation, kind="support")}
    found: dict[str, dict[str, list[Reply]]] = defaultdict(lambda: defaultdict(list))
    for reply in await reader.find(Reply):
        place = places.get(ConversationId(reply.conversation_id))
        if place is not None and place.request_ids and reply.kind != "header":
            found[f"{place.request_ids[0]}:{place.workspace}"][f"{place.platform}:{place.channel}"].append(reply)
    return found


def _persons(reply: Reply, notes: Mapping[NoteId, Note]) -> bool:
    note = notes.get(reply.note_id) if reply.note_id else None
    return note is not None and note.author.kind == "person"


def _key(reply: Reply) -> tuple[str, str, str]:
    return (reply.kind, reply.speaker, reply.text)
