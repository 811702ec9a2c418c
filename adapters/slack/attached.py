"""Files as Slack describes them, in messages and in forms: recorded, not fetched."""

from adapters.slack.payload import Json, identifier, parts, text
from bot.file import File

_NAME_LIMIT, _LINK_LIMIT, _SIZE_LIMIT = 255, 2_000, 2**53


def attached(document: Json, limit: int = 50) -> tuple[File, ...]:
    """Return the files in the list at `files`, at most `limit`."""
    return tuple(_file(item) for item in parts(document, "files", limit))


def _file(item: Json) -> File:
    size = item.get("size")
    return File(
        name=text(item, "name", _NAME_LIMIT) or text(item, "title", _NAME_LIMIT) or "unnamed file",
        type=text(item, "mimetype", _NAME_LIMIT),
        size=size if isinstance(size, int) and 0 <= size < _SIZE_LIMIT else None,
        link=text(item, "permalink", _LINK_LIMIT),
        key=identifier(item, "id"),
    )
