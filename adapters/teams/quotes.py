"""What a message says to quote: chats have no threads, so people answer a message by quoting it.

Teams tells it in two ways. Of late an entity names the message, and a tag stands in the text where the quote is shown. Else the HTML
copy of the message holds a block with the quoted message's id, its writer and its beginning, and both of these also stand at the
beginning of the text, with nothing between them and the writer's own words; there they are taken out again. (Documentation of
the Teams SDK, quoted replies; `chatMessage: replyWithQuote` of Microsoft Graph.)
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from adapters.teams.markup import plain
from adapters.teams.reading import Json, identifier, inside, objects, parse, storable, string

MOST = 10
"""Messages that one message can quote, as many as Teams lets one quote."""
_LONGEST = 40_000
_REPLY = "schema.skype.com/reply"
_ID = re.compile(r'\sitemid="([^"<>]{1,200})"', re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Block:
    """A quote as the HTML copy shows it."""

    key: str
    """The quoted message's id; empty where it is not named."""
    text: str
    """Its writer and its beginning, as plain text."""


def quotes_of(activity: Json) -> tuple[str, ...]:
    """Return the ids of the messages that `activity` says to quote, each once; the sender's client names them."""
    named = [identifier(inside(entity, "quotedReply"), "messageId") for entity in _entities(activity)]
    referred = [_referred(one) for one in objects(activity, "attachments") if _is(one, "messageReference")]
    shown = [block.key for block in _blocks(activity)]
    return tuple(dict.fromkeys(key for key in (*named, *referred, *shown) if key))[:MOST]


def own_words(text: str, activity: Json) -> str:
    """Return the plain `text` of an activity without the quotes that stand at its beginning."""
    if any(_entities(activity)):
        return text
    for block in _blocks(activity):
        text = _behind(text, block.text)
    return text


def _entities(activity: Json) -> Iterator[Json]:
    return (entity for entity in objects(activity, "entities") if entity.get("type") == "quotedReply")


def _is(attachment: Json, kind: str) -> bool:
    return string(attachment, "contentType") == kind


def _referred(attachment: Json) -> str:
    """Return the id in a reference to a message, whose content is JSON in a string."""
    content = attachment.get("content")
    about = parse(content[:_LONGEST]) if isinstance(content, str) else None
    return identifier(about or inside(attachment, "content"), "messageId") or identifier(attachment, "id")


def _blocks(activity: Json) -> list[Block]:
    html = [
        string(one, "content", longest=_LONGEST) for one in objects(activity, "attachments") if _is(one, "text/html")
    ]
    return [block for content in html for block in _blocks_in(content)]


def _blocks_in(html: str) -> Iterator[Block]:
    folded, at = html.lower(), 0
    while (start := folded.find("<blockquote", at)) >= 0:
        inner = folded.find(">", start) + 1
        end = folded.find("</blockquote>", inner)
        if not inner or end < 0:
            return
        if _REPLY in folded[start:inner]:
            found = _ID.search(html[start:inner])
            yield Block(key=storable(found[1]) if found else "", text=plain(html[inner:end], ()))
        at = end


def _behind(text: str, quote: str) -> str:
    """Return what follows `quote` at the beginning of `text`, spaces apart; all of it where it does not begin so."""
    wanted, matched = "".join(quote.split()), 0
    for place, char in enumerate(text):
        if matched == len(wanted):
            return text[place:].strip()
        if char.isspace():
            continue
        if char != wanted[matched]:
            return text
        matched += 1
    return "" if matched == len(wanted) else text
