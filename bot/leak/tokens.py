"""Finds the tokens of a private text that give something away even alone.

Ids, host names, process names, hashes, canaries, addresses, paths and amounts are recognised by their shape: digits among letters, dots,
underscores, an `@`, capitals with hyphens, a currency. Dates, times, versions and quantities have digits too and are no secret. A
token that looks like an ordinary word cannot be recognised this way.
"""

import re

from bot.leak.folding import compact, folded
from bot.leak.ordinary import ORDINARY, ORDINARY_NAMES

SHORTEST = 5
"""Compact characters that a token needs to be looked for at all."""
LONGEST = 100
"""Compact characters by which a longer token is looked for."""
_SHORTEST_PIN = 4

_RAW = re.compile(r"[^\s\"'`<>(){}\[\],;|\u2018\u2019\u201c\u201d]+")
_EDGES = ".:!?*_~-\u2026#=/\\&"
_INNER = re.compile(r"[/\\?&=:@#]+")
_DATE_OR_TIME = re.compile(
    r"(?:\d{4}-\d\d?-\d\d?(?:t[\d:.]+z?)?|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:am|pm)?|(?:19|20)\d\d)"
)
_VERSION = re.compile(r"v?\d{1,4}(?:\.\d{1,5}){1,2}")
_QUANTITY = re.compile(
    r"[~+-]?\d+(?:[.,]\d+)*(?:[kmgt]?i?b|[kmgt]?bps|[kmgt]?b/s|ms|s|secs?|mins?|hrs?|h|d|days?|w|weeks?|x|st|nd|rd|th|am|pm|px|p|k|m"
    r"|[kmg]?hz|%|mm|cm|in|inch|v|pct|times|users?|years?|hours?|minutes?|seconds?)"
)
_RANGE = re.compile(r"\d{1,3}(?:[-/x]\d{1,3})+")
_IP = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?")
_DOTTED = re.compile(r"[^\W_][\w-]*(?:\.[^\W_][\w-]+)+")
_CAPITALS = re.compile(r"[A-Z0-9]{2,}(?:[-_][A-Z0-9]{2,})+")
_HUMPS = re.compile(r"[a-z][A-Z]")
_NUMBER = re.compile(r"\d[\d,. \u00a0]*")
_AMOUNT = re.compile(
    r"(?:[$\u00a3\u20ac\u00a5]|\b(?:usd|gbp|eur|chf|inr)\s?)(\d[\d,.]*)|(?<![\d,.])(\d[\d,.]*)\s?(?:usd|gbp|eur|chf|inr|dollars|pounds|euros?)\b",
    re.IGNORECASE,
)


def telling_tokens(cleaned: str) -> frozenset[str]:
    """Return, compact, the tokens of a clean text that give something away even alone."""
    found: set[str] = set()
    for match in _RAW.finditer(cleaned):
        raw = match[0].strip(_EDGES)
        if raw.isalpha() and (raw.islower() or raw.istitle()):
            continue
        pieces = [raw, *_INNER.split(raw)] if _INNER.search(raw) else [raw]
        found.update(compact(folded(piece)) for piece in pieces if _tells(piece.strip(_EDGES)))
    return frozenset(token[:LONGEST] for token in found)


def amounts(cleaned: str) -> frozenset[str]:
    """Return the amounts of money in a clean text, as plain digits."""
    return frozenset(_plain(match[1] or match[2]) for match in _AMOUNT.finditer(cleaned)) - {""}


def numbers(cleaned: str) -> frozenset[str]:
    """Return all numbers of a clean text that have four digits or more, as plain digits."""
    return frozenset(plain for match in _NUMBER.finditer(cleaned) if len(plain := _plain(match[0])) >= _SHORTEST_PIN)


def _plain(number: str) -> str:
    return re.sub(r"[.,]\d\d$", "", number.strip(" ,.\u00a0")).replace(",", "").replace(".", "").replace(" ", "")


def _tells(token: str) -> bool:
    lower = folded(token)
    if lower in ORDINARY or lower in ORDINARY_NAMES or compact(lower) in ORDINARY_NAMES or not _long_enough(lower):
        return False
    if any(character.isdigit() for character in lower):
        return _tells_with_digits(lower)
    if "@" in token or "_" in token:
        return True
    if _DOTTED.fullmatch(token):
        return len(token) > 2 * SHORTEST or token.count(".") > 1
    capitals = _CAPITALS.fullmatch(token) is not None and len(token) >= 2 * SHORTEST
    return capitals or (len(_HUMPS.findall(token)) > 1 and len(token) >= 2 * SHORTEST)


def _long_enough(lower: str) -> bool:
    size = len(compact(lower))
    return size >= SHORTEST or (size == _SHORTEST_PIN and lower.isdecimal())


def _tells_with_digits(lower: str) -> bool:
    if _IP.fullmatch(lower):
        return True
    if any(shape.fullmatch(lower) for shape in (_DATE_OR_TIME, _VERSION, _QUANTITY, _RANGE)):
        return False
    digits = lower.replace(",", "").replace(".", "")
    return not (digits.isdecimal() and digits.endswith("0") and len(digits) <= SHORTEST)
