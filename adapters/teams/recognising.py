"""Tells whether a message that Graph gives back is the post of a reply: by the reply's id in its buttons, else by its words.

The service keeps no metadata of a bot's and gives back other markup, entities and line breaks than were posted, so that of the words only
letters and digits are compared. Of a reply that has none (a picture, say) nobody can tell. Purely, and never failing on what was read.
Source: learn.microsoft.com/graph/api/resources/chatmessageattachment (`content` is a string that holds the card as JSON).
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from adapters.teams import cards
from adapters.teams.reading import Json, inside, objects, parse, string
from bot.errors import PermanentError
from bot.ids import ReplyId
from bot.reply import Reply
from bot.wording.delivery import twice
from bot.wording.posts import Words

_TAG = re.compile(r"<[^<>]*>")
_LONGEST = 500_000
_SAID = frozenset({"TextRun", "TextBlock"})


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the post of a reply looks like."""

    reply: ReplyId
    letters: str

    @classmethod
    def of(cls, reply: Reply, words: Words) -> Self:
        """Return how `reply` is recognised; `PermanentError` when its words are no letters and digits at all."""
        activity = cards.activity(reply, words)
        said = letters(string(activity, "text", longest=_LONGEST)) + "".join(map(_said, _cards(activity)))
        if not said:
            raise PermanentError("A post without words cannot be told from another: look before it is sent again.")
        return cls(reply=reply.id, letters=said)

    def is_(self, message: Json) -> bool:
        """Tell whether a message carries this reply's id."""
        return self.reply in _replies(message)

    def alike(self, message: Json) -> bool:
        """Tell whether a message that carries nobody's id has the same words, or those of the same reply posted once more."""
        if _replies(message):
            return False
        found = letters(string(inside(message, "body"), "content", longest=_LONGEST)) + "".join(
            map(_said, _cards(message))
        )
        return found in {self.letters, self.letters + letters(twice())}


def letters(said: str) -> str:
    """Return the letters and digits that are read in HTML."""
    plain = unicodedata.normalize("NFKC", html.unescape(_TAG.sub("", said)))
    return "".join(filter(str.isalnum, plain)).casefold()


def _cards(document: Json) -> Iterator[Json]:
    """Give the cards of an activity, or of a message of Graph's, where each is a string."""
    for attachment in objects(document, "attachments"):
        if string(attachment, "contentType") == cards.CARD:
            yield inside(attachment, "content") or parse(string(attachment, "content", longest=_LONGEST)) or {}


def _said(card: Json) -> str:
    return "".join(
        letters(html.escape(string(node, "text", longest=_LONGEST)))
        for node in _nodes(card.get("body"))
        if string(node, "type") in _SAID
    )


def _replies(document: Json) -> set[str]:
    """Return the ids of the replies that the buttons of its cards name."""
    found = (string(inside(node, "data"), "reply") for card in _cards(document) for node in _nodes(card))
    return {reply for reply in found if reply}


def _nodes(document: object) -> Iterator[Json]:
    """Give every object of a JSON document, outer ones first."""
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            yield node
            waiting.extend(reversed(list(node.values())))
        elif isinstance(node, list):
            waiting.extend(reversed(node))
