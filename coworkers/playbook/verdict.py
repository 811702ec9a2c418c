"""What a reply says about the outcome, whatever else it says: that it still fails, that it is settled, that it is withdrawn.

Similarity alone took "it crashed again" for "it works again", because both share most of their words. These patterns are looked at beside
it, and a failing word outweighs a kind one: a request that is closed too early costs more than a question too many.
A failure that is denied ("no longer slow"), over ("the error is gone") or past ("it was stuck") does not count.
"""

import re

from coworkers.words import fold

SETTLED = frozenset({"solved", "fine"})
"""Names of `replies` that mean: it works, or is answered."""
UNSETTLED = frozenset({"not-solved", "wrong"})
"""Names of `replies` that mean the opposite."""

_FAIL = (
    r"(?:crash\w*|broke|broken|breaks?|breaking|fail\w*|errors?|slow|slowly|slower|sluggish|stuck|froze|frozen|freez\w*|"
    r"hangs?|hanging|hung|lag|laggy|lags|lagging|worse|dead|wrong|disconnect\w*|drops|dropped|dropping|flicker\w*|"
    r"problems?|issues?|trouble|unusable|useless|unsolved|unresolved|blocked|locked)"
)
_NO = r"(?:\b(?:not|never|cannot|cant|neither|nothing|none|no|hardly|dont|doesnt|didnt|isnt|wasnt|wont|hasnt|havent|barely)\b|n't\b)"
_GOOD = (
    r"(?:work\w*|help\w*|fix\w*|solv\w*|resolv\w*|start\w*|open\w*|connect\w*|load\w*|better|chang\w*|gone|good|done|print\w*|"
    r"sync\w*|possible|respond\w*|faster|arriv\w*|success\w*|luck|difference|improv\w*|effect|turn\w*|boot\w*|fine|okay|ok|sign|log)"
)
_DENIED_GOOD = re.compile(
    rf"{_NO}\s+(?:\w+\s+){{0,2}}{_GOOD}\b(?! (?:mind|worr|problem|since|anything))|\b(?:can'?t|cannot|couldn'?t) \w+"
)
_DONE_WITH = (
    rf"(?:{_NO}|\bno longer|\bno more|\bwithout|\bstopped|\bstops)\s+(?:[\w']+\s+){{0,2}}{_FAIL}\b"
    rf"|\b{_FAIL}(?:\s+\w+){{0,3}}\s+(?:gone|fixed|solved|resolved|over|vanished|disappeared|went away)\b"
    rf"|\b(?:fixed|solved|resolved|cured)\s+(?:\w+\s+){{0,2}}{_FAIL}\b"
)
_OVER = re.compile(rf"{_DONE_WITH}|\b(?:was|were|had been|used to be)\s+(?:\w+\s+){{0,2}}{_FAIL}\b|\bno problem\b")
_SETTLED = re.compile(
    r"^\W*(?:(?:yes|yeah|yep|great|super|perfect|thanks|thank you|ok|okay|and|now|so|hi|hello|well|right)\b\W*)*"
    r"(?:(?:it|that|this|everything|all|mine|the \w+|things)\b ?)?(?:(?:is|'s|has|are|does|did|still|now|all|been) ?)*"
    rf"(?:works?|worked|working|solved|fixed|sorted|resolved|gone)\b(?: \w+){{0,3}}\W*$|{_DONE_WITH}"
)
_AWAITED = re.compile(
    r"\b(?:when|once|until|till|if|hope|hopefully|want|need|needs|get|please|should|must|can you|could you|not)\b"
    r"|n't (?:\w+ )?(?:works?|worked)"
)
_FAILS = re.compile(rf"\b{_FAIL}\b")
_STILL = re.compile(r"\bstill\b(?! (?:work|fine|good|ok|running|fast|great|solved|better|up)\w*)")
_RETURNED = re.compile(
    r"\b(?:is|are|it'?s|came|comes|come|coming|problem|issue|error|and|now|right)\s+back\b(?! (?:to (?:normal|work)|online|up|in|on)\b)"
    r"|\breturned\b|\b(?:re-?open|not over)\b|\bsame (?:\w+ )?(?:again|problem|issue|error|thing|story|message|as before)\b"
    r"|\b(?:did|does|do|doing|done|happen\w*|start\w*|began|begun|begins|appear\w*|went|gone|goes|stopp\w*|there|have|has|got|see\w*|"
    r"off|down|today|yesterday) (?:it |this |that |the \w+ |off |down |out )?again\b|^\W*(?:and )?again\W*$|\bonce (?:more|again)\b"
)
_WITHDRAWN = re.compile(
    r"\bcancel (?:this|that|it|my|the|our)\b|^\W*(?:please |pls )?cancel\W*(?:please)?\W*$"
    r"|\bnever ?mind\b|\bforget (?:about )?(?:it|this|that)\b"
    r"|\b(?:no longer|don'?t) need (?:it|this|that|help|anything|any help)\b|\bnot needed any ?more\b|\b(?:is|'s) no longer needed\b"
    r"|\b(?:withdraw|drop|scrap) (?:this|that|it|my|the)\b|\bplease (?:stop|abandon) (?:this|that|it|my|the)\b"
)
_CLAUSE = re.compile(r"[.,;!\n]+|\s(?:but|however|although|though|except|yet)\s")
_HOPED = re.compile(
    rf"\b(?:when|once|until|till|if|hope|hopefully|whether|should|must|can you|could you|want it|need it|get it) (?:\w+ ){{0,3}}{_GOOD}\b"
)


def still_fails(text: str) -> bool:
    """Tell whether some part of a reply says that something fails, still or again."""
    return any(_fails(part) for part in _CLAUSE.split(fold(text)))


def plainly_settled(text: str) -> bool:
    """Tell whether a part says in so many words that it works, or that the trouble is over, and no part says otherwise."""
    if still_fails(text) or "?" in text:
        return False
    return any(_SETTLED.search(part.strip()) and not _AWAITED.search(part) for part in _CLAUSE.split(fold(text)))


def awaits(text: str) -> bool:
    """Tell whether a good end is hoped or asked for, and not reported."""
    return _HOPED.search(fold(text)) is not None


def comes_back(text: str) -> bool:
    """Tell whether a text says that what was over has begun again, or was never over."""
    plain = fold(text)
    return _RETURNED.search(plain) is not None or _STILL.search(plain) is not None or _again(plain)


def withdraws(text: str) -> bool:
    """Tell whether somebody takes back what they asked for."""
    return _WITHDRAWN.search(fold(text)) is not None and not still_fails(text)


def _fails(part: str) -> bool:
    if part.endswith("?"):
        return False
    if _DENIED_GOOD.search(part) or _STILL.search(part) or _RETURNED.search(part):
        return True
    return _FAILS.search(_OVER.sub(" ", part)) is not None


def _again(plain: str) -> bool:
    return re.search(r"\bagain\b", plain) is not None and still_fails(plain)
