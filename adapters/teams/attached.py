"""The files of a message, as far as Teams tells a bot of them: in personal chats with a link, pictures only by their kind.

Every message has a copy of itself as HTML among its attachments, which is no file. A picture that was pasted comes as an attachment whose
address only a bot can open, and once more inside that copy; the attachment counts. A card that somebody passes on is named, so that
a message of nothing else is not overlooked.
"""

import re
from collections.abc import Iterator

from adapters.teams.reading import Json, identifier, inside, objects, string
from bot.file import File

MOST = 50
_FILES = frozenset({"application/vnd.microsoft.teams.file.download.info", "reference"})
_CARD = "application/vnd.microsoft.card."
_LONGEST = 40_000
_PICTURE = re.compile(r"<img\s[^<>]{0,2000}>", re.IGNORECASE)
_EMOJI = re.compile(r"schema\.skype\.com/emoji", re.IGNORECASE)


def files_of(activity: Json) -> tuple[File, ...]:
    """Return the attached files, at most 50."""
    attachments = list(objects(activity, "attachments"))
    found = [file for one in attachments if (file := _file(one)) is not None]
    if not any(file.type.startswith("image") for file in found):
        found += [File(name="picture", type="image") for _ in _pasted(attachments)]
    return tuple(found[:MOST])


def _file(attachment: Json) -> File | None:
    kind = string(attachment, "contentType")
    name = " ".join(string(attachment, "name", longest=200).split())
    if kind in _FILES:
        about = identifier(inside(attachment, "content"), "fileType")
        return File(name=name or "file", type=about[:100], link=string(attachment, "contentUrl", longest=2_000))
    if kind.startswith("image/"):
        return File(name=name or "picture", type=kind[:100])
    if kind.startswith(_CARD):
        title = string(inside(attachment, "content"), "title", longest=200)
        return File(name=" ".join((name or title).split()) or "card", type="card")
    return None


def _pasted(attachments: list[Json]) -> Iterator[str]:
    """Give the pictures in the HTML copy of a message; emoji are pictures there too."""
    for one in attachments:
        if string(one, "contentType") == "text/html":
            tags = _PICTURE.findall(string(one, "content", longest=_LONGEST))
            yield from (tag for tag in tags if not _EMOJI.search(tag))
