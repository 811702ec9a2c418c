"""Which bucket a text falls into: a request's kind of work, or what a reply says. In doubt it says `unsure`.

Requests are compared as a whole. Replies are read part by part, because "no, but I did click a link" says two things, and with
negation, because "I have not clicked a link" has every word of its opposite. Questions and hedges ("not sure", "maybe") settle nothing.
"""

import re
from functools import lru_cache

from coworkers.playbook.steps import UNSURE, Bucket
from coworkers.playbook.verdict import SETTLED, UNSETTLED, awaits, plainly_settled, still_fails
from coworkers.similarity import Similarity, Texts
from coworkers.vocabulary import MEANINGS, each
from coworkers.words import fold, stem, terms

KIND_SCORE, KIND_LEAD = 0.09, 0.015
"""What a kind of work must score, and by how much it must lead, to be taken."""
TOLD_SCORE = 0.2
"""The same where the requester is told something at once: a canned note on weak evidence is worse than a second look by triage."""
WINS_SHARE = 0.9
"""A kind of work that wins needs only so much of the best score."""
PART_SCORE, PART_LEAD = 0.22, 0.06
"""The same for a part of a reply."""
WINS_SCORE = 0.115
"""What is enough for a bucket that wins, when the part negates nothing: it is the careful one."""
_KEYWORD_BONUS = 0.25

_PARTS = re.compile(
    r"([.,;:!?\n]+|\s(?:but|however|except|although|though|apart from|other than|"
    r"besides|only that)\s)"
)
_TOKEN = re.compile(r"[a-z0-9']+")
_CLAUSE = re.compile(
    r"^(?:and |then |so |also |only |just )*(?:i|we|my|our|it|he|she|they|there|this|that|these|someone|somebody|something|"
    r"yes|yeah|yep|sure|one|a|an|the|all|everything)\b"
)
"""How a clause of its own begins; what begins otherwise goes on with the list before it: "no links, prompts or redirects"."""
_DONE = re.compile(
    r"\b(got|get|saw|see|had|have|clicked|opened|entered|received|noticed|was|were|came|appeared|keeps?)\b"
)
"""What makes a part more than an entry of a list: "no links, got a prompt"."""
_LISTED = 6
"""Words that an entry of a list has at most."""
_QUESTION = re.compile(
    r"^\W*(what|which|who|why|how|where|when|do you|does|should i|can you|could you|"
    r"may i|can i|is that|is it|are you)\b"
)
_HEDGE = re.compile(
    r"\b(maybe|perhaps|possibly|probably|unsure|not (\w+ )?(sure|certain)|(don'?t|"
    r"do not) (really |quite )?(know|remember|understand)(?! of (any|anything))|"
    r"no idea|no clue|might (have|be)|could be|can'?t (say|tell|remember)|cannot (say|"
    r"tell|remember)|hard to (say|tell)|i guess)\b"
)
_THINGS = frozenset(
    term
    for thing in ("computer", "phone", "email", "account", "room")
    for word in [thing, *MEANINGS[thing].split()]
    for term in terms(word)
)
"""Words for what all kinds of work are about."""
_DENIAL = re.compile(
    r"^\W*(?:(?:no|nope|nah)\W+)?(?:nothing|none|neither|not any)\b(?: (?:of|like|the|that|those|these|them|sort|kind|at|all))*\W*$"
)
"""What denies signs that were asked for, and says nothing about the outcome."""
_FORWARD = each(
    "no not never nor without hardly didn't haven't hasn't hadn't don't doesn't isn't wasn't aren't weren't "
    "can't cannot couldn't won't wouldn't didnt havent hasnt hadnt dont doesnt isnt wasnt arent werent cant "
    "couldnt wont wouldnt ain't aint"
)
"""Negations of what follows in the same part."""
_WHOLE = frozenset({"nothing", "none", "nobody", "neither", "nope", "nah", "zero", "noone"})
"""Negations of everything in the same part."""
_EMPTY = each(
    "a an the i my me we our us it its it's this that these those of to in on at for with and or so as is are "
    "was were be been am i'm i've have had has do did does just"
)


def kind_of_work(text: str, buckets: tuple[Bucket, ...], told: frozenset[str] = frozenset()) -> str:
    """Return the name of the bucket that a request falls into, or `unsure`; those in `told`, which write to the requester, need more."""
    scores = {match.label: match.score for match in _kinds(buckets).rank(text)}
    for bucket in buckets:
        if any(_mentions(text, keyword) for keyword in bucket.keywords):
            scores[bucket.name] += _KEYWORD_BONUS
    for bucket in buckets:
        if bucket.name in told and _names_only_things(text, bucket):
            scores[bucket.name] = 0.0
    best = max(scores.values(), default=0.0)
    serious = [b.name for b in buckets if b.wins and scores[b.name] >= max(KIND_SCORE, WINS_SHARE * best)]
    if len(serious) == 1:
        return serious[0]
    found = _best(scores, KIND_SCORE, KIND_LEAD)
    return UNSURE if found in told and scores.get(found, 0.0) < TOLD_SCORE else found


def _names_only_things(text: str, bucket: Bucket) -> bool:
    """Tell whether a text has nothing in common with a kind of work but a thing ("laptop"), and says something else about it."""
    said = set(terms(text))
    shared = said & {term for example in (*bucket.examples, *bucket.keywords) for term in terms(example)}
    return (
        shared <= _THINGS
        and (still_fails(text) or not said <= shared)
        and not any(_mentions(text, keyword) for keyword in bucket.keywords)
    )


def kind_of_reply(text: str, buckets: tuple[Bucket, ...]) -> str:
    """Return the name of the bucket that a reply falls into, or `unsure`."""
    found = {name for part in _parts(text) if (name := _part(part, buckets)) != UNSURE}
    found = _by_outcome(text, found, buckets)
    winners = [bucket.name for bucket in buckets if bucket.wins and bucket.name in found]
    if len(winners) == 1:
        return winners[0]
    if len(found) != 1 or _HEDGE.search(fold(text)):
        return UNSURE
    return next(iter(found))


def _by_outcome(text: str, found: set[str], buckets: tuple[Bucket, ...]) -> set[str]:
    """Let failing words outweigh similarity, where the question is whether it is settled; a bare "nothing like that" does not answer it."""
    names = {bucket.name for bucket in buckets}
    if not names & SETTLED:
        return found
    if _DENIAL.match(fold(text)):
        return set()
    if _HEDGE.search(fold(text)):
        return found
    if plainly_settled(text):
        return names & SETTLED
    if not still_fails(text):
        return found - SETTLED if awaits(text) else found
    careful = any(bucket.wins and bucket.name in found for bucket in buckets)
    return found - SETTLED if careful else (found - SETTLED) | (names & UNSETTLED)


def _part(part: str, buckets: tuple[Bucket, ...]) -> str:
    if _QUESTION.search(part) or part.endswith("?"):
        return UNSURE
    negated = any(token in _FORWARD | _WHOLE for token in _TOKEN.findall(part))
    for bucket in buckets:
        if not negated and any(_mentions(part, keyword) for keyword in bucket.keywords):
            return bucket.name
    ranked = _replies(buckets).rank(part)
    wins = {bucket.name for bucket in buckets if bucket.wins}
    if ranked and not negated and ranked[0].label in wins and ranked[0].score >= WINS_SCORE:
        return ranked[0].label
    return _best({match.label: match.score for match in ranked}, PART_SCORE, PART_LEAD)


def _best(scores: dict[str, float], least: float, lead: float) -> str:
    ranked = sorted(scores.items(), key=lambda pair: -pair[1])
    if not ranked or ranked[0][1] < least:
        return UNSURE
    if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < lead:
        return UNSURE
    return ranked[0][0]


def _parts(text: str) -> list[str]:
    pieces = _PARTS.split(fold(text))
    marks = [*pieces[1::2], ""]
    parts: list[str] = []
    listed = False
    for piece, mark in zip(pieces[::2], marks, strict=True):
        part = piece.strip()
        if not part:
            continue
        tokens = _TOKEN.findall(part)
        if listed and len(tokens) <= _LISTED and not _CLAUSE.match(part) and not _DONE.search(part):
            part = f"not {part}"
        parts.append(f"{part}{'?' if '?' in mark else ''}")
        negated = any(token in _FORWARD | _WHOLE for token in tokens)
        listed = mark.strip() == "," and ((negated and len(tokens) > 1) or part.startswith("not "))
    return parts


def _mentions(text: str, keyword: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(fold(keyword))}(?!\w)", fold(text)) is not None


def polar(text: str) -> list[str]:
    """Return a part's stems, those under a negation marked; short answers stay whole."""
    tokens = _TOKEN.findall(fold(text))
    whole = any(token in _WHOLE for token in tokens)
    found, negated = [], whole
    for token in tokens:
        if token in _FORWARD or token in _WHOLE:
            negated = True
            found.append("!")
        elif token not in _EMPTY and (stemmed := stem(token)):
            found.append(f"!{stemmed}" if negated else stemmed)
    return found


@lru_cache(maxsize=256)
def _kinds(buckets: tuple[Bucket, ...]) -> Similarity:
    return Similarity(
        {b.name: Texts(examples=(*b.examples, *b.keywords), about=(b.name.replace("-", " "),)) for b in buckets}
    )


@lru_cache(maxsize=256)
def _replies(buckets: tuple[Bucket, ...]) -> Similarity:
    return Similarity({b.name: Texts(examples=tuple(p for e in b.examples for p in _parts(e))) for b in buckets}, polar)
