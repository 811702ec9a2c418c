"""What a message to the front door says on its surface: a question about a request's progress, how urgent, several problems at once.

Pure functions over text. Who decides what follows is `frontdoor`.
"""

import re

from bot.mail import Priority
from coworkers.words import fold, terms, words

NUMBER = re.compile(r"\b[A-Z]{2,5}-\d{1,9}\b", re.IGNORECASE)
_STATUS = re.compile(
    r"\bany (update|news|progress|movement)\b|\b(status|state|update|progress) (of|"
    r"on|for|about) (my|the|this|that|it|all|our|[a-z]{2,5}-\d+)\b"
    r"|\bwhat('?s| is| are)?( the)? (status|state)\b|\bhow (is|are|'s) (my|the) (\w+ )?(request|"
    r"ticket|case|issue)s?\b"
    r"|\b(show|list|see|what are|which are|where are|where is|where's|check) (me )?(all )?my (\w+ )?(requests?|"
    r"tickets?|cases?)\b|^\W*my (open )?(requests|tickets)\W*$"
    r"|\b(what|anything) ('?s |is )?(happening|going on|new) (with|on) (my|the|"
    r"that|this) (\w+ )?(request|ticket|case)\b|^\W*status\W*$"
    r"|\bwhen (will|is|are) (it|this|that|my (request|ticket|case)) (going to )?(be )?(done|"
    r"fixed|ready|solved|resolved|finished|worked on)\b"
    r"|\b(is|are) (anyone|somebody|someone) (already )?(working on|looking at|"
    r"looking into) (it|this|that|my)\b|\bstill waiting (for|on) (an )?(answer|"
    r"reply|response|update|news)\b"
)
_LOW = re.compile(
    r"\b(no (rush|hurry)|not urgent|isn'?t urgent|whenever|when you (have|find|"
    r"get) (a |some )?(time|moment)|low priority|nice to have)\b"
)
_URGENT = re.compile(
    r"\b(urgent(ly)?|asap|a\.s\.a\.p|as soon as possible|immediately|emergency|"
    r"right now|critical|outage|ransom(ware)?|stolen|hacked|fire|smoke|gas|injured|"
    r"hurt myself|bleeding|flood(ed|ing)?|"
    r"(lift|elevator)\b.*\bstuck with|stuck in the (lift|elevator)|(cannot|can'?t|unable to) work( at all)?|(whole|"
    r"entire) (team|office|floor|department|company)|nobody can|no one can|production is down|"
    r"clicked (on )?(a|the) (phishing )?link)\b"
)
_HIGH = re.compile(
    r"\b(today|tonight|this (morning|afternoon)|in (an|one|two|half an) hours?|"
    r"deadline|presentation|board meeting|important|blocked|blocking|client is waiting)\b"
)
_GREETING = re.compile(
    r"^\W*((hi|hello|hey|hiya|dear|good (morning|afternoon|evening)|greetings|"
    r"moin)\b( (there|all|team|everyone|atom|it|hr|folks|guys|support))*[\s,.!:-]*)+",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"^\W*(also|and also|another thing|another problem|by the way|btw|additionally|"
    r"besides|on top of that|second(ly)?|separately|one more thing|plus|furthermore|"
    r"apart from that|oh and)\b[\s,:]*",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"(?<=[.!?;])\s+|\n+|(?:,|\s)\s*(?=(?:and also|and i also|also,|oh and|another thing|additionally)\b)",
    re.IGNORECASE,
)
_AND = re.compile(r",?\s+and\s+(?=(?:my|the|our|i|can|could|please|there|we)\b)", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-*\u2022]|\(?\d{1,2}[.)])\s+")
_YES_NO = re.compile(
    r"^\W*(yes|yeah|yep|yup|no|nope|nah|none|nothing|neither|not|correct|right|"
    r"exactly|sure|ok|okay|done|still|i did|i have|i haven'?t|i tried|it (is|"
    r"was|started|began|works|still|did|says|shows|said|only|happens|just)|that|same|only|all of)\b"
)
_NEW = re.compile(
    r"\b(new (request|ticket|problem|issue|question)|another (problem|issue|question|"
    r"request|thing|matter)|different (problem|issue|matter|topic)|something else|"
    r"separate(ly)?|unrelated|by the way|btw)\b"
)
_TITLE = 80


def asks_for_status(text: str) -> bool:
    """Tell whether somebody asks how a request is going."""
    return _STATUS.search(fold(text)) is not None


def number_in(text: str) -> str:
    """Return the request number that a message names, upper case; empty when there is none."""
    match = NUMBER.search(text)
    return match[0].upper() if match else ""


def priority_of(text: str) -> Priority:
    """Return how urgent it sounds."""
    plain = fold(text)
    if _LOW.search(plain):
        return "low"
    if _URGENT.search(plain) or "=steal" in terms(text):
        return "urgent"
    return "high" if _HIGH.search(plain) else "normal"


def title_of(text: str) -> str:
    """Return a title: the first sentence that says something, without the greeting, at most 80 characters."""
    bare = _GREETING.sub("", text.strip()) or text.strip()
    sentences = [part.strip() for part in re.split(r"(?<=[.!?])\s+|\n+", bare) if part.strip()]
    telling = next((sentence for sentence in sentences if terms(sentence)), sentences[0] if sentences else "Request")
    plain = _ASIDE.sub("", _BULLET.sub("", telling)).strip().rstrip(".!") or telling
    title = plain if len(plain) <= _TITLE else plain[: _TITLE - 1].rsplit(" ", 1)[0] + "…"
    return title[:1].upper() + title[1:]


def parts_of(text: str) -> list[str]:
    """Return the sentences, lines and list entries of a message that say something, in order."""
    bare = _GREETING.sub("", text.strip())
    found = []
    for piece in _SPLIT.split(bare):
        for part in _AND.split(piece):
            plain = _BULLET.sub("", part).strip()
            if plain and terms(plain):
                found.append(plain)
    return found


def begins_anew(part: str) -> bool:
    """Tell whether a part says itself that it is another matter."""
    return _ASIDE.match(part) is not None or _BULLET.match(part) is not None


def sounds_like_reply(text: str) -> bool:
    """Tell whether a message reads like an answer to something."""
    return _YES_NO.search(fold(text)) is not None


def names_new_matter(text: str) -> bool:
    """Tell whether a message says itself that it is about something else."""
    return _NEW.search(fold(text)) is not None


def shared(text: str, other: str) -> float:
    """Return which part of the telling words of `text` is in `other` too, 0 to 1."""
    mine, theirs = set(terms(text)), set(terms(other))
    return len(mine & theirs) / len(mine) if mine else 0.0


def is_short(text: str, limit: int = 12) -> bool:
    """Tell whether a message has at most `limit` words."""
    return len(words(text)) <= limit
